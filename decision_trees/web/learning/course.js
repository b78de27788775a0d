// A pack of cards as a course: a story, a walk through the rules, what decides it; and a ledger that keeps the result.
import { engine } from '../engine.js';
import { saveFile } from '../save.js';
import { make } from '../views.js';
import { CaseWalk } from './case-walk.js';
import { alertView, breachForm, cardView, caseNote, head, ledgerNote, resultView, revealView, startView } from './course-views.js';
import { openLedger } from './ledger.js';
import { begin, countNeeded, countRight, emptyHand, findCard, isRightBreach, isRightCard, isRightCase, readBookmark, sayAnswers, settle, writeBookmark } from './standing.js';

/** @typedef {import('./standing.js').Course} Course */
/** @typedef {import('./standing.js').Standing} Standing */

class CoursePage {
  #course;
  #ledger;
  #stage;
  /** @type {Standing} */
  #standing;
  #alert = make('div.course-alert');
  #told = '';
  #hasBegun;
  #hasLeft = false;
  #walk = null;
  #opened = performance.now();
  #asked = performance.now();

  /** @param {HTMLElement} stage @param {Course} course @param {import('./ledger.js').Ledger} ledger */
  constructor(stage, course, ledger) {
    this.#course = course;
    this.#ledger = ledger;
    this.#stage = stage;
    const found = readBookmark(course, ledger.bookmark);
    this.#hasBegun = found !== null;
    this.#standing = found ?? begin(this.#chooseSeed());
    stage.before(this.#alert);
    ledger.watch(() => this.#tell());
    this.#tell();
    addEventListener('pagehide', () => this.#leave());
    // A platform that was told the end takes nothing more from a page that the browser brings back.
    addEventListener('pageshow', (event) => event.persisted && location.reload());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.#save());
    if (this.#isFinished) this.#showResult(true);
    else this.#show(startView(course, found, ledgerNote(ledger), () => this.#begin()), true);
  }

  get #isFinished() { return findCard(this.#course, this.#standing) < 0; }

  /** @returns {import('./standing.js').Card} */
  get #card() { return this.#course.cards[findCard(this.#course, this.#standing)]; }

  #chooseSeed() { return this.#course.random ? crypto.getRandomValues(new Uint32Array(1))[0] || 1 : 0; }

  #begin() {
    if (!this.#hasBegun) this.#ledger.attempted(1, new Date());
    this.#hasBegun = true;
    if (!navigator.connection?.saveData) engine.start();
    this.#showCard();
  }

  /** What nobody has begun is not saved: it could replace what is kept and could not be read. */
  #save() {
    if (!this.#hasBegun || this.#hasLeft) return;
    const { done } = this.#standing;
    const of = this.#course.cards.length;
    this.#ledger.save(writeBookmark(this.#course, this.#standing), { card: Math.min(done.length + 1, of), share: done.length / of });
    this.#tell();
  }

  /** A page that goes away is hidden once more after this; by then nobody listens. */
  #leave() {
    this.#save();
    this.#hasLeft = true;
    this.#ledger.leave();
  }

  #tell() {
    const problem = this.#ledger.problem();
    const hasStatements = this.#ledger.statements().length > 0;
    if (`${problem}${hasStatements}` === this.#told) return;
    this.#told = `${problem}${hasStatements}`;
    this.#alert.replaceChildren(...alertView(problem, hasStatements ? () => this.#download() : null));
  }

  #show(parts, isFirst = false) {
    this.#walk?.close();
    this.#walk = null;
    this.#stage.replaceChildren(...parts.filter(Boolean));
    const heading = this.#stage.querySelector('h1');
    document.title = `${heading.textContent}: ${this.#course.title}`;
    if (isFirst) return;
    scrollTo({ top: 0, behavior: 'instant' });
    heading.focus({ preventScroll: true });
  }

  // A card -------------------------------------------------------------------------

  #showCard() {
    engine.start();
    const card = this.#card;
    const { hand } = this.#standing;
    this.#asked = performance.now();
    if (hand.cases.length === card.cases.length) {
      if (!card.breach.length) this.#finishCard('');
      else this.#show(cardView(this.#course, this.#standing, card, [breachForm(card, (number) => this.#answerBreach(number))]));
      return;
    }
    const at = hand.cases.length;
    const walk = new CaseWalk(card.cases[at], this.#course.trees[card.cases[at].tree], {
      answers: hand.answers,
      onStep: (answers) => { this.#standing = { ...this.#standing, hand: { ...this.#standing.hand, answers } }; this.#save(); },
      onEnd: (given, say) => this.#answerCase(given, say),
    });
    this.#show(cardView(this.#course, this.#standing, card, [caseNote(card, at), walk.element].filter(Boolean)));
    this.#walk = walk;
  }

  #answerCase(given, say) {
    const card = this.#card;
    const { hand, attempt } = this.#standing;
    const expected = card.cases[hand.cases.length];
    this.#ledger.answered({
      id: this.#nameEvent(card, expected.edition), title: `${card.title} (${expected.edition_name})`, ask: card.ask, kind: 'walk',
      steps: sayAnswers(this.#course.trees[expected.tree], given.answers), end: given.end, said: say,
      expectedSteps: expected.answers_said, expected: expected.outcome, isRight: isRightCase(expected, given),
      attempt, seconds: this.#seconds(), at: new Date(),
    });
    this.#standing = { ...this.#standing, hand: { cases: [...hand.cases, given], answers: {} } };
    if (hand.cases.length + 1 === card.cases.length && !card.breach.length) this.#finishCard('');
    else {
      this.#save();
      this.#showCard();
      this.#stage.querySelector('.course-walk [tabindex="-1"]')?.focus();
    }
  }

  #answerBreach(number) {
    const card = this.#card;
    const { hand, attempt } = this.#standing;
    const isRight = isRightBreach(card, { card: 0, cases: [], breach: number });
    this.#ledger.answered({
      id: this.#nameEvent(card, 'breach'), title: card.title, ask: 'Which provision was broken?', kind: 'breach', steps: [], end: number,
      said: `${number} ${card.choices.find((each) => each.number === number)?.say ?? ''}`.trim(),
      expectedSteps: [], expected: card.breach[0].number, isRight, attempt, seconds: this.#seconds(), at: new Date(),
    });
    this.#standing = { ...this.#standing, hand };
    this.#finishCard(number);
  }

  #nameEvent(card, part) { return `${card.id}.${part}.attempt-${this.#standing.attempt}`; }

  #seconds() { return Math.round((performance.now() - this.#asked) / 10) / 100; }

  #finishCard(breach) {
    const done = { card: findCard(this.#course, this.#standing), cases: this.#standing.hand.cases, breach };
    const number = this.#standing.done.length + 1;
    this.#standing = { ...this.#standing, done: [...this.#standing.done, done], hand: emptyHand() };
    if (this.#isFinished) this.#finish();
    this.#save();
    this.#showReveal(done, number);
  }

  #showReveal(done, number) {
    const card = this.#course.cards[done.card];
    const isRight = isRightCard(card, done);
    const isLast = this.#isFinished;
    this.#show([
      head(this.#course, this.#standing, number),
      make('h1', { tabindex: '-1' }, `${isRight ? 'Right' : 'Not right'}: ${card.title}`),
      revealView(this.#course, done),
      make('div.question-actions', {}, make('button.button', { type: 'button', 'data-next': true, onclick: () => isLast ? this.#showResult() : this.#showCard() }, isLast ? 'See your result' : 'Next card')),
    ]);
  }

  // An attempt ----------------------------------------------------------------------

  #finish() {
    this.#standing = settle(this.#course, this.#standing);
    const right = countRight(this.#course, this.#standing);
    this.#ledger.finished({
      attempt: this.#standing.attempt, right, best: this.#standing.best, of: this.#course.cards.length, pass: this.#course.pass,
      isPassed: right >= countNeeded(this.#course), seconds: Math.round((performance.now() - this.#opened) / 10) / 100, at: new Date(),
    });
  }

  #showResult(isFirst = false) {
    this.#show(resultView(this.#course, this.#standing, {
      note: ledgerNote(this.#ledger), again: () => this.#startAgain(),
      download: !this.#ledger.isRecording && this.#ledger.statements().length ? () => this.#download() : null,
    }), isFirst);
  }

  #startAgain() {
    this.#standing = begin(this.#chooseSeed(), this.#standing);
    this.#ledger.attempted(this.#standing.attempt, new Date());
    this.#save();
    this.#showCard();
  }

  #download() {
    saveFile(`${this.#course.pack}-statements.json`, 'application/json', JSON.stringify(this.#ledger.statements(), null, 2));
  }
}

const stage = document.querySelector('[data-course]');
try {
  const response = await fetch(stage.dataset.course);
  if (!response.ok) throw new Error(`${stage.dataset.course} answered ${response.status}`);
  const course = await response.json();
  new CoursePage(stage, course, await openLedger(course));
} catch (error) {
  stage.append(make('p.course-notice', { role: 'alert' }, `The course can’t be opened: ${error.message}. Reload the page; if that does not help, tell whoever keeps the learning platform that the package is not whole.`));
}
