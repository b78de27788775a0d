// One case of a card, walked in the page: the compiled walk at once, the engine's word as soon as it is there.
// Answers are held here and not in the address, which belongs to the learning platform.
import { engine } from '../engine.js';
import { icon, make, progress, questionForm, thread, today, verdict } from '../views.js';
import { Walk } from '../walk.js';
import { sayAnswers } from './standing.js';

/** Longest that a step waits for a ready engine before it shows what the page knows, in milliseconds. */
const ENGINE_FIRST = 120;

/** @typedef {import('./standing.js').Case} Case */
/** @typedef {import('./standing.js').CourseTree} CourseTree */
/** @typedef {import('./standing.js').Given} Given */

/** @type {Map<string, Promise<Walk>>} */
const pages = new Map();

/** Read a tree's compiled page, once. */
function readWalk(page) {
  if (!pages.has(page)) {
    const url = new URL(page, document.baseURI);
    pages.set(page, fetch(url).then(async (response) => {
      if (!response.ok) throw new Error(`${page} answered ${response.status}`);
      const found = new DOMParser().parseFromString(await response.text(), 'text/html');
      for (const link of found.querySelectorAll('a[href]:not(.option)')) link.setAttribute('href', new URL(link.getAttribute('href'), url).href);
      return new Walk(found);
    }).catch((error) => { pages.delete(page); throw error; }));
  }
  return pages.get(page);
}

export class CaseWalk {
  #case;
  #tree;
  #stage;
  #onStep;
  #onEnd;
  #answers;
  #changing = '';
  #turn = 0;
  #onEngine = () => this.#show(true);

  /**
   * @param {Case} expected
   * @param {CourseTree} tree
   * @param {object} options
   * @param {Record<string, string>} options.answers  those given at an earlier visit
   * @param {(answers: Record<string, string>) => void} options.onStep  after every answer
   * @param {(given: Given, say: string) => void} options.onEnd         once the learner gives the answer
   */
  constructor(expected, tree, { answers, onStep, onEnd }) {
    this.#case = expected;
    this.#tree = tree;
    this.#answers = answers;
    this.#onStep = onStep;
    this.#onEnd = onEnd;
    this.#stage = make('div.stage');
    this.element = make('section.tree', { 'data-case': expected.tree, 'aria-label': `${expected.edition_name}: ${expected.ask}` },
      make('div.tree-head', {}, icon('fork', 'fork'), make('div', {}, make('h2.tree-ask', { tabindex: '-1' }, expected.ask), make('p.tree-about', {}, `${expected.edition_name} edition`))),
      this.#stage);
    engine.addEventListener('change', this.#onEngine);
    this.#show(true);
  }

  /** Stop listening: the card is done. */
  close() {
    engine.removeEventListener('change', this.#onEngine);
    this.#turn++;
  }

  #go(answers, changing = '') {
    this.#answers = answers;
    this.#changing = changing;
    if (!changing) this.#onStep(answers);
    this.#show(false);
  }

  async #show(isQuiet) {
    const turn = ++this.#turn;
    let walk;
    try {
      walk = await readWalk(this.#tree.page);
    } catch (error) {
      if (turn === this.#turn) this.#stage.replaceChildren(make('p.engine-note', { role: 'alert' }, icon('alert'), make('span', {}, `This question can’t be opened: ${error.message}. Reload the page to try again; your answers are kept.`)));
      return;
    }
    const step = walk.follow(this.#answers);
    const reply = engine.state === 'ready' ? this.#ask() : null;
    const found = reply && await Promise.race([reply, new Promise((resolve) => { setTimeout(() => resolve(null), ENGINE_FIRST); })]);
    if (turn !== this.#turn) return;
    this.#render(walk, step, found, isQuiet);
    if (!found && reply) {
      const late = await reply;
      if (late && turn === this.#turn) this.#render(walk, step, late, true);
    }
  }

  async #ask() {
    try {
      return await engine.ask(this.#case.tree, new URL(this.#tree.data, document.baseURI).href, this.#answers);
    } catch {
      return null;
    }
  }

  /** @param {import('../walk.js').Step} step @param {any} found  the engine's word, or null */
  #render(walk, step, found, isQuiet) {
    const position = found?.position ?? step.position;
    const fact = found?.fact ?? step.question?.fact ?? '';
    // The story's day is today, not the day on which somebody takes the course.
    if (position === 'asking' && !this.#changing && (found ?? step.question).today && !(fact in this.#answers)) {
      this.#go({ ...this.#answers, [fact]: this.#case.answers[fact] ?? today() });
      return;
    }
    const key = JSON.stringify([position, fact, found?.outcome ?? step.outcome, this.#changing, this.#answers]);
    const isSame = this.#stage.dataset.key === key;
    this.#stage.dataset.by = found ? 'engine' : 'page';
    if (isQuiet && isSame) return;
    this.#stage.dataset.key = key;
    this.#stage.dataset.position = this.#changing ? 'changing' : position;
    const said = found?.answers ?? step.answers;
    this.#stage.replaceChildren(...this.#parts(walk, step, found, position, said).filter(Boolean));
    if (!isQuiet) this.#stage.querySelector('[tabindex="-1"]')?.focus();
  }

  #parts(walk, step, found, position, said) {
    const toChange = (fact) => this.#go(this.#answers, fact);
    const path = thread(said, [], toChange, position === 'reached');
    if (position === 'rejected') return [this.#rejected(found)];
    if (this.#changing) {
      const question = walk.findQuestion(this.#changing);
      if (question) return [questionForm(question, {
        level: 'h3', given: this.#answers[this.#changing] ?? '', submit: 'Save the change', backWords: 'Keep it as it was',
        answer: (value) => this.#go({ ...this.#answers, [question.fact]: value }), back: () => this.#go(this.#answers),
      })];
    }
    if (position === 'asking') {
      const question = found ? { ...found, why: walk.findQuestion(found.fact)?.why ?? null } : step.question;
      const last = said.at(-1);
      return [
        questionForm(question, { level: 'h3', answer: (value) => this.#go({ ...this.#answers, [question.fact]: value }), back: last ? () => toChange(last.fact) : null }),
        path, make('div.tree-progress', {}, step.left && !found ? progress(said.length, step.left) : null),
      ];
    }
    const answers = Object.fromEntries(said.map(({ fact }) => [fact, this.#answers[fact]]).filter(([, answer]) => answer !== undefined));
    if (position === 'open') return [this.#open(walk, step, found, answers), path];
    const outcome = this.#tree.outcomes.find((each) => each.outcome === (found?.outcome ?? step.outcome));
    return [this.#end(outcome, found?.say ?? outcome.say, answers), path];
  }

  #end(outcome, say, answers) {
    const panel = make(`div.outcome.verdict--${outcome.verdict}`, {}, icon(`mark-${outcome.verdict}`, 'mark'),
      make('div', {}, make('h3.outcome-word', { tabindex: '-1' }, verdict(outcome.verdict).textContent.trim()), make('p.outcome-say', {}, say)));
    return make('div.course-end', {}, panel, make('div.question.course-give', {},
      make('p', {}, 'This is where your answers lead. Change one below if it was not what the story says.'),
      make('div.question-actions', {}, make('button.button', { type: 'button', 'data-give': true, onclick: () => this.#onEnd({ answers, end: outcome.outcome }, say) }, 'This is my answer'))));
  }

  #open(walk, step, found, answers) {
    const fact = found?.fact ?? step.question.fact;
    const rest = Object.fromEntries(Object.entries(this.#answers).filter(([name]) => name !== fact));
    return make('section.question.open', {}, make('h3.question-ask', { tabindex: '-1' }, 'It still depends'),
      make('p.question-hint', {}, 'You weren’t sure of: ', make('b', {}, found?.ask ?? step.question.ask)),
      make('p', {}, 'The story holds the answer. Read it again, or leave it open and see what decides; the card then counts as not right.'),
      make('div.question-actions', {},
        make('button.button', { type: 'button', 'data-again': true, onclick: () => this.#go(rest) }, 'I know now: answer it'),
        make('button.button.button--quiet', { type: 'button', 'data-give': true, onclick: () => this.#onEnd({ answers, end: '?' }, 'Not sure') }, 'Leave it open')));
  }

  #rejected(found) {
    const names = found.problems.map((problem) => problem.fact);
    const rest = Object.fromEntries(Object.entries(this.#answers).filter(([name]) => !names.includes(name)));
    return make('section.question', {}, make('h3.question-ask', { tabindex: '-1' }, 'An answer can’t be right'),
      make('ul.problems', {}, ...found.problems.map((problem) => make('li.error-message', {}, icon('alert'), make('span', {}, problem.say)))),
      make('div.question-actions', {}, make('button.button', { type: 'button', onclick: () => this.#go(names.some((name) => name in this.#answers) ? rest : {}) }, 'Answer again')));
  }
}

/** The learner's own path in words, for the review. */
export const sayPath = (tree, given) => sayAnswers(tree, given.answers);
