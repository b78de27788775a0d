// What a page in a frame and the host's page say to each other: docs/embed/messages.md.
// Nothing that is said unasked tells what the reader answered. Answers are told to one origin, which asked for them,
// after the reader has agreed to it by name, and until the reader takes it back or leaves.

export const PROTOCOL = 'decision-trees';
export const VERSION = 1;

/**
 * @typedef {object} Step
 * @property {'asking' | 'reached' | 'open' | 'rejected'} position
 * @property {Record<string, string>} answers
 * @property {number} answered
 * @property {string} [outcome]
 * @property {string} [verdict]
 */

/**
 * Speak with the page that this one stands in.
 * @param {object} page
 * @param {string} page.name      where it is, from the site's root: `trees/nottingham/attend-group-meeting`
 * @param {string} page.title
 * @param {string} page.edition
 * @param {string} page.version
 * @param {boolean} page.follows  whether the host is told the height
 * @param {EventTarget | null} page.tree  what tells of steps
 */
export function speakToHost({ name, title, edition, version, follows, tree }) {
  /** @type {Step | null} */
  let step = null;
  let last = '';
  /** The origin that may know the answers, or nothing. */
  let trusted = '';
  let isAsking = false;
  const refused = new Set();
  const host = window.parent;

  const say = (type, rest, origin = '*') => host.postMessage({ protocol: PROTOCOL, version: VERSION, type, page: name, ...rest }, origin);

  const sayStep = () => {
    if (!step) return;
    const { position, answered, answers, outcome, verdict } = step;
    const isOutcome = position === 'reached';
    const plain = isOutcome ? { answered } : { answered, position };
    const told = trusted ? { ...plain, answers, ...(isOutcome ? { outcome, verdict } : {}) } : plain;
    const text = JSON.stringify([told, trusted]);
    if (text === last) return;
    last = text;
    say(isOutcome ? 'outcome' : 'step', told, trusted || '*');
  };

  tree?.addEventListener('decision-tree-step', (event) => {
    step = /** @type {CustomEvent<Step>} */ (event).detail;
    sayStep();
  });

  addEventListener('message', async ({ source, origin, data }) => {
    if (source !== host || !/^https?:\/\//.test(origin) || !isMessage(data) || data.type !== 'ask-answers') return;
    if (!tree || isAsking || trusted === origin || refused.has(origin)) return;
    isAsking = true;
    const strip = await import('./consent.js').catch(() => null);
    const hasAgreed = await strip?.askReader(origin, () => { trusted = ''; refused.add(origin); say('consent', { agreed: false }, origin); });
    isAsking = false;
    if (!strip) return; // the network broke off: nobody was asked, so the host may ask again
    if (hasAgreed) trusted = origin;
    else refused.add(origin);
    say('consent', { agreed: hasAgreed }, origin);
    if (hasAgreed) sayStep();
  });

  say('ready', { title, edition, editionVersion: version, language: document.documentElement.lang });
  // WordPress knows a frame that it made itself by a secret in its address, and takes its height in words of its own.
  const secret = /^#\?secret=([a-zA-Z0-9]{1,40})$/.exec(location.hash)?.[1];
  if (secret) document.documentElement.dataset.height = 'auto';
  if ((follows || secret) && typeof ResizeObserver === 'function') {
    let height = 0;
    new ResizeObserver(() => {
      const found = Math.ceil(document.body.getBoundingClientRect().height);
      if (found === height) return;
      height = found;
      say('height', { height });
      if (secret) host.postMessage({ message: 'height', value: height, secret }, '*');
    }).observe(document.body);
  }
}

/** Say whether data is a message of this protocol and version. Anything may come; nothing here may throw. */
function isMessage(data) {
  return typeof data === 'object' && data !== null && data.protocol === PROTOCOL && data.version === VERSION;
}
