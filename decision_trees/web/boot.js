// Pyodide with the engine in it, as soon as the browser can have it: all that is needed is asked for at once,
// and Pyodide is given what has come instead of asking for one thing after the other.
import { LOCK, PARTS } from './config.js';

/** @typedef {{load(name: string, text: string): void, [call: string]: (...texts: string[]) => any}} Engine  its functions in Python */
/**
 * @typedef {object} Parts  all on their way
 * @property {Promise<WebAssembly.Module>} wasm
 * @property {Promise<any>} scripts  Pyodide imports them too and must not wait for these first: Chromium keeps the compiled form of what
 *   has run by the first pause
 * @property {Promise<any>} loader
 * @property {Promise<Uint8Array>} stdlib
 * @property {Promise<Uint8Array>} engine
 */
/** @typedef {{done: number, total: number}} Progress  in bytes as they travel */

const place = (name) => new URL(PARTS[name].url, import.meta.url).href;

/**
 * Ask for everything.
 * @param {(progress: Progress) => void} [report]  told each time that something has come
 * @param {Promise<boolean>} [isHere]  whether it is in the browser's cache: then nobody waits, and nothing is counted, which takes time
 * @returns {Parts}
 */
export function gather(report = () => {}, isHere = Promise.resolve(false)) {
  const count = counter(report);
  const fetchBytes = async (name) => readWhole(name, await fetchPart(name), await isHere ? null : count);
  const parts = {
    wasm: Promise.all([fetchPart('wasm'), isHere]).then(([response, isQuick]) => compile(response, isQuick ? null : count)),
    scripts: import(place('scripts')),
    loader: import(place('loader')),
    stdlib: fetchBytes('stdlib'),
    engine: fetchBytes('engine'),
  };
  for (const part of Object.values(parts)) part.catch(() => {}); // whoever waits for it will hear of it
  return parts;
}

/**
 * Start Python.
 * @param {Parts} parts
 * @param {Record<string, any>} [more]  further options of Pyodide
 */
export async function startPython(parts, more = {}) {
  const takeBack = lend(parts);
  try {
    // Pyodide never ends waiting for a part that does not come.
    const failure = Promise.all(Object.values(parts)).then(() => new Promise(() => {}));
    const python = parts.loader.then(({ loadPyodide }) => loadPyodide({
      indexURL: new URL('.', place('wasm')).href, packageBaseUrl: new URL('.', place('wasm')).href,
      stdLibURL: place('stdlib'), lockFileContents: LOCK, env: { HOME: '/' }, ...more,
    }));
    return await Promise.race([python, failure]);
  } finally {
    takeBack();
  }
}

/**
 * Start Python from a memory that was kept. Its chances are drawn anew, or they would repeat at every visit.
 * @param {Parts} parts
 * @param {Promise<Uint8Array>} snapshot
 */
export async function restorePython(parts, snapshot) {
  snapshot.catch(() => {}); // Pyodide, which waits for it, will tell
  const python = await startPython(parts, { _loadSnapshot: snapshot });
  python.runPython('import random; random.seed()');
  return python;
}

/**
 * Bring the engine into Python.
 * @param {any} python
 * @param {Parts} parts
 * @returns {Promise<Engine>}
 */
export async function importEngine(python, parts) {
  python.FS.writeFile('/engine.zip', await parts.engine);
  python.runPython("import sys\nif '/engine.zip' not in sys.path: sys.path.insert(0, '/engine.zip')");
  python.pyimport('methods');
  return python.pyimport('decision_trees.runtime.browser');
}

async function fetchPart(name) {
  const response = await fetch(place(name), { cache: 'force-cache' }); // its name holds its hash
  if (!response.ok) throw new Error(`${PARTS[name].url} answered ${response.status}`);
  return response;
}

/** Compile while it comes. A server that sends wasm under a wrong type makes it slower, not impossible. */
async function compile(response, count) {
  if (response.headers.get('content-type')?.toLowerCase() !== 'application/wasm') return WebAssembly.compile(await readWhole('wasm', response, count));
  if (count) read('wasm', response.clone(), count).catch(() => {});
  return WebAssembly.compileStreaming(response);
}

async function readWhole(name, response, count) {
  const { url, size } = PARTS[name];
  const bytes = new Uint8Array(size);
  let length = 0;
  await read(name, response, count, (piece) => {
    if (length + piece.length <= size) bytes.set(piece, length);
    length += piece.length;
  });
  if (length !== size) throw new Error(`${url} came with ${length} of ${size} bytes`);
  return bytes;
}

/** Read a part piece by piece, and count its bytes as they come. */
async function read(name, response, count, keep = (piece) => {}) {
  const length = Number(response.headers.get('content-length')) || 0;
  let done = 0;
  for (const reader = response.body.getReader(); ;) {
    const { value, done: isEnd } = await reader.read();
    if (isEnd) return;
    keep(value);
    count?.(name, done += value.length, length);
  }
}

/** Add up what has come, as it travels: compressed, where the server compresses. The scripts, a twentieth of it, can't be watched. */
function counter(report) {
  const come = Object.fromEntries(['wasm', 'stdlib', 'engine'].map((name) => [name, { done: 0, size: PARTS[name].size, travels: PARTS[name].size }]));
  return (name, done, length = 0) => {
    Object.assign(come[name], { done }, length ? { travels: length } : {});
    const all = Object.values(come);
    report({ done: Math.round(all.reduce((sum, each) => sum + each.travels * each.done / each.size, 0)), total: all.reduce((sum, each) => sum + each.travels, 0) });
  };
}

/**
 * Answer Pyodide's own requests with what is on its way. It asks by `fetch` and `instantiateStreaming`, as any page does,
 * so nothing in Pyodide has to be reached into.
 * @returns {() => void}  gives both back to the platform
 */
function lend(parts) {
  const { fetch: fetchAnew } = globalThis;
  const { instantiateStreaming } = globalThis.WebAssembly ?? {};
  if (!instantiateStreaming) return () => {};
  const stand = new Response();
  globalThis.fetch = (what, ...rest) => {
    const url = String(what?.url ?? what);
    if (url === place('wasm')) return Promise.resolve(stand);
    if (url === place('stdlib')) return parts.stdlib.then(({ buffer }) => ({ ok: true, arrayBuffer: () => buffer })); // a response would copy it
    return fetchAnew(what, ...rest);
  };
  WebAssembly.instantiateStreaming = async (source, imports) => {
    if (await source !== stand) return instantiateStreaming(source, imports);
    const module = await parts.wasm;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return () => {
    globalThis.fetch = fetchAnew;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}
