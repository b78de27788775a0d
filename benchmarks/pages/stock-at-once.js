// Stock Pyodide with nothing done to it, but with all that can be asked for at once: the engine as an archive of sources.
import { loadPyodide } from '/peers/pyodide/pyodide.mjs';

self.onmessage = async ({ data: { tree, url } }) => {
  try {
    const [python, engine, diagram] = await Promise.all([
      loadPyodide({ indexURL: '/peers/pyodide/' }),
      fetch('/peers/own/engine.zip').then((response) => response.arrayBuffer()),
      fetch(url).then((response) => response.text()),
    ]);
    python.unpackArchive(engine, 'zip');
    const { load, ask } = python.pyimport('decision_trees.runtime.browser');
    load(tree, diagram);
    ask(tree, '{}');
    postMessage({ done: true });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
