/*! Rules that answer: frames that size themselves. MIT licence. */
// For the host's page. Turns each <a href="…/trees/…/" data-decision-tree> into a frame of that page and gives it
// the height that the page in it asks for. A classic script, so that it runs wherever a host lets a script run.
// Until it has run, and where it may not, the link is what stands there.
(() => {
  const LOWEST = 160;
  const HIGHEST = 20000;
  const FIRST = 480;

  const adopt = () => {
    for (const link of document.querySelectorAll('a[data-decision-tree]')) {
      let address;
      try {
        address = new URL(link.href);
      } catch {
        continue;
      }
      if (!/^https?:$/.test(address.protocol)) continue;
      const asked = Number.parseInt(address.searchParams.get('height') ?? '', 10);
      const isFixed = asked >= LOWEST && asked <= HIGHEST;
      if (!isFixed) address.searchParams.set('height', 'auto');
      const frame = document.createElement('iframe');
      frame.src = address.href;
      frame.title = link.textContent.trim();
      frame.width = '100%';
      frame.height = String(isFixed ? asked : FIRST);
      frame.loading = 'lazy';
      frame.allow = 'clipboard-write';
      frame.style.border = '1px solid #747990';
      frame.style.boxSizing = 'border-box';
      frame.dataset.decisionTreeFrame = address.origin;
      link.replaceWith(frame);
    }
  };

  // Only a frame that this script made, and only from the origin that it was made for, may say anything here.
  const hear = (event) => {
    const message = event.data;
    if (typeof message !== 'object' || message === null || message.protocol !== 'decision-trees' || message.version !== 1) return;
    const frame = [...document.querySelectorAll('iframe[data-decision-tree-frame]')].find((each) => each.contentWindow === event.source);
    if (!frame || frame.dataset.decisionTreeFrame !== event.origin) return;
    if (message.type === 'height' && Number.isFinite(message.height)) {
      const edges = frame.offsetHeight - frame.clientHeight;
      frame.height = String(Math.round(Math.min(Math.max(message.height, LOWEST), HIGHEST)) + edges);
    }
    // The next question is at the top of the frame: bring it back into view for the reader who is in the frame.
    if (message.type === 'step' && document.activeElement === frame && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  };

  adopt();
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', adopt);
  if (!window.decisionTreesHear) addEventListener('message', window.decisionTreesHear = hear);
})();
