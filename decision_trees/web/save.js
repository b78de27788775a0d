// A file that the page has made itself, for the reader to keep.

/** How long it is held for a browser that asks before it saves, in milliseconds. */
const HELD = 60_000;

/** Give the reader a file with a text in it. */
export function saveFile(name, type, text) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), HELD);
}
