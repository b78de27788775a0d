// Stock Pyodide as its manual says: started, then given the engine as a wheel.
import { loadPyodide } from '/peers/pyodide/pyodide.mjs';

self.onmessage = async ({ data: { tree, url, wheel } }) => {
  try {
    const python = await loadPyodide({ indexURL: '/peers/pyodide/' });
    await python.loadPackage(new URL(wheel, location.href).href);
    const { load, ask } = python.pyimport('decision_trees.runtime.browser');
    load(tree, await (await fetch(url)).text());
    ask(tree, '{}');
    postMessage({ done: true });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
