// The engine, started as the site starts it, and a clock around each call.
self.onmessage = async ({ data: { boot, cases, base } }) => {
  try {
    const { gather, importEngine, startPython } = await import(boot);
    const parts = gather();
    const engine = await importEngine(await startPython(parts), parts);
    const steps = [];
    const loads = [];
    for (const [tree, all] of Object.entries(cases)) {
      const diagram = await (await fetch(`${base}/trees/${tree}/tree.json`)).text();
      const begun = performance.now();
      engine.load(tree, diagram);
      loads.push(performance.now() - begun);
      for (const answers of all) {
        const text = JSON.stringify(answers);
        const start = performance.now();
        engine.ask(tree, text);
        steps.push(performance.now() - start);
      }
    }
    postMessage({ steps, loads });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
