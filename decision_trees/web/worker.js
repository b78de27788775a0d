// Pyodide with the engine in it. Only texts cross into Python and back.
import { gather, importEngine, startPython } from './boot.js';

/** @type {Map<string, Promise<void>>} */
const loads = new Map();

const started = start();
started.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

async function start() {
  const parts = gather();
  return importEngine(await startPython(parts), parts);
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
