// MicroPython can't run the engine, which is made of dataclasses: it reads the diagram's JSON. A lower bound, no peer.
import { loadMicroPython } from '/peers/npm/@micropython/micropython-webassembly-pyscript/micropython.mjs';

self.onmessage = async ({ data: { url } }) => {
  try {
    const [python, diagram] = await Promise.all([
      loadMicroPython({ url: '/peers/npm/@micropython/micropython-webassembly-pyscript/micropython.wasm' }),
      fetch(url).then((response) => response.text()),
    ]);
    python.globals.set('text', diagram);
    python.runPython('import json\nfound = len(json.loads(text))');
    postMessage({ done: true });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
