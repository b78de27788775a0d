// The search is Material's script and the index of the whole site. Both are fetched when a reader turns to it, and not before.

const store = document.querySelector('template[data-search-script]');
const box = document.querySelector('.md-search');
const opener = document.querySelector('[data-search-open]');

if (store && box) {
  const toggle = document.getElementById('__search');
  const query = box.querySelector('[data-md-component="search-query"]');
  const open = () => { if (!toggle.checked) toggle.click(); };
  const load = () => {
    const script = document.importNode(store.content, true).firstElementChild;
    if (document.querySelector(`script[src="${script.getAttribute('src')}"]`)) return;
    // Material shuts its dialog an eighth of a second after it starts, for a page that has just been opened. Here a reader may be in it.
    script.addEventListener('load', () => setTimeout(() => { if (document.activeElement === query) open(); }, 130));
    document.body.append(script);
  };
  for (const sign of ['pointerenter', 'pointerdown', 'focusin']) for (const each of [box, opener]) each?.addEventListener(sign, load, { once: true });
  // Material opens its dialog when the field takes the focus; where the script is still on its way, that has been and gone.
  query.addEventListener('focus', open);
  opener?.addEventListener('click', () => {
    load();
    open();
    query.focus();
  });
  // Material takes single letters as commands wherever the focus is; who speaks to the page would set them off (WCAG 2.1.4).
  addEventListener('keydown', (event) => {
    const isCommand = /^[a-z/,.]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isCommand && !event.target.closest?.('input, textarea, select, [contenteditable], .workshop') && event.target.closest?.('.map-scroll') === null) event.stopImmediatePropagation();
  }, true);
}
