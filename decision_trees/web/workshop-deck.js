// The cards and walks of a pack, read out of the page that the build wrote. Nothing is fetched.

export const VERDICTS = ['yes', 'yes-if', 'no', 'refer', 'silent'];
export const WORDS = { yes: 'Yes', 'yes-if': 'Yes, if', no: 'No', refer: 'Refer', silent: 'Silent' };

/**
 * @typedef {object} Case
 * @property {string} tree
 * @property {string} edition   the edition's name
 * @property {string} verdict
 * @property {string} outcome
 * @property {string} say
 * @property {string} to
 * @property {Record<string, string>} right  for each state of the walk the answer that the story gives
 * @property {string[]} answers   what the story answers, in words
 * @property {Element} provisions
 */
/**
 * @typedef {object} Card
 * @property {string} id
 * @property {string} title
 * @property {Element} story
 * @property {string} who
 * @property {string} ask
 * @property {Element | null} code    the QR code
 * @property {Case[]} cases
 * @property {{number: string, isRight: boolean, text: Element}[]} choices
 * @property {Element | null} breach
 * @property {Element[]} talk
 */
/** @typedef {{label: string, hint: string, answer: string, to: string, end: string}} Option */
/** @typedef {{ask: string, member: string, hint: string, options: Option[]}} State */
/** @typedef {{only: string, first: string, states: Map<string, State>, outcomes: Map<string, {verdict: string, say: string}>}} Walk */

/** @param {ParentNode} page @returns {Card[]} */
export const readCards = (page) => [...page.querySelectorAll('.pack-card')].map((article) => ({
  id: article.dataset.card, title: article.dataset.title, story: article.querySelector('.scenario-story'),
  who: text(article, '.card-who'), ask: text(article, '.card-question'), code: article.querySelector('.card-code svg'),
  cases: [...article.querySelectorAll('.card-case')].map(readCase),
  choices: [...article.querySelectorAll('.card-choices > ol > li')].map((row) => ({ number: row.dataset.number, isRight: 'right' in row.dataset, text: row.querySelector('blockquote') })),
  breach: article.querySelector('.card-breach .deciding'),
  talk: [...article.querySelectorAll('.card-mistake, .card-discuss')],
}));

/** @returns {Case} */
const readCase = (section) => ({
  tree: section.dataset.tree, edition: section.dataset.edition, verdict: section.dataset.verdict, outcome: section.dataset.outcome,
  say: text(section, '.card-say'), to: text(section, '.card-to b'), right: JSON.parse(section.dataset.right),
  answers: [...section.querySelectorAll('.card-answers dd')].map((each) => each.textContent),
  provisions: section.querySelector('.deciding'),
});

/** @param {ParentNode} page @returns {Map<string, Walk>} */
export function readWalks(page) {
  const walks = new Map();
  for (const { dataset, content } of page.querySelectorAll('template[data-walk]')) {
    const states = new Map([...content.querySelectorAll('[data-state]')].map((each) => [each.dataset.state, {
      ask: text(each, 'h2'), member: text(each, 'h2 + b'), hint: text(each, 'section > p'),
      options: [...each.querySelectorAll('li')].map((row) => ({ label: text(row, 'span'), hint: text(row, 'small'), answer: row.dataset.answer, to: row.dataset.to ?? '', end: row.dataset.end ?? '' })),
    }]));
    const outcomes = new Map([...content.querySelectorAll('[data-outcome]')].map((each) => [each.dataset.outcome, { verdict: each.dataset.verdict, say: each.textContent }]));
    walks.set(dataset.walk, { only: dataset.only ?? '', first: states.keys().next().value ?? '', states, outcomes });
  }
  return walks;
}

/**
 * Follow what the room answered: the state that asks next, or the outcome.
 * @param {Walk} walk
 * @param {string[]} answers  the answers taken, in order
 */
export function followRoom(walk, answers) {
  const steps = [];
  let state = walk.first;
  let end = walk.only;
  for (const answer of answers) {
    const found = walk.states.get(state);
    const option = found?.options.find((each) => each.answer === answer);
    if (!option) break;
    steps.push({ state, ask: found.ask, member: found.member, label: option.label, answer });
    state = option.to;
    end = option.end;
  }
  return { steps, state: end ? '' : state, end };
}

/**
 * List where the room answered otherwise than the story does.
 * @param {Walk} walk
 * @param {string[]} answers
 * @param {Record<string, string>} right
 */
export function listWrong(walk, answers, right) {
  return followRoom(walk, answers).steps.filter(({ state, answer }) => right[state] !== undefined && right[state] !== answer)
    .map(({ state, ask, member, label }) => ({ ask: [ask, member].filter(Boolean).join(' '), room: label, story: walk.states.get(state).options.find((each) => each.answer === right[state]).label }));
}

function text(parent, selector) {
  return parent.querySelector(selector)?.textContent.replace(/\s+/g, ' ').trim() ?? '';
}
