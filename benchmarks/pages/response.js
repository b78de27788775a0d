// From the reader's click to the moment at which what it leads to is on the screen, by the browser's own clock of events and of what it presents.
globalThis.clicks = [];
const SHOWN = 'shown';
let begun = 0;
addEventListener('click', (event) => {
  const button = event.target.closest?.('.question-actions > button[type=submit]');
  if (!button) return;
  begun = event.timeStamp;
  const tree = button.closest('decision-tree');
  const find = () => tree.querySelector('.stage > :not(.is-aside) [tabindex="-1"]');
  const before = find();
  const watch = new MutationObserver(() => {
    const heading = find();
    if (!heading || heading === before) return; // the question is still there
    watch.disconnect();
    heading.setAttribute('elementtiming', SHOWN);
  });
  watch.observe(tree, { childList: true, subtree: true, attributeFilter: ['class'] });
}, true);
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.identifier === SHOWN) globalThis.clicks.push(entry.renderTime - begun);
}).observe({ type: 'element', buffered: true });
