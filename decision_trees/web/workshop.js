// The room: one card at a time on a big screen, by keyboard, clicker or finger. It takes over the page that the build wrote.
import { saveFile } from './save.js';
import { icon, make } from './views.js';
import { readCards, readWalks } from './workshop-deck.js';
import { openKeeping } from './workshop-keeping.js';
import { listRows, resultsTable, sayRunning, writeCsv } from './workshop-results.js';
import { showStep } from './workshop-stage.js';
import { addTime, begin, clearTally, countAll, listSteps, nameCase, read, readClock, setCount, setWalk, turnClock, write } from './workshop-state.js';

/** How much smaller than wished a text may be set to fit the screen, and in what steps. The styles hold the least size. */
const LEAST_FIT = 0.4;
const FIT_STEP = 0.05;
const MINUTE = 60_000;
/** What may be longer than a big screen, and how much of its height one key moves it. */
const LONG = '.reveal-scroll, .results, .is-full > :not(.reveal)';
const SCREENFUL = 0.6;

const main = document.getElementById('main');
const plain = main.querySelector('.pack-plain');
const { pack, title, name, minutes, seconds } = main.dataset;
const cards = readCards(plain);
const walks = readWalks(document);
const steps = listSteps(cards);
const keeping = openKeeping(`workshop:${pack}`);
const fresh = begin(Number(seconds) * 1000);
const kept = read(keeping.read(), fresh, steps);
let state = kept ?? fresh;

const room = {
  cards, walks, pack: { title, minutes, lead: plain.querySelector('.pack-lead') },
  get state() { return state; },
  get isKept() { return keeping.isKept; },
  count(tally, row, count) { keep(setCount(state, tally, row, count)); tell(); },
  answer(walk, answers) { keep(setWalk(state, walk, answers)); show(); },
  afterwards: () => make('div.tally-steps', {}, button('Save as a file for a spreadsheet', saveResults), button('Forget all', forget, 'quiet')),
};

// The frame ---------------------------------------------------------------------------

const where = make('span.workshop-where');
const clock = make('span.workshop-clock', { role: 'timer', 'aria-label': 'Time left' });
const note = make('p.workshop-note', { role: 'status' });
const stage = make('div.workshop-stage');
const moves = make('div.tally-steps');
const tools = make('div.workshop-tools', {},
  tool('Timer', 'T', () => { keep(turnClock(state, Date.now())); tick(); }), tool('+1 min', '+', moreTime), tool('Code', 'Q', showCode), tool('Results', 'R', showResults), tool('Blank', 'B', blank), tool('Keys', 'H', showHelp));
const frame = make('section.workshop', { 'aria-label': 'Workshop' },
  make('div.workshop-head', {}, make('a.wordmark', { href: main.dataset.reading }, icon('fork', 'fork'), ` ${name}`), make('span.workshop-title', {}, title), where, clock),
  stage, make('div.workshop-foot', {}, tools, note, moves));

function button(words, act, kind = '') {
  return make(`button.button${kind ? `.button--${kind}` : ''}`, { type: 'button', onclick: act }, words);
}

function tool(words, key, act) {
  return make('button.button.button--plain', { type: 'button', onclick: act, 'aria-keyshortcuts': key }, words, make('kbd', { 'aria-hidden': 'true' }, key));
}

// Steps -------------------------------------------------------------------------------

const place = () => Math.max(0, steps.findIndex((step) => step.name === state.at));

function keep(next) {
  state = next;
  keeping.save(write(state));
}

function go(by) {
  const next = steps[place() + by];
  if (!next) return;
  const isNewCard = next.card !== steps[place()].card;
  keep({ ...state, at: next.name, clock: isNewCard ? fresh.clock : state.clock });
  show();
}

function show({ isFirst = false } = {}) {
  const step = steps[place()];
  const card = cards[step.card];
  frame.className = `workshop workshop-${step.kind}`;
  where.textContent = card ? `${card.cases.length > 1 ? `${card.cases[step.case].edition}. ` : ''}Card ${step.card + 1} of ${cards.length}` : '';
  stage.replaceChildren(...showStep(step, room));
  watcher.disconnect();
  for (const each of [stage, ...stage.children]) watcher.observe(each);
  moves.replaceChildren(...listMoves(step).filter(Boolean));
  tell();
  tick();
  fit();
  if (!isFirst) (stage.querySelector('.walk-options button') ?? stage.querySelector('[tabindex="-1"]'))?.focus({ preventScroll: true });
  if (!isFirst) scrollTo(0, 0);
}

function listMoves(step) {
  const next = steps[place() + 1];
  const card = cards[step.card];
  const isVote = ['vote', 'spot'].includes(step.kind);
  const words = !next ? '' : step.kind === 'start' ? 'Begin' : next.kind === 'results' ? 'How the room did' : next.card !== step.card ? 'Next card'
    : { vote: () => `In ${card.cases[next.case].edition}`, walk: () => 'Walk it', reveal: () => 'Reveal', spot: () => 'Find the breach', breach: () => 'Show the breach', talk: () => 'Talk about it' }[next.kind]();
  return [
    isVote ? button('Clear', () => { keep(clearTally(state, nameTally(step))); show(); }, 'quiet') : null,
    place() ? button('Back', () => go(-1), 'quiet') : null, next ? button(words, () => go(1)) : null,
  ];
}

const nameTally = (step) => step.kind === 'spot' ? cards[step.card].id : nameCase(cards[step.card], step.case);

/** Say under the stage what is known: the votes counted, or the answers used, or how the room is doing. */
function tell() {
  const step = steps[place()];
  const votes = ['vote', 'spot'].includes(step.kind) ? countAll(state.tallies[nameTally(step)]) : 0;
  const card = cards[step.card];
  note.textContent = !keeping.isKept && step.kind !== 'start' ? 'Nothing is kept here: this browser refuses to store.'
    : votes ? `${votes} vote${votes === 1 ? '' : 's'}, counted by hand in the room`
      : step.kind === 'reveal' ? `The story’s answers: ${card.cases[step.case].answers.join(', ') || 'none are needed'}`
        : ['talk', 'breach', 'results'].includes(step.kind) ? sayRunning(listRows(cards, walks, state)) : '';
}

/** Set the text of a big screen smaller until all of it is seen. On a narrow one the page scrolls. */
function fit() {
  stage.classList.remove('is-full');
  for (let scale = 1; scale >= LEAST_FIT; scale -= FIT_STEP) {
    stage.style.setProperty('--fit', scale.toFixed(2));
    if (stage.scrollHeight <= stage.clientHeight + 1 && ![...stage.querySelectorAll('.reveal-scroll')].some((each) => each.scrollHeight > each.clientHeight + 1)) break;
  }
  const isFull = getComputedStyle(stage).overflowY === 'auto' && stage.scrollHeight > stage.clientHeight + 1;
  stage.classList.toggle('is-full', isFull);
  for (const part of stage.querySelectorAll(':scope > :not(.reveal)')) {
    if (isFull) part.tabIndex = 0;
    else part.removeAttribute('tabindex');
  }
  cue();
}

/** What is shown may grow once it stands there: by letters that come late, or a screen that has been turned. */
const watcher = new ResizeObserver(() => requestAnimationFrame(fit));

/** Mark what has more below than the screen shows; the styles say so in words. */
function cue() {
  for (const each of stage.querySelectorAll(LONG)) each.classList.toggle('has-more', each.scrollTop + each.clientHeight < each.scrollHeight - 2);
}

// The clock ---------------------------------------------------------------------------

function moreTime() {
  keep(addTime(state, MINUTE, Date.now()));
  tick();
}

function tick() {
  const left = Math.ceil(readClock(state, Date.now()) / 1000);
  const isRunning = state.clock.until > 0;
  clock.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : 'Time is up';
  clock.classList.toggle('is-running', isRunning);
  clock.classList.toggle('is-up', isRunning && left === 0);
  clock.hidden = !isRunning && state.clock.left === fresh.clock.left;
}

// Over the stage ----------------------------------------------------------------------

function open(kind, words, ...content) {
  const dialog = make(`dialog.workshop-dialog.workshop-${kind}`, { 'aria-label': words }, ...content);
  const back = document.activeElement;
  dialog.addEventListener('close', () => { dialog.remove(); back?.isConnected && back.focus(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function blank() {
  const dialog = open('blank', 'The screen is blank', make('button', { type: 'button', 'aria-label': 'Show the screen again', onclick: () => dialog.close() }));
  dialog.addEventListener('keydown', (event) => { event.preventDefault(); event.stopPropagation(); dialog.close(); });
}

function showCode() {
  const card = cards[steps[place()].card] ?? cards[0];
  const address = new URL(`${card.id}/`, location.href.split('#')[0]).href;
  const drawn = card.code?.cloneNode(true);
  drawn?.setAttribute('role', 'img');
  drawn?.setAttribute('aria-label', 'QR code with the address below');
  const dialog = open('code', 'This card on a phone', make('h2', {}, `${card.title}, on your own phone`), drawn ?? null,
    make('p.code-address', {}, drawn ? plain.querySelector(`[data-card="${card.id}"] .card-code p`).textContent : address),
    drawn ? null : make('p', {}, 'There is no code to scan: this site was built without knowing its own address. Whoever builds it sets site_url.'),
    button('Close', () => dialog.close()));
}

function showResults() {
  const dialog = open('overview', 'How the room did so far', make('h2', { tabindex: '-1', autofocus: true }, 'How the room did so far'), resultsTable(listRows(cards, walks, state)),
    make('div.tally-steps', {}, button('Close', () => dialog.close()), button('Save as a file for a spreadsheet', saveResults, 'quiet')));
}

const KEYS = [
  ['→ or Page Down', 'Go on. A presenter’s clicker sends these.'], ['← or Page Up', 'Go back'], ['↑ and ↓', 'Move a text that is longer than the screen'], ['1 to 9', 'One hand more for a row; on the walk, that answer'],
  ['Shift and 1 to 9', 'One hand less'], ['B or .', 'Blank the screen; any key brings it back'], ['T', 'Start or stop the timer'], ['+', 'One minute more'],
  ['Q', 'The code of this card, for phones'], ['R', 'Results so far'], ['F', 'Full screen'], ['H or ?', 'This list'],
];

function showHelp() {
  const switched = make('input', { type: 'checkbox', checked: state.hasKeys, autocomplete: 'off', onchange: () => keep({ ...state, hasKeys: switched.checked }) });
  const dialog = open('help', 'Keys', make('h2', {}, 'Keys'),
    make('dl.workshop-keys', {}, ...KEYS.map(([keys, says]) => make('div', {}, make('dt', {}, keys), make('dd', {}, says)))),
    make('p', {}, make('label', {}, switched, ' Letters and digits are keys')),
    make('p', {}, room.isKept ? 'Tallies, walks and the place where you are stay in this browser until you have them forgotten. Nobody else sees them.' : 'This browser refuses to store, so nothing is kept.'),
    make('p', {}, make('a', { href: `${main.dataset.root}accessibility/` }, 'How accessible this site is')),
    make('div.tally-steps', {}, button('Close', () => dialog.close()), button('Full screen', () => { dialog.close(); turnFullScreen(); }, 'quiet'), button('Forget all', () => { dialog.close(); forget(); }, 'quiet')));
}

function turnFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function forget() {
  const dialog = open('forget', 'Forget all', make('h2', {}, 'Forget all?'), make('p', {}, 'All tallies and walks of this workshop go from this browser. They can’t be brought back.'),
    make('div.tally-steps', {}, button('Keep them', () => dialog.close(), 'quiet'), button('Forget all', () => { dialog.close(); keeping.forget(); state = fresh; show(); note.textContent = 'All is forgotten.'; })));
}

function saveResults() {
  saveFile(`workshop-${pack}-${new Date().toISOString().slice(0, 10)}.csv`, 'text/csv', writeCsv(listRows(cards, walks, state), pack, state.tallies));
}

// Keys --------------------------------------------------------------------------------

const LETTERS = {
  b: blank, '.': blank, t: () => tools.children[0].click(), '+': moreTime, q: showCode, r: showResults, f: turnFullScreen, h: showHelp, '?': showHelp,
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const isField = event.target.matches?.('input');
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const act = { PageDown: () => go(1), PageUp: () => go(-1) }[event.key]
    ?? (isField ? null : { ArrowRight: () => go(1), ArrowLeft: () => go(-1), ArrowDown: () => scroll(1), ArrowUp: () => scroll(-1) }[event.key])
    ?? (state.hasKeys ? LETTERS[event.key.toLowerCase()] ?? (digit && !isField ? () => pressDigit(Number(digit), event.shiftKey) : null) : null);
  if (!act) return;
  event.preventDefault();
  act();
}

/** Move what is longer than the screen: the provisions, and where they can't move further, the rest; on a narrow screen the page. */
function scroll(by) {
  const parts = [...stage.querySelectorAll(LONG)].filter((each) => each.scrollHeight > each.clientHeight + 1).sort((a, b) => b.matches('.reveal-scroll') - a.matches('.reveal-scroll'));
  const part = parts.find((each) => by > 0 ? each.scrollTop + each.clientHeight < each.scrollHeight - 2 : each.scrollTop > 0);
  if (part) part.scrollBy({ top: by * part.clientHeight * SCREENFUL });
  else if (!parts.length) scrollBy({ top: by * innerHeight * SCREENFUL });
}

function pressDigit(digit, isLess) {
  const row = stage.querySelectorAll('[data-tally] .tally-row')[digit - 1];
  if (row) row.querySelector(`.tally-add:${isLess ? 'first' : 'last'}-of-type`)?.click();
  else stage.querySelector(`.walk-options [data-key="${digit}"]`)?.click();
}

plain.hidden = true;
main.append(frame);
document.addEventListener('keydown', onKey);
stage.addEventListener('scroll', cue, { capture: true, passive: true });
for (const face of document.fonts) face.load().catch(() => {}); // in the midst of a workshop, or with the network cut, they would come late or never
setInterval(tick, 500);
show({ isFirst: true });
if (kept && kept.at !== 'start') note.textContent = 'Taken up where you left it.';
