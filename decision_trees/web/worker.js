// Pyodide with the engine in it. Only texts cross into Python and back.
import { PYODIDE } from './config.js';

const base = new URL(PYODIDE, import.meta.url).href;
/** @type {Map<string, Promise<void>>} */
const loads = new Map();

const started = start();
started.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

async function start() {
  const [{ loadPyodide }, pack] = await Promise.all([import(`${base}pyodide.mjs`), fetchBytes(new URL('./engine.zip', import.meta.url))]);
  // Pyodide waits for ever if its wasm can't be had, so that is asked for first.
  const wasm = await fetch(`${base}pyodide.asm.wasm`, { method: 'HEAD' });
  if (!wasm.ok) throw new Error(`pyodide.asm.wasm answered ${wasm.status}`);
  const python = await loadPyodide({ indexURL: base, env: { HOME: '/' } });
  python.FS.writeFile('/engine.zip', pack);
  python.runPython("import sys; sys.path.insert(0, '/engine.zip')");
  return python.pyimport('decision_trees.runtime.browser');
}

self.addEventListener('message', async ({ data: { id, call, tree, url, trees, text } }) => {
  try {
    const python = await started;
    const wanted = Object.entries(trees ?? {}).map(([name, from]) => once(name, () => load(python.load, name, from)));
    if (url) wanted.push(once(trees ? `compare ${tree}` : tree, () => load(trees ? python.load_comparison : python.load, tree, url)));
    await Promise.all(wanted);
    postMessage({ id, text: python[call](tree, text) });
  } catch (error) {
    loads.clear();
    postMessage({ id, error: String(error) });
  }
});

function once(name, make) {
  if (!loads.has(name)) loads.set(name, make());
  return loads.get(name);
}

async function load(take, name, url) {
  take(name, new TextDecoder().decode(await fetchBytes(url)));
}

async function fetchBytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
