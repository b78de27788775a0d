// Where the engine lives: shared by all tabs of the site, or in a worker of one page, or, where workers are refused,
// in the page itself. It is asked by message, and only texts cross into Python and back.
import './config.js'; // or it would be asked for only once those that need it have come
import { gather, importEngine, restorePython, startPython } from './boot.js';
import { dropSnapshot, findSnapshot, readSnapshot } from './snapshot.js';

/** @typedef {{state: 'starting' | 'ready' | 'failed' | 'released', done?: number, total?: number, by?: 'start' | 'snapshot', reason?: string}} Word */

/** Longest that a restored memory may take to come alive once all parts are there, in milliseconds. */
const RESTORE = 15_000;
/** What it can be asked. */
const CALLS = new Set(['ask', 'question', 'put_case']);
/** Least time between two words on what has come, in milliseconds. */
const BEAT = 100;

const isWorker = 'WorkerGlobalScope' in globalThis;
/** @type {Set<any>} */
const ports = new Set();
/** @type {Map<string, Promise<void>>} */
const loads = new Map();
/** @type {Word} */
let word = { state: 'starting', done: 0, total: 0 };
let spoken = 0;
let idle = 0;
let rest;
/** @type {'start' | 'snapshot'} */
let by = 'start';

const started = start();
started.then(() => { tell({ state: 'ready', by }); pause(); }, (error) => {
  tell({ state: 'failed', reason: String(error) });
  if (ports.size) leave(); // or it stays, to say so to who comes
});

if ('SharedWorkerGlobalScope' in globalThis) self.addEventListener('connect', ({ ports: [port] }) => serve(port));
else if (isWorker) serve(self);

/** Take questions from a port, from now on. */
export function serve(port) {
  ports.add(port);
  port.addEventListener('message', ({ data }) => hear(port, data));
  port.start?.();
  port.postMessage(word);
  if (word.state === 'failed') leave();
}

async function start() {
  const found = findSnapshot();
  const parts = gather(report, found.then(Boolean));
  const kept = await found;
  if (kept) {
    try {
      const restored = restorePython(parts, readSnapshot(kept)).then((python) => importEngine(python, parts));
      restored.catch(() => {});
      await Promise.all(Object.values(parts));
      const engine = await within(RESTORE, restored);
      by = 'snapshot';
      return engine;
    } catch {
      await dropSnapshot();
    }
  }
  return importEngine(await startPython(parts), parts);
}

async function hear(port, { id, call, tree, url, trees, text, idle: wanted, isGivenUp }) {
  if (wanted !== undefined) idle = wanted;
  if (isGivenUp && word.state === 'starting') leave();
  if (!call) return;
  clearTimeout(rest);
  try {
    if (!CALLS.has(call)) throw new Error(`there is no ${String(call)}`);
    const loading = Object.entries(trees ?? {}).map(([name, from]) => once(name, () => load('load', name, from)));
    if (url) loading.push(once(trees ? `compare ${tree}` : tree, () => load(trees ? 'load_comparison' : 'load', tree, url)));
    await Promise.all(loading);
    port.postMessage({ id, text: (await started)[call](tree, text) });
  } catch (error) {
    loads.clear();
    port.postMessage({ id, error: String(error) });
  }
  pause();
}

/** Give the memory back once nobody has asked for long; who asks then starts it anew. */
function pause() {
  clearTimeout(rest);
  if (idle && isWorker) rest = setTimeout(() => { tell({ state: 'released' }); leave(); }, idle);
}

function leave() {
  if (isWorker) self.close();
}

function report({ done, total }) {
  if (word.state !== 'starting' || (performance.now() - spoken < BEAT && done < total)) return;
  spoken = performance.now();
  tell({ state: 'starting', done, total });
}

/** @param {Word} said */
function tell(said) {
  word = said;
  for (const port of ports) port.postMessage(said);
}

function once(name, make) {
  if (!loads.has(name)) loads.set(name, make());
  return loads.get(name);
}

/** Fetch a text, also while Python starts, and give it to the engine. */
async function load(call, name, url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  (await started)[call](name, text);
}

function within(time, promise) {
  return Promise.race([promise, new Promise((_, fail) => { setTimeout(() => fail(new Error('it took too long')), time); })]);
}
