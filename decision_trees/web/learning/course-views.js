// What a course looks like between the walks: its beginning, a card's story, what decides it, the result.
// Stories, provisions and points to discuss are HTML that the build made from the author's Markdown; all else is text.
import { icon, make, verdict } from '../views.js';
import { countNeeded, countRight, isRightBreach, isRightCard, isRightCase, sayAnswers } from './standing.js';

/** @typedef {import('./standing.js').Course} Course */
/** @typedef {import('./standing.js').Card} Card */
/** @typedef {import('./standing.js').Done} Done */
/** @typedef {import('./standing.js').Standing} Standing */

/** An element with HTML of the build's in it. */
function prose(name, html) {
  const element = make(name);
  element.innerHTML = html;
  return element;
}

const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Whether results are kept. */
export function ledgerNote({ isRecording, says }) {
  return make('p.course-ledger', { 'data-recording': String(isRecording) }, icon(isRecording ? 'tick' : 'alert'), make('span', {}, says));
}

/**
 * What was not recorded, as an alert; nothing where there is nothing to say.
 * @param {string} problem
 * @param {(() => void) | null} download
 */
export function alertView(problem, download) {
  return problem ? [make('p.course-ledger', { role: 'alert', 'data-recording': 'false' }, icon('alert'), make('span', {}, problem)), download && saveButton(download)].filter(Boolean) : [];
}

const saveButton = (download) => make('button.button.button--quiet', { type: 'button', 'data-download': true, onclick: download }, 'Save what you did as xAPI statements');

/**
 * The beginning.
 * @param {Course} course
 * @param {Standing | null} standing  where the learner left, if this is not the first visit
 * @param {Node} note
 * @param {() => void} go
 */
export function startView(course, standing, note, go) {
  const isUnderWay = standing !== null && (standing.done.length > 0 || standing.hand.cases.length > 0 || Object.keys(standing.hand.answers).length > 0 || standing.attempt > 1);
  const facts = [
    ['Cards', String(course.cards.length)], ['Time', `About ${course.minutes} minutes`],
    ['To pass', `${countNeeded(course)} of ${course.cards.length} cards right (${course.pass} %)`],
    ...(isUnderWay ? [['You are at', `Card ${Math.min(standing.done.length + 1, course.cards.length)}, attempt ${standing.attempt}`]] : []),
  ];
  return [
    make('p.eyebrow', {}, `${count(course.cards.length, 'card')}, each decided by walking through the rules`),
    make('h1', { tabindex: '-1' }, course.title),
    prose('div.course-intro', course.intro),
    make('dl.course-facts', {}, ...facts.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value)))),
    note,
    make('div.question-actions', {}, make('button.button', { type: 'button', 'data-go': true, onclick: go }, isUnderWay ? 'Go on where you left' : 'Begin')),
    make('p.course-notice', {}, 'Links to provisions open in a new tab, so that the course stays as it is.'),
  ];
}

/**
 * A card: the story beside what is asked now.
 * @param {Course} course
 * @param {Standing} standing
 * @param {Card} card
 * @param {Node[]} beside
 */
export function cardView(course, standing, card, beside) {
  return [
    head(course, standing, standing.done.length + 1),
    make('div.course-card', {},
      make('article.course-story', {},
        make('p.eyebrow', {}, card.who), make('h1', { tabindex: '-1' }, card.title),
        prose('div.scenario-prose', card.story), make('p.course-ask', {}, card.ask)),
      make('div.course-walk', {}, ...beside)),
  ];
}

/** Which case of several is in hand. */
export function caseNote(card, at) {
  return card.cases.length < 2 ? null : make('p.course-case', {}, `${card.cases.length} councils, one story. Now ${at + 1} of ${card.cases.length}: ${card.cases[at].edition_name}.`);
}

/**
 * The question which provision was broken.
 * @param {Card} card
 * @param {(number: string) => void} answer
 */
export function breachForm(card, answer) {
  const heading = make('h2.question-ask', { tabindex: '-1' }, 'Which provision was broken?');
  const message = make('p.error-message', { id: 'breach-error', hidden: true }, icon('alert'), make('span', {}, make('span.visually-hidden', {}, 'Error: '), 'Choose the provision that was broken'));
  const field = make('fieldset', { 'aria-describedby': 'breach-error' }, make('legend', {}, heading), message,
    make('div.options', {}, ...card.choices.map(({ number, say }) => make('label.option', {}, make('input', { type: 'radio', name: 'breach', value: number }), make('span', {}, make('b', {}, number), make('small', {}, say))))));
  const form = make('form.question', { novalidate: true, 'data-breach': true }, field, make('div.question-actions', {}, make('button.button', { type: 'submit' }, 'This is my answer')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = form.querySelector('input:checked');
    if (chosen) answer(chosen.value);
    else {
      message.hidden = false;
      form.querySelector('input').focus();
    }
  });
  return make('section.tree', { 'aria-label': 'Which provision was broken?' }, form);
}

/**
 * What decides a card that was answered, and what the learner made of it.
 * @param {Course} course
 * @param {Done} done
 * @param {'h2' | 'h3'} level
 */
export function revealView(course, done, level = 'h2') {
  const card = course.cards[done.card];
  const below = level === 'h2' ? 'h3' : 'h4';
  const parts = card.cases.map((each, at) => caseReveal(course, each, done.cases[at], level, below, card.cases.length > 1));
  if (card.breach.length) parts.push(breachReveal(card, done, level));
  if (card.mistake) parts.push(make('section.outcome-part', {}, make(level, {}, 'A common mistake'), prose('div.course-prose', card.mistake)));
  if (card.discuss.length) parts.push(make('section.outcome-part', {}, make(level, {}, 'To think about'), make('ul.course-points', {}, ...card.discuss.map((each) => prose('li', each)))));
  return make('div.tree.course-reveal', {}, ...parts);
}

function caseReveal(course, expected, given, level, below, isOneOfMany) {
  const tree = course.trees[expected.tree];
  const isRight = isRightCase(expected, given);
  const ended = tree.outcomes.find(({ outcome }) => outcome === given.end);
  const words = expected.brief ? `${verdict(expected.verdict).textContent.trim()}: ${expected.brief}` : verdict(expected.verdict).textContent.trim();
  return make('section.course-case-reveal', { 'data-right': String(isRight) },
    isOneOfMany ? make('p.course-council', {}, `${expected.edition_name} edition`) : null,
    make(`div.outcome.verdict--${expected.verdict}`, {}, icon(`mark-${expected.verdict}`, 'mark'),
      make('div', {}, make(`${level}.outcome-word`, {}, words), make('p.outcome-say', {}, expected.say))),
    make('div.outcome-part', {}, mark(isRight, isRight ? 'You came to the same answer.' : ended
      ? `You came to another: ${verdict(ended.verdict).textContent.trim()}. ${ended.say}` : 'You left it open.')),
    isRight ? null : make('div.outcome-part', {}, make(below, {}, 'Where your path parted from the story'), paths(tree, expected, given)),
    expected.provisions.length ? make('div.outcome-part', {}, make(below, {}, 'The provisions that decide it'), make('ol.deciding', {}, ...expected.provisions.map(provision))) : null,
    expected.duties.length ? make('div.outcome-part', {}, make(below, {}, 'What comes with it'), make('ul.course-points', {}, ...expected.duties.map((duty) => make('li', {}, duty.if ? make('b', {}, `${duty.if} `) : null, duty.say)))) : null);
}

/** The learner's answers against the story's, question by question. */
function paths(tree, expected, given) {
  const own = new Map(sayAnswers(tree, given.answers).map((each) => [each.fact, each]));
  const story = new Map(expected.answers_said.map((each) => [each.fact, each]));
  const rows = [...new Set([...story.keys(), ...own.keys()])].map((fact) => {
    const [mine, theirs] = [own.get(fact), story.get(fact)];
    const isSame = mine?.answer === theirs?.answer;
    return make(`li${isSame ? '' : '.is-parted'}`, {}, make('p.answer-ask', {}, (theirs ?? mine).ask),
      isSame ? make('p.answer-value', {}, mine.said)
        : make('dl', {}, make('div', {}, make('dt', {}, 'You said'), make('dd', {}, mine?.said ?? 'You were not asked')), make('div', {}, make('dt', {}, 'The story says'), make('dd', {}, theirs?.said ?? 'This is no longer asked'))));
  });
  return make('ol.course-paths', {}, ...rows);
}

function breachReveal(card, done, level) {
  const isRight = isRightBreach(card, done);
  return make('section.course-case-reveal', { 'data-right': String(isRight) },
    make('div.outcome-part', {}, make(level, {}, 'What was broken'), mark(isRight, isRight ? `You named it: ${done.breach}.` : `You named ${done.breach || 'nothing'}.`)),
    make('div.outcome-part', {}, make('ol.deciding', {}, ...card.breach.map(provision))));
}

const mark = (isRight, words) => make(`p.course-mark${isRight ? '.is-right' : '.is-wrong'}`, {}, icon(isRight ? 'tick' : 'cross'), make('span', {}, make('b', {}, isRight ? 'Right. ' : 'Not right. '), words));

function provision({ number, html, url }) {
  return make('li', {}, make('a.deciding-number', { href: url, target: '_blank', rel: 'noopener' }, number), prose('blockquote', html));
}

/** Above a card: which one it is. */
export function head(course, standing, number) {
  return make('p.course-head', {}, make('span', {}, `Card ${number} of ${course.cards.length}`), standing.attempt > 1 ? make('span', {}, `Attempt ${standing.attempt}`) : null, make('span.course-title', {}, course.title));
}

/**
 * The result of an attempt, with every card and the mistakes in full.
 * @param {Course} course
 * @param {Standing} standing
 * @param {object} options
 * @param {Node} options.note
 * @param {() => void} options.again
 * @param {(() => void) | null} options.download
 */
export function resultView(course, standing, { note, again, download }) {
  const right = countRight(course, standing);
  const isPassed = right >= countNeeded(course);
  const wrong = standing.done.filter((done) => !isRightCard(course.cards[done.card], done));
  return [
    make('p.eyebrow', {}, `${course.title}. Attempt ${standing.attempt}`),
    make('h1', { tabindex: '-1' }, isPassed ? 'Passed' : 'Not passed yet'),
    make('p.course-score', { 'data-right': right }, make('b', {}, `${right} of ${count(course.cards.length, 'card')} right.`), ` To pass, ${countNeeded(course)} must be.${standing.best > right ? ` Your best attempt had ${standing.best}.` : ''}`),
    note,
    make('ol.course-list', {}, ...standing.done.map((done) => {
      const isRight = isRightCard(course.cards[done.card], done);
      return make('li', {}, icon(isRight ? 'tick' : 'cross'), make('span', {}, course.cards[done.card].title), make('span.course-list-word', {}, isRight ? 'Right' : 'Not right'));
    })),
    make('div.question-actions', {}, make('button.button', { type: 'button', 'data-again': true, onclick: again }, 'Start a new attempt'),
      download && saveButton(download)),
    ...(wrong.length ? [
      make('h2', {}, 'Your mistakes, and what decides them'),
      ...wrong.map((done) => make('details.course-review', { 'data-review': course.cards[done.card].id }, make('summary', {}, icon('chevron'), course.cards[done.card].title),
        prose('div.scenario-prose', course.cards[done.card].story), make('p.course-ask', {}, course.cards[done.card].ask), revealView(course, done, 'h3'))),
    ] : []),
  ];
}
