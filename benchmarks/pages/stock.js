// Stock Pyodide as its manual says: started, then given the engine as a wheel.
import { loadPyodide } from '/peers/pyodide/pyodide.mjs';

self.onmessage = async ({ data: { tree, url } }) => {
  try {
    const python = await loadPyodide({ indexURL: '/peers/pyodide/' });
    await python.loadPackage(new URL('/peers/own/decision_trees_engine-1.0-py3-none-any.whl', location.href).href);
    const { load, ask } = python.pyimport('decision_trees.runtime.browser');
    load(tree, await (await fetch(url)).text());
    ask(tree, '{}');
    postMessage({ done: true });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
