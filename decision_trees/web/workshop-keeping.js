// Where a workshop is kept between two loads of its page: in this browser, under the pack's name. A browser may refuse.

/** @param {string} pack */
export function openKeeping(pack) {
  const key = `workshop:${pack}`;
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
