// A worker that starts Python once more, keeps its fresh memory for the next visit, and ends. By then all parts are in
// the browser's own cache. Pyodide's option for this is a private one, so the engine that answers never uses it.
import { gather, importEngine, startPython } from './boot.js';
import { keepSnapshot } from './snapshot.js';

keep().then(() => postMessage('kept'), (error) => postMessage(String(error))).finally(() => self.close());

async function keep() {
  const parts = gather();
  const python = await startPython(parts, { _makeSnapshot: true });
  await importEngine(python, parts);
  python.runPython('import gc; gc.collect()');
  await keepSnapshot(python.makeMemorySnapshot());
}
