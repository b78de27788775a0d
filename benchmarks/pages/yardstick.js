// The least that any start of Pyodide costs: its wasm fetched and compiled, and nothing done with it.
self.onmessage = async ({ data: { wasm } }) => {
  await WebAssembly.compileStreaming(fetch(wasm));
  postMessage({ done: true });
};
