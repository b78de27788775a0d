// The page of a whole tree: the reader's path on map, outline and table, and tools for the map.
// Without this script all of it is there, unmarked and at its own size.
import { readPlace } from './answers.js';
import './tables.js';
import { icon, make } from './views.js';
import { Walk } from './walk.js';

const outline = document.getElementById('outline');
const figure = document.getElementById('map');

// The path -----------------------------------------------------------------------------

/** Mark where the answers of the address lead. A link within the page leaves the marks alone. */
function mark() {
  const { answers } = readPlace(location.hash);
  if (!Object.keys(answers).length && location.hash.length > 1) return;
  for (const each of document.querySelectorAll('.on-path')) each.classList.remove('on-path');
  for (const each of document.querySelectorAll('.yours')) each.remove();
  const step = new Walk(outline).follow(answers);
  const { trail } = step;
  markWays(trail);
  if (trail.length) markRow(trail);
  tell(step, trail.length);
  for (const link of document.querySelectorAll('.to-answer')) link.setAttribute('href', `../${trail.length ? location.hash : ''}`);
}

/** @param {HTMLElement[]} trail */
function markWays(trail) {
  for (const option of trail) {
    const { way } = option.closest('[data-way]').dataset;
    const { state } = option.closest('[data-state]').dataset;
    for (const each of document.querySelectorAll(`[data-way="${way}"], [data-node="${state}"]`)) each.classList.add('on-path');
    option.closest('.outline-option').append(pill('Your path'));
    if (!option.dataset.to.startsWith('outcome-')) figure.querySelector(`[data-node="${option.dataset.to}"]`)?.classList.add('on-path');
  }
  for (const line of figure.querySelectorAll('.map-edge.on-path')) line.parentNode.append(line);
}

/** @param {HTMLElement[]} trail */
function markRow(trail) {
  const given = new Map(trail.map((option) => [nameOf(option.dataset.answer), option.dataset.answer]));
  for (const row of document.querySelectorAll('.decision-table tbody tr')) {
    const cells = [...row.querySelectorAll('[data-holds]')].flatMap((cell) => cell.dataset.holds.split(' '));
    const holds = new Set(cells);
    if (!row.dataset.way && cells.every((cell) => holds.has(given.get(nameOf(cell))))) row.classList.add('on-path');
    if (row.classList.contains('on-path')) row.firstElementChild.append(' ', pill(row.dataset.way ? 'Your path' : 'Your case'));
  }
}

/** Say in words where the path leads. */
function tell(step, count) {
  const note = document.querySelector('.whole-path');
  const key = figure.querySelector('.map-key-path');
  key.hidden = figure.querySelector('.map-tools-path').hidden = !count;
  note.hidden = !count && !step.strange.length;
  const strange = step.strange.length ? `The link also holds answers that are not asked for here (${step.strange.join(', ')}), and they were left out. ` : '';
  if (!count) {
    note.replaceChildren(`${strange}Nothing is marked. `, make('a', { href: '../' }, 'Answer it from the start'));
    return;
  }
  const answers = `${count} answer${count === 1 ? '' : 's'}`;
  const end = step.position === 'reached' ? step.section.querySelector('.verdict').textContent.trim() : '';
  const number = step.section?.id.replace('question-', '') ?? '';
  const words = end ? `${answers} to “${end}”` : number ? `${answers}, as far as question ${number}` : `${answers}, and then not sure`;
  note.replaceChildren(make('b', {}, 'Your path: '), `${words}. It is marked below. ${strange}`, make('a', { href: `../${location.hash}` }, end ? 'Back to your outcome' : 'Go on answering'));
  key.lastElementChild.textContent = `Your path: ${words}`;
}

const nameOf = (answer) => answer.slice(0, answer.indexOf('='));
const pill = (words) => make('span.yours', {}, words);

// The map ------------------------------------------------------------------------------

const STEP = 1.25;
const LEAST = 0.1;
const MOST = 3;
const PAN = 0.4;

/** Put the tools above the map: each a button, and a key while the map is in focus. */
function equip() {
  const scroll = figure.querySelector('.map-scroll');
  const map = scroll.querySelector('svg');
  const { width, height } = map.viewBox.baseVal;
  const shown = make('output', { 'aria-label': 'Size of the map' });
  let scale = 1;

  const zoom = (to) => {
    const middle = [(scroll.scrollLeft + scroll.clientWidth / 2) / scale, (scroll.scrollTop + scroll.clientHeight / 2) / scale];
    scale = Math.min(MOST, Math.max(LEAST, to));
    map.setAttribute('width', String(Math.round(width * scale)));
    map.setAttribute('height', String(Math.round(height * scale)));
    scroll.scrollTo(middle[0] * scale - scroll.clientWidth / 2, middle[1] * scale - scroll.clientHeight / 2);
    shown.textContent = `${Math.round(scale * 100)} %`;
  };
  const fit = () => Math.min(1, scroll.clientWidth / width, innerHeight * 0.88 / height);
  const pan = (x, y) => scroll.scrollBy({ left: x * scroll.clientWidth * PAN, top: y * scroll.clientHeight * PAN });
  const find = () => {
    const marked = scroll.querySelectorAll('.map-boxes .on-path');
    marked[marked.length - 1]?.scrollIntoView({ block: 'center', inline: 'center' });
  };

  const button = (name, content, act) => make('button', { type: 'button', 'aria-label': name, title: name, onclick: act }, content);
  const sign = (name, content, act) => {
    const each = button(name, content, act);
    each.classList.add('is-sign');
    return each;
  };
  const turned = (name, direction, x, y) => {
    const each = button(name, icon('chevron'), () => pan(x, y));
    each.classList.add(direction);
    return each;
  };
  const tools = make('div.map-tools', { role: 'toolbar', 'aria-label': 'View of the map', 'aria-controls': 'map-scroll' },
    sign('Smaller', '−', () => zoom(scale / STEP)), shown, sign('Larger', '+', () => zoom(scale * STEP)), make('hr'),
    button('Show the whole map', 'Whole map', () => zoom(fit())), button('Show the map at its own size', 'Own size', () => zoom(1)),
    make('button.map-tools-path', { type: 'button', 'aria-label': 'Show where your path ends', title: 'Show where your path ends', hidden: true, onclick: find }, 'Your path'), make('hr'),
    turned('Move left', 'is-left', -1, 0), turned('Move up', 'is-up', 0, -1), turned('Move down', 'is-down', 0, 1), turned('Move right', 'is-right', 1, 0));
  scroll.id = 'map-scroll';
  figure.prepend(tools);
  rove(tools);
  scroll.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { '+': () => zoom(scale * STEP), '=': () => zoom(scale * STEP), '-': () => zoom(scale / STEP), 0: () => zoom(fit()) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  figure.querySelector('.map-keys').hidden = false;
  zoom(1);
  const first = map.querySelector('.map-boxes .map-box');
  scroll.scrollTo(0, first.y.baseVal.value + first.height.baseVal.value / 2 - scroll.clientHeight / 2);
}

/** One stop for Tab; arrow keys, Home and End go from button to button. */
function rove(tools) {
  const all = [...tools.querySelectorAll('button')];
  all.forEach((each, i) => each.setAttribute('tabindex', i ? '-1' : '0'));
  tools.addEventListener('keydown', (event) => {
    const buttons = all.filter((each) => !each.hidden);
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
  tools.addEventListener('focusin', () => all.forEach((each) => each.setAttribute('tabindex', each === document.activeElement ? '0' : '-1')));
}

equip();
mark();
addEventListener('hashchange', mark);
