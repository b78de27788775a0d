// A step of the engine in a worker: the time of the call alone, for every case of every tree.
// The page waits for the worker's answer as the site does, so both ends are timed.
export async function timeSteps({ script, cases }) {
  const { engine } = await import(script);
  engine.start();
  if (engine.state !== 'ready') await new Promise((resolve) => { engine.addEventListener('change', () => engine.state === 'ready' && resolve()); });
  const trips = [];
  for (const [tree, all] of Object.entries(cases)) {
    const url = new URL(`/trees/${tree}/tree.json`, location.href).href;
    await engine.ask(tree, url, {}); // its diagram is there now
    for (const answers of all) {
      const begun = performance.now();
      await engine.ask(tree, url, answers);
      trips.push(performance.now() - begun);
    }
  }
  return { trips, place: engine.place };
}

/** The same in a worker that times the engine itself. */
export function timeCalls({ boot, cases }) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./step-worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
    worker.postMessage({ boot, cases, base: location.origin });
  });
}
