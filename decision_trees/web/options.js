// What the address asks of the look of a page that stands in another: ?theme=dark&accent=7a1f5c&header=hide&height=auto&lang=cy.
// What is not understood is passed over. Answers are no part of it: they stand after the #, which is never sent.

/**
 * @typedef {object} Options
 * @property {'light' | 'dark' | 'auto'} theme
 * @property {string} accent     six hexadecimal figures, or nothing
 * @property {boolean} header    whether the head is shown
 * @property {boolean} follows   whether the host gives the frame the height that the page asks for
 * @property {string} language   the language of the host's page, or nothing
 */

const LONGEST = 2000;
/** Lowest contrast of text, by WCAG 2.2 (1.4.3). */
const CONTRAST = 4.5;
const SURFACES = ['--dt-paper', '--dt-raised', '--dt-sunk', '--dt-wash'];

/**
 * @param {string} search  the address from its question mark on
 * @returns {Options}
 */
export function readOptions(search) {
  const given = new URLSearchParams(search.length > LONGEST ? '' : search);
  const theme = given.get('theme');
  const accent = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(given.get('accent') ?? '')?.[1] ?? '';
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    accent: (accent.length === 3 ? [...accent].map((figure) => figure + figure).join('') : accent).toLowerCase(),
    header: given.get('header') !== 'hide',
    follows: given.get('height') === 'auto',
    language: readLanguage(given.get('lang') ?? ''),
  };
}

/**
 * Give the page the look that is asked for.
 * @param {Options} options
 */
export function applyOptions(options) {
  const root = document.documentElement;
  if (options.theme !== 'auto') root.style.colorScheme = options.theme;
  if (!options.header) root.dataset.header = 'hidden';
  if (options.follows) root.dataset.height = 'auto';
  if (options.accent) colour(root, options.accent);
  for (const label of document.querySelectorAll('[data-language]')) nameLanguage(/** @type {HTMLElement} */ (label), options.language);
}

/** Put the accent in the place of the colour of links and buttons, made darker or lighter until it can be read. */
function colour(root, accent) {
  const style = getComputedStyle(root);
  const surfaces = SURFACES.map((name) => style.getPropertyValue(name).match(/#[0-9a-f]{3,6}/gi) ?? []);
  const [light, dark] = [surfaces.map((pair) => pair[0]), surfaces.map((pair) => pair[1] ?? pair[0])].map((each) => each.map(readColour));
  const pair = (away) => `light-dark(${say(fit(accent, light, 0, away))}, ${say(fit(accent, dark, 255, away))})`;
  const hasPairs = CSS.supports('color', 'light-dark(#000, #fff)');
  root.style.setProperty('--dt-link', hasPairs ? pair(0) : say(fit(accent, light, 0, 0)));
  root.style.setProperty('--dt-link-strong', hasPairs ? pair(0.3) : say(fit(accent, light, 0, 0.3)));
}

/**
 * Mix a colour with black (0) or white (255) until it can be read on every surface, and then as far again as `away`, 0 to 1.
 * @param {string} accent
 * @param {number[][]} surfaces
 * @param {0 | 255} towards
 * @param {number} away
 */
export function fit(accent, surfaces, towards, away) {
  const start = readColour(accent);
  const mix = (part) => start.map((value) => Math.round(value + (towards - value) * part));
  let part = 0;
  while (part < 1 && surfaces.some((surface) => contrast(mix(part), surface) < CONTRAST)) part += 0.02;
  return mix(Math.min(1, part + (1 - part) * away));
}

/** @param {string} text @returns {number[]} */
export function readColour(text) {
  const figures = text.replace('#', '');
  const full = figures.length === 3 ? [...figures].map((figure) => figure + figure).join('') : figures;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
}

/** The contrast of two colours, 1 to 21, by WCAG 2.2. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const say = (colour) => `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

function readLanguage(text) {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? '';
  } catch {
    return '';
  }
}

/**
 * Name the page's language in the language of the host's page: the name comes from the browser's own tables.
 * @param {HTMLElement} label
 * @param {string} language
 */
function nameLanguage(label, language) {
  if (!language || typeof Intl.DisplayNames !== 'function') return;
  const names = new Intl.DisplayNames([language], { type: 'language' });
  const found = new Intl.Locale(names.resolvedOptions().locale).language === new Intl.Locale(language).language && names.of(document.documentElement.lang);
  if (!found) return;
  label.textContent = found;
  label.lang = language;
}
