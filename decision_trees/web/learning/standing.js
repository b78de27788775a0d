// Where a learner stands, as plain values: which attempt, what was answered, what is in hand. No page, no platform.
// A bookmark is a standing written as short as it goes: answers by their places in the tree's list of questions.

/** @typedef {{fact: string, kind: string, ask: string, unit: string, options: {name: string, label: string}[]}} Fact */
/** @typedef {{page: string, data: string, facts: Fact[], outcomes: {outcome: string, verdict: string, brief: string, say: string}[], most: number}} CourseTree */
/** @typedef {{tree: string, edition: string, edition_name: string, ask: string, answers: Record<string, string>, answers_said: {fact: string, ask: string, answer: string, said: string}[], verdict: string, outcome: string, say: string, brief: string, duties: any[], provisions: any[]}} Case */
/** @typedef {{id: string, title: string, story: string, who: string, ask: string, cases: Case[], discuss: string[], mistake: string, breach: {number: string, html: string, url: string}[], choices: {number: string, say: string}[]}} Card */
/** @typedef {{pack: string, title: string, minutes: number, pass: number, random: boolean, standard: string, activity: string, mark: string, cards: Card[], trees: Record<string, CourseTree>}} Course */
/**
 * What was answered in one case: the answers in the order given, and the outcome's name, or `?` where the learner was not sure.
 * @typedef {{answers: Record<string, string>, end: string}} Given
 */
/** @typedef {{card: number, cases: Given[], breach: string}} Done  a card that was answered; `card` is its place in the course */
/**
 * @typedef {object} Standing
 * @property {number} attempt  from 1
 * @property {number} best     most cards right in an attempt that was finished, or -1
 * @property {number} seed     of the cards' order, 0 for the order of the pack
 * @property {Done[]} done     the cards of this attempt that were answered, in order
 * @property {{cases: Given[], answers: Record<string, string>}} hand  of the card in hand: its cases answered, and the answers of the next
 */

const VERSION = '1';
const LETTERS = 26;

/**
 * Begin an attempt.
 * @param {number} seed
 * @param {Standing} [before]  the attempt before it
 * @returns {Standing}
 */
export function begin(seed, before) {
  return { attempt: before ? Math.min(before.attempt + 1, 9999) : 1, best: before ? before.best : -1, seed, done: [], hand: emptyHand() };
}

export const emptyHand = () => ({ cases: [], answers: {} });

/**
 * Give the cards' places in the order of this attempt: the same each time for one seed.
 * @param {Course} course
 * @param {Standing} standing
 */
export function listOrder(course, { seed }) {
  const order = course.cards.map((_, place) => place);
  if (!seed) return order;
  let state = seed;
  // An xorshift generator: enough to shuffle a pack, and it gives the same order on every device.
  const next = () => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return (state >>> 0) / 2 ** 32; };
  for (let i = 0; i < 8; i++) next();
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Give the place of the card in hand, or -1 when the attempt is finished. */
export function findCard(course, standing) {
  return listOrder(course, standing)[standing.done.length] ?? -1;
}

/** @param {Case} expected @param {Given} given */
export const isRightCase = (expected, given) => given.end === expected.outcome;

/** @param {Card} card @param {Done} done */
export const isRightBreach = (card, done) => !card.breach.length || card.breach.some(({ number }) => number === done.breach);

/** @param {Card} card @param {Done} done */
export const isRightCard = (card, done) => card.cases.every((each, at) => isRightCase(each, done.cases[at])) && isRightBreach(card, done);

/** @param {Course} course @param {Standing} standing */
export const countRight = (course, standing) => standing.done.filter((done) => isRightCard(course.cards[done.card], done)).length;

/** How many cards must be right to pass. */
export const countNeeded = (course) => Math.ceil(course.pass * course.cards.length / 100 - 1e-9);

/** Keep a finished attempt's result, if it is the best so far. */
export function settle(course, standing) {
  return { ...standing, best: Math.max(standing.best, countRight(course, standing)) };
}

/**
 * Say answers in words, in the order in which they were given.
 * @param {CourseTree} tree
 * @param {Record<string, string>} answers
 */
export function sayAnswers(tree, answers) {
  return Object.entries(answers).map(([name, answer]) => {
    const fact = tree.facts.find((each) => each.fact === name);
    return { fact: name, ask: fact?.ask ?? name, answer, said: fact ? sayAnswer(fact, answer) : answer };
  });
}

/** @param {Fact} fact @param {string} answer */
function sayAnswer(fact, answer) {
  if (answer === '?') return 'Not sure';
  if (fact.options.length) return answer.split(',').map((name) => fact.options.find((option) => option.name === name)?.label ?? name).join('; ');
  if (fact.kind === 'date') return new Date(`${answer}T12:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return fact.kind === 'money' ? `£${answer}` : `${answer} ${fact.unit}`.trim();
}

// Bookmarks -------------------------------------------------------------------------

/**
 * Write a standing in printable ASCII: version|mark|attempt|best|seed|cards|hand.
 * @param {Course} course
 * @param {Standing} standing
 */
export function writeBookmark(course, { attempt, best, seed, done, hand }) {
  const place = done.length < course.cards.length ? findCard(course, { attempt, best, seed, done, hand }) : -1;
  const cards = done.map((each) => {
    const card = course.cards[each.card];
    const breach = each.breach ? `!${card.choices.findIndex(({ number }) => number === each.breach).toString(36)}` : '';
    return each.card.toString(36) + each.cases.map((given, at) => writeCase(course.trees[card.cases[at].tree], given)).join('') + breach;
  });
  const inHand = place < 0 ? '' : [
    ...hand.cases.map((given, at) => writeCase(course.trees[course.cards[place].cases[at].tree], given)),
    Object.keys(hand.answers).length ? `/${writePath(course.trees[course.cards[place].cases[hand.cases.length].tree], hand.answers)}` : '',
  ].join('');
  return [VERSION, course.mark, attempt, best < 0 ? '' : best, seed.toString(36), cards.join(','), inHand].join('|');
}

/**
 * Read a bookmark, or nothing from one that is of another version of the pack or no bookmark of ours.
 * @param {Course} course
 * @param {string} text
 * @returns {Standing | null}
 */
export function readBookmark(course, text) {
  const [version, mark, attempt, best, seed, cards, inHand] = text.split('|');
  if (version !== VERSION || mark !== course.mark || inHand === undefined || !/^\d+$/.test(attempt)) return null;
  try {
    /** @type {Standing} */
    const standing = { attempt: Number(attempt), best: best === '' ? -1 : Number(best), seed: parseInt(seed, 36) || 0, done: [], hand: emptyHand() };
    for (const written of cards ? cards.split(',') : []) standing.done.push(readCard(course, written));
    if (standing.done.some(({ card }, at) => card !== listOrder(course, standing)[at])) return null;
    const place = findCard(course, standing);
    if (place >= 0) standing.hand = readHand(course, course.cards[place], inHand);
    return standing;
  } catch {
    return null;
  }
}

function readCard(course, written) {
  const [, place, paths, breach] = /^([0-9a-z]+)((?:\/[^/!]*)*)(?:!(\w+))?$/.exec(written);
  const card = course.cards[parseInt(place, 36)];
  const cases = paths.split('/').slice(1).map((path, at) => readCase(course.trees[card.cases[at].tree], path));
  if (cases.length !== card.cases.length) throw new Error('a case is missing');
  return { card: parseInt(place, 36), cases, breach: breach === undefined ? '' : card.choices[parseInt(breach, 36)].number };
}

function readHand(course, card, written) {
  const hand = emptyHand();
  for (const path of written.split('/').slice(1)) {
    const tree = course.trees[card.cases[hand.cases.length].tree];
    if (path.includes('>')) hand.cases.push(readCase(tree, path));
    else hand.answers = readPath(tree, path);
  }
  return hand;
}

const writeCase = (tree, { answers, end }) => `/${writePath(tree, answers)}>${end === '?' ? '?' : writeLetters(tree.outcomes.findIndex(({ outcome }) => outcome === end))}`;

function readCase(tree, path) {
  const [answers, end] = path.split('>');
  return { answers: readPath(tree, answers), end: end === '?' ? '?' : tree.outcomes[readLetters(end)].outcome };
}

function writePath(tree, answers) {
  return Object.entries(answers).map(([name, answer]) => {
    const at = tree.facts.findIndex(({ fact }) => fact === name);
    return at < 0 ? '' : at.toString(36) + writeAnswer(tree.facts[at], answer);
  }).join('');
}

function writeAnswer({ options }, answer) {
  if (answer === '?') return '?';
  if (!options.length) return `:${answer};`;
  return answer.split(',').map((name) => writeLetters(options.findIndex((option) => option.name === name))).join('+');
}

function readPath(tree, path) {
  /** @type {Record<string, string>} */
  const answers = {};
  let length = 0;
  for (const [whole, at, value] of path.matchAll(/([0-9a-z]+)(\?|:[^;]*;|[A-Z]+(?:\+[A-Z]+)*)/g)) {
    const { fact, options } = tree.facts[parseInt(at, 36)];
    answers[fact] = value === '?' ? '?' : value.startsWith(':') ? value.slice(1, -1) : value.split('+').map((each) => options[readLetters(each)].name).join(',');
    length += whole.length;
  }
  if (length !== path.length) throw new Error('no path');
  return answers;
}

/** Letters as in a spreadsheet's columns: A to Z, AA and so on. */
function writeLetters(number) {
  if (number < 0) throw new RangeError('An answer that the course does not know');
  return (number < LETTERS ? '' : writeLetters(Math.floor(number / LETTERS) - 1)) + String.fromCharCode(65 + number % LETTERS);
}

const readLetters = (text) => [...text].reduce((sum, letter) => sum * LETTERS + letter.charCodeAt(0) - 64, 0) - 1;
