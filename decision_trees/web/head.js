// What must be settled before the first paint: light or dark, whether a link leads into the page, and the small store that Material’s
// script expects. A classic script, since a module would run too late.
(() => {
  const scope = new URL(document.currentScript.dataset.root || '.', location.href);
  const key = (name) => `${scope.pathname}.${name}`;
  const read = (name, store) => {
    try {
      return JSON.parse((store ?? localStorage).getItem(key(name)));
    } catch {
      return null;
    }
  };
  const write = (name, value, store) => {
    try {
      (store ?? localStorage).setItem(key(name), JSON.stringify(value));
    } catch {
      // Where nothing may be stored, the choice lasts as long as the page.
    }
  };
  Object.assign(globalThis, { __md_scope: scope, __md_hash: (text) => [...text].reduce((sum, each) => (sum * 31 + each.codePointAt(0)) | 0, 0), __md_get: read, __md_set: write });

  const { classList } = document.documentElement;
  classList.replace('no-js', 'js');
  // All of the page is laid out when one of its places is sought.
  const seek = () => classList.add('is-sought');
  if (location.hash.length > 1) seek();
  addEventListener('click', ({ target, defaultPrevented }) => {
    const link = target.closest?.('a[href*="#"]');
    if (!defaultPrevented && link?.pathname === location.pathname) seek();
  });
  addEventListener('hashchange', () => {
    if (classList.contains('is-sought')) return;
    seek();
    document.querySelector(':target')?.scrollIntoView();
  });

  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  let scheme = read('__palette')?.color?.scheme ?? (isDark ? 'slate' : 'default');
  const show = () => {
    document.body.dataset.mdColorScheme = scheme;
    const button = document.querySelector('[data-scheme-switch]');
    if (!button) return;
    button.hidden = false;
    button.title = scheme === 'slate' ? 'Switch to light' : 'Switch to dark';
    button.setAttribute('aria-label', button.title);
  };
  const watch = new MutationObserver(() => {
    if (!document.body) return;
    watch.disconnect();
    show();
  });
  watch.observe(document.documentElement, { childList: true });
  addEventListener('DOMContentLoaded', () => {
    show();
    document.querySelector('[data-scheme-switch]')?.addEventListener('click', () => {
      scheme = scheme === 'slate' ? 'default' : 'slate';
      write('__palette', { color: { scheme } });
      show();
    });
  });
})();
