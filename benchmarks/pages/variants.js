// Each way to a first answer from Python, in a page that is loaded already. Each gives milliseconds, and more if it knows.
const TREE = 'nottingham/attend-group-meeting';
const DIAGRAM = new URL(`/trees/${TREE}/tree.json`, location.href).href;

/** A worker of a script beside this one, until its first word. */
function race(script, values) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(script, import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve({ time: performance.now() - begun }));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ tree: TREE, url: DIAGRAM, ...values });
  });
}

/** The engine of the site, by its own client. */
async function ours({ script, settings = { keep: 0 } }) {
  document.documentElement.dataset.engine = JSON.stringify(settings);
  const begun = performance.now();
  const { engine } = await import(script);
  engine.start();
  await engine.ask(TREE, DIAGRAM, {});
  return { time: performance.now() - begun, by: engine.by, place: engine.place };
}

/** PyScript with Pyodide from the same server: the same engine, in the page. */
function pyscript() {
  const begun = performance.now();
  return new Promise((resolve) => {
    globalThis.answered = () => resolve({ time: performance.now() - begun });
    const code = document.createElement('script');
    code.type = 'py';
    code.setAttribute('config', JSON.stringify({ interpreter: '/peers/pyodide/pyodide.mjs', files: { '/peers/own/engine.zip': './*' } }));
    code.textContent = `
from pyscript import window, fetch
from decision_trees.runtime import browser
browser.load("${TREE}", await fetch("${DIAGRAM}").text())
browser.ask("${TREE}", "{}")
window.answered()
`;
    document.body.append(code);
    import('/peers/npm/@pyscript/core/dist/core.js');
  });
}

export const variants = {
  compileStreaming: (values) => race('./yardstick.js', values),
  stock: (values) => race('./stock.js', values),
  'stock at once': (values) => race('./stock-at-once.js', values),
  ours,
  pyscript,
  micropython: (values) => race('./micropython.js', values),
};
