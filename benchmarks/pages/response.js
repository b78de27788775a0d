// From the reader's click to the frame that shows what it leads to, by the browser's own clock of events and frames.
globalThis.clicks = [];
addEventListener('click', (event) => {
  const button = event.target.closest?.('.question-actions > button[type=submit]');
  if (!button) return;
  const tree = button.closest('decision-tree');
  const begun = event.timeStamp;
  const watch = new MutationObserver(() => {
    if (tree.contains(button)) return; // the question is still there
    watch.disconnect();
    // A frame later the next message comes when that frame has been drawn.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.clicks.push(performance.now() - begun);
      port2.postMessage(null);
    });
  });
  watch.observe(tree, { childList: true, subtree: true });
}, true);
