// Where a text is kept between two loads of a page: in this browser, under a name. A browser may refuse.

/** @param {string} key */
export function openKeeping(key) {
  let storage = null;
  try {
    storage = globalThis.localStorage;
    storage.setItem(`${key}:try`, '1');
    storage.removeItem(`${key}:try`);
  } catch {
    storage = null;
  }
  return {
    get isKept() { return storage !== null; },
    read: () => storage?.getItem(key) ?? null,
    /** Keep a text; without room for it nothing more is kept. */
    save(text) {
      try {
        storage?.setItem(key, text);
      } catch {
        storage = null;
      }
    },
    forget: () => storage?.removeItem(key),
  };
}
