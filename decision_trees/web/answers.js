// Answers live in the page's address, after the #, by the name of the fact: #post=junior&escort=nobody.
// On a reading page, where several trees stand, tree= says which one they are for.
// change= names the answer in hand. Nothing is stored anywhere else.

/** @typedef {Record<string, string>} Answers */
/** @typedef {{tree: string, change: string, answers: Answers, isWhole: boolean}} Place  `isWhole` is false if a part could not be read */

const NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/;
const LONGEST = 4000;

/**
 * Read a fragment. What is no answer is left out, and `isWhole` says so; it is the engine that judges the rest.
 * @param {string} hash
 * @returns {Place}
 */
export function readPlace(hash) {
  /** @type {Place} */
  const place = { tree: '', change: '', answers: {}, isWhole: true };
  const text = hash.replace(/^#/, '');
  if (text.length > LONGEST) return { ...place, isWhole: false };
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    if (at < 1) continue;
    const name = part.slice(0, at);
    const value = decode(part.slice(at + 1));
    if (!NAME.test(name) || value === '') {
      place.isWhole = false;
      continue;
    }
    if (name === 'tree') place.tree = value;
    else if (name === 'change') place.change = value;
    else place.answers[name] = value;
  }
  return place;
}

/**
 * Write a fragment, or nothing for no answers.
 * @param {Place} place
 */
export function writePlace({ tree, change, answers }) {
  const parts = Object.entries(answers).map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3F', '?')}`);
  if (change) parts.push(`change=${change}`);
  if (parts.length && tree) parts.unshift(`tree=${tree}`);
  return parts.length ? `#${parts.join('&')}` : '';
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
