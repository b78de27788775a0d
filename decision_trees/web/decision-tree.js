// <decision-tree> takes over the HTML that the build wrote and walks on in place.
// The next step is shown at once from the compiled page; as soon as the engine is
// there it has the last word on where the answers lead.
import { readPlace, writePlace } from './answers.js';
import { engine } from './engine.js';
import { focus, icon, make, note, progress, questionForm, thread, today, verdict } from './views.js';
import { Walk } from './walk.js';

/** What the engine adds to an outcome; fetched when it has something to add. */
let enrich;

/**
 * How long a frame takes from the page to the screen on a slow device, in milliseconds. Other threads and processes draw it, and on few
 * processors whatever begins meanwhile, here or in the engine, keeps them from it.
 */
const DRAWING = 50;

export class DecisionTree extends HTMLElement {
  /** @type {Walk | null} */
  #walk = null;
  #loading = null;
  #isOwn = false;
  #step = 0;
  #place = readPlace('');
  /** How the address is to be told of that place, once it has been drawn. @type {'' | 'pushState' | 'replaceState'} */
  #unwritten = '';
  /** The first question to the engine, which brings the diagram in. */
  #warm = null;
  /** When what was shown last has been drawn. */
  #drawn = Promise.resolve();
  /** The parts of the step that is shown or about to be. @type {Element[] | null} */
  #coming = null;
  /** The step that the answer chosen would lead to, its first part laid out and out of sight. @type {{place: string, parts: Element[]} | null} */
  #ahead = null;
  #stage;
  #title = document.title;

  connectedCallback() {
    if (this.#stage) return;
    this.#isOwn = this.hasAttribute('data-own');
    this.#stage = make('div.stage');
    const details = this.closest('details');
    const wake = () => this.#wake();
    for (const sign of ['pointerenter', 'focusin', 'pointerdown']) (details ?? this).addEventListener(sign, wake, { once: true });
    this.addEventListener('click', (event) => this.#onClick(event));
    addEventListener('hashchange', () => this.#follow({ quiet: false })); // Back and Forward too: addresses differ by their fragments alone
    document.querySelector('.start-again')?.addEventListener('click', (event) => { event.preventDefault(); this.#go({}); });
    engine.addEventListener('change', () => engine.state === 'failed' && this.#stage.isConnected && this.#tell());
    engine.addEventListener('slow', () => this.#showWait());
    details?.addEventListener('toggle', () => details.open && this.#follow({ quiet: true }));
    if (this.#isOwn) {
      this.#walk = new Walk(this.querySelector('.states'));
      this.#follow({ quiet: true });
      if (!navigator.connection?.saveData) (globalThis.requestIdleCallback ?? setTimeout)(wake);
    } else if (this.#isMine(readPlace(location.hash))) {
      if (details) details.open = true;
      details?.scrollIntoView();
    }
  }

  #isMine(place) {
    return this.#isOwn ? !place.tree || place.tree === this.dataset.topic : place.tree === this.dataset.topic;
  }

  #wake() {
    this.#load();
    engine.start();
    this.#warm ??= this.#askEngine({}); // with Python, not after it
  }

  /** Bring in the compiled walk: this page's own, or that of the tree's page. */
  async #load() {
    if (this.#walk) return this.#walk;
    this.#loading ??= fetch(this.dataset.page).then(async (response) => {
      if (!response.ok) throw new Error(`${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      rebase(page, new URL(this.dataset.page, location.href), location.href);
      this.#walk = new Walk(page);
      return this.#walk;
    }).catch((error) => { this.#loading = null; throw error; });
    return this.#loading;
  }

  // Without this a link would leave the page before the element has shown its first question.
  #onClick(event) {
    const link = event.target.closest?.('a.option, a[data-again]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches('[data-again]')) { this.#go(without(this.#place.answers, (name, value) => value === '?')); return; }
    const [name, ...value] = link.dataset.answer.split('=');
    this.#go({ ...this.#place.answers, [name]: value.join('=') });
  }

  /** Go where the address says. */
  #follow({ quiet }) {
    const place = readPlace(location.hash);
    this.#place = this.#isMine(place) ? place : { tree: this.#isOwn ? place.tree : '', change: '', answers: {}, isWhole: true };
    this.#unwritten = '';
    this.#show({ quiet });
  }

  /** Go on with these answers. The address follows when the step has been drawn: a browser that changes it does more than that, and reads the page's icon anew. */
  #go(answers, change = '') {
    const place = { tree: this.#isOwn ? '' : this.dataset.topic, change, answers, isWhole: true };
    if (this.#unwritten && writePlace(place) === writePlace(this.#place)) return; // pressed twice
    this.#write();
    this.#place = place;
    this.#unwritten = 'pushState';
    this.#show({ quiet: false });
  }

  /** Have the address say where the reader is. */
  #write() {
    if (this.#unwritten) history[this.#unwritten](null, '', writePlace(this.#place) || location.pathname + location.search);
    this.#unwritten = '';
    if (this.#isOwn) document.querySelector('.see-whole')?.setAttribute('href', `whole/${location.hash}`);
  }

  async #show({ quiet }) {
    const details = this.closest('details');
    if (details && !details.open) return;
    const turn = ++this.#step;
    if (Object.keys(this.#place.answers).length) this.#wake();
    let walk;
    try {
      walk = await this.#load();
    } catch {
      if (!quiet) location.assign(this.dataset.page + writePlace({ ...this.#place, tree: '' }));
      return;
    }
    if (turn !== this.#step) return;
    const { answers } = this.#place;
    const step = walk.follow(answers);
    const isForEngine = engine.state === 'ready' && step.question?.today && !(step.question.fact in answers);
    if (!isForEngine) this.#render(step, null, quiet);
    await this.#drawn; // it has the processor to itself until then
    if (turn !== this.#step) return;
    const found = engine.state === 'ready' || Object.keys(answers).length ? await this.#askEngine(answers) : null;
    if (turn !== this.#step || (!found && !isForEngine)) return;
    this.#render(step, found, isForEngine ? quiet : true);
  }

  async #askEngine(answers) {
    if (!engine.canBeAsked) return null;
    try {
      const found = await engine.ask(this.dataset.tree, new URL('tree.json', new URL(this.dataset.page, location.href)).href, answers);
      if (found.outcome) ({ enrich } = await import('./outcome.js'));
      return found;
    } catch {
      return null;
    }
  }

  // Rendering -----------------------------------------------------------------------

  /** Show a step. `found` is the engine's word on it, or null where it has none yet. */
  async #render(step, found, quiet) {
    const { answers, change } = this.#place;
    if (found?.position === 'asking' && found.today && !(found.fact in answers)) {
      this.#place = { ...this.#place, answers: { ...answers, [found.fact]: today() } };
      this.#unwritten ||= 'replaceState';
      this.#show({ quiet });
      return;
    }
    const shown = this.#stage.dataset;
    const asked = found?.fact ?? step.question?.fact ?? '';
    const position = change ? 'changing' : found?.position ?? step.position;
    const place = JSON.stringify([change, answers]);
    const isSame = quiet && shown.place === place && shown.asked === asked && shown.position === position && shown.outcome === (found?.outcome ?? step.outcome ?? '');
    if (isSame && (found === null || shown.by === 'engine')) return;
    // A reader who is in the midst of the step keeps it as it is: the engine only adds to it.
    const isInside = this.#stage.contains(document.activeElement);
    if (isSame && position !== 'reached' && (isInside || this.#ahead)) return;
    Object.assign(shown, { place, asked, position, outcome: found?.outcome ?? step.outcome ?? '', by: found ? 'engine' : 'page' });
    const outcome = this.#stage.querySelector(':scope > .outcome-view');
    if (isSame && position === 'reached' && outcome) {
      enrich(outcome, found, this.#walk);
      this.#tell(step);
      return;
    }
    const said = found?.answers ?? step.answers;
    const height = quiet ? 0 : this.#stage.offsetHeight; // while nothing has changed: the browser lays out anew to tell, and again to take the focus away
    const ahead = !found && this.#ahead?.place === place ? this.#ahead.parts : null;
    const parts = ahead ?? this.#parts(step, found, answers, change, said, found?.unused ?? step.unused);
    if (!this.#stage.isConnected) {
      this.replaceChildren(this.#stage);
      document.documentElement.classList.add('is-walking');
    }
    this.#coming = parts;
    if (!quiet) await this.#bring(parts[0], height);
    if (this.#coming !== parts) return; // the reader is a step further
    this.#put(parts);
    const heading = this.#stage.querySelector('.error-summary, [tabindex="-1"]');
    if (!quiet || isInside) focus(heading, this.#isOwn);
    this.#write();
    document.title = this.#isOwn || Object.keys(answers).length ? `${heading?.textContent.trim() ?? ''}: ${this.dataset.ask}` : this.#title;
    this.#tell(step);
    this.#report(step, found);
  }

  /**
   * Bring the question or the verdict into sight, and nothing else: the browser then styles and lays out next to nothing. Once that has
   * been drawn, what was there goes, the rest of the step comes, the engine has its word, and the new takes the focus and presses.
   */
  #bring(first, height) {
    const { classList, style } = this.#stage;
    if (first.parentNode !== this.#stage) this.#setAhead(first);
    this.#stage.querySelector(':scope > :not(.is-aside)')?.classList.add('is-aside');
    first.classList.remove('is-aside');
    classList.add('is-fresh');
    style.minHeight = `${height}px`; // what stands below, and a frame around, stay where they are until then
    first.querySelector('[tabindex="-1"]')?.scrollIntoView({ block: 'nearest' });
    this.#drawn = new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve, DRAWING)); });
    return this.#drawn;
  }

  /** Put the parts of a step in place of what is shown. What is there already stays: only what it was kept from is given to it. */
  #put([first, ...rest]) {
    if (first.parentNode !== this.#stage) this.#stage.append(first);
    for (const child of [...this.#stage.children]) if (child !== first) child.remove();
    first.classList.remove('is-aside');
    first.inert = false;
    first.ariaHidden = null;
    this.#stage.append(...rest.filter(Boolean));
    this.#stage.classList.remove('is-fresh');
    this.#stage.style.minHeight = '';
    this.#ahead = null;
  }

  /** Lay out the first part of a step behind what is shown, out of the reader's sight and reach. */
  #setAhead(first) {
    first.classList.add('is-aside');
    first.inert = true;
    first.ariaHidden = 'true';
    const { firstElementChild: before } = this.#stage;
    if (before) before.after(first);
    else this.#stage.append(first);
  }

  /** Make the step that an answer leads to and have it laid out, while the reader has chosen it and not yet gone on. */
  #prepare(answers) {
    const turn = this.#step;
    (globalThis.requestIdleCallback ?? setTimeout)(() => {
      if (turn !== this.#step) return;
      this.#ahead?.parts[0].remove();
      const step = this.#walk.follow(answers);
      const parts = this.#parts(step, null, answers, '', step.answers, step.unused);
      this.#ahead = { place: JSON.stringify(['', answers]), parts };
      this.#setAhead(parts[0]);
    });
  }

  /** Tell whoever listens where the answers lead: an event that bubbles, and that this page alone can hear. */
  #report(step, found) {
    const outcome = found ? found.outcome : step.outcome;
    this.dispatchEvent(new CustomEvent('decision-tree-step', { bubbles: true, detail: {
      position: found?.position ?? step.position, answers: { ...this.#place.answers }, answered: (found?.answers ?? step.answers).length,
      ...(outcome ? { outcome, verdict: this.#walk.outcomes.get(outcome)?.dataset.verdict ?? '' } : {}),
    } }));
  }

  #parts(step, found, answers, change, said, unused) {
    const level = this.#isOwn ? 'h2' : 'h3';
    const toChange = (fact) => this.#go(answers, fact);
    const ask = (question, options) => {
      const give = (value) => ({ ...withoutParts(answers, question.fact), [question.fact]: value });
      return questionForm(question, { level, choose: (value) => this.#prepare(give(value)), answer: (value) => this.#go(give(value)), ...options });
    };
    if (found?.position === 'rejected' && !change) return [this.#rejected(found, answers)];
    if (change) {
      const question = this.#walk.findQuestion(change) ?? this.#walk.findQuestion(change.split('.')[0]);
      if (question) return [
        ask(question, { given: answers[change] ?? '', submit: 'Save the change', backWords: 'Keep it as it was', back: () => this.#go(answers) }),
        thread(said.filter((each) => each.fact !== change), unused.filter((each) => each.fact !== change), toChange),
      ];
      if (engine.state === 'ready') this.#changeByEngine(change, answers, level);
      if (found?.position === 'rejected') return [this.#rejected(found, answers)];
    }
    const position = found?.position ?? step.position;
    if (position === 'asking') {
      const question = found ? { ...found, why: this.#walk.findQuestion(found.fact)?.why ?? null } : step.question;
      const last = said.at(-1);
      return [
        ask(question, { back: last ? () => toChange(last.fact) : null }),
        thread(said, unused, toChange),
        make('div.tree-progress', {}, step.left ? progress(said.length, step.left) : null, said.length ? this.#startAgain() : null),
      ];
    }
    if (position === 'open') return [this.#open(step, found, answers), thread(said, unused, toChange), make('div.tree-progress', {}, this.#startAgain())];
    return [this.#outcome(step, found, thread(said, unused, toChange, true))];
  }

  #rejected(found, answers) {
    const names = found.problems.map((problem) => problem.fact).filter((name) => name in answers);
    const rest = without(answers, (name) => names.includes(name));
    const section = make('section.question', {},
      make(`${this.#isOwn ? 'h2' : 'h3'}.question-ask`, { tabindex: '-1' }, found.problems.length === 1 ? 'One answer can’t be right' : 'Some answers can’t be right'),
      make('ul.problems', {}, ...found.problems.map((problem) => make('li.error-message', {}, icon('alert'), make('span', {}, problem.say)))));
    const actions = make('div.question-actions');
    if (names.length) actions.append(make('button.button', { type: 'button', onclick: () => this.#go(rest) }, 'Answer again'));
    actions.append(this.#startAgain());
    section.append(actions);
    return section;
  }

  #open(step, found, answers) {
    const section = this.#walk.opens.get(step.section?.dataset.open);
    if (section && (!found || found.fact === step.question?.fact)) return adopt(section);
    return make('section.question.open', {}, make('h2.question-ask', { tabindex: '-1' }, 'It still depends'),
      make('p.question-hint', {}, 'You weren’t sure of: ', make('b', {}, found?.ask ?? '')),
      make('ul.open-outcomes', {}, ...(found?.possible ?? []).map((each) => make('li', {}, verdict(each.verdict, each.brief), make('p', {}, each.say)))),
      make('p.question-actions', {}, make('button.button', { type: 'button', onclick: () => this.#go(without(answers, (name) => name === found?.fact)) }, 'I know now: answer it')));
  }

  #outcome(step, found, how) {
    const section = adopt(this.#walk.outcomes.get(found?.outcome ?? step.outcome));
    if (how) {
      how.classList.add('outcome-part');
      section.querySelector('.outcome-main').append(how);
    }
    section.querySelector('.outcome-side').prepend(this.#keep(section, found?.answers ?? step.answers));
    if (found) enrich(section, found, this.#walk);
    return section;
  }

  #startAgain() {
    return make('button.button.button--plain', { type: 'button', 'data-start-again': true, onclick: () => this.#go({}) }, 'Start again');
  }

  #keep(section, answers) {
    const { ask, tree, edition, version, review } = this.dataset;
    const see = make('button.button', { type: 'button', 'data-record': true, onclick: async () => {
      const { readRecord, showRecord } = await import('./record.js');
      showRecord(readRecord(section, { ask, tree, edition, version, review }, answers)).addEventListener('close', () => see.focus());
    } }, 'See the record');
    const done = make('span.copied', { role: 'status' });
    const copy = make('button.button.button--quiet', { type: 'button', onclick: async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        done.textContent = 'Copied';
      } catch {
        done.textContent = 'Copy it from the address bar';
      }
    } }, 'Copy a link to these answers');
    return make('section.outcome-part', {}, make('h3', {}, 'Keep a record'),
      make('p', {}, 'One sheet with your answers, this outcome and the provisions as they stand today. It is made on this device and goes nowhere else.'),
      make('div.record-actions', {}, see, copy, done, this.#startAgain()));
  }

  async #changeByEngine(change, answers, level) {
    const turn = this.#step;
    const question = await engine.question(this.dataset.tree, '', change).catch(() => null);
    await this.#drawn;
    if (!question || turn !== this.#step) return;
    this.#stage.replaceChildren(questionForm({ ...question, why: null }, { level, given: answers[change] ?? '', submit: 'Save the change', backWords: 'Keep it as it was', answer: (value) => this.#go({ ...answers, [change]: value }), back: () => this.#go(answers) }));
    this.#stage.querySelector('[tabindex="-1"]')?.focus();
  }

  /** Show a reader who has begun how the engine comes along, if it takes a while. */
  async #showWait() {
    if (!engine.isSlow || !this.#stage.isConnected || !Object.keys(this.#place.answers).length) return;
    (await import('./waiting.js')).showWait(this, engine);
  }

  /** Say what is missing: answers that the link has lost, and what only the engine can work out. */
  #tell(step) {
    this.#showWait();
    for (const each of this.#stage.querySelectorAll(':scope > .note')) each.remove();
    const strange = step?.strange ?? [];
    if (!this.#place.isWhole) this.#stage.append(note('A part of the link could not be read, so it was left out. Check the answers, or start again.'));
    if (this.#place.tree && !this.#isMine(this.#place)) this.#stage.append(note('The link holds answers to another question, so they were left out. Answer this one here, or look for the other in all questions.'));
    if (strange.length && engine.state !== 'ready') this.#stage.append(note(`The link also holds answers that this question does not ask for (${strange.join(', ')}). They were left out.`));
    if (engine.state === 'failed') this.#stage.append(note('The rules’ engine could not start here, so the walk goes on from the page itself. Answers and provisions are the same; dates worked out for you and what would change the answer are missing.', 'engine-note'));
  }
}

const without = (answers, drop) => Object.fromEntries(Object.entries(answers).filter(([name, value]) => !drop(name, value)));
const withoutParts = (answers, fact) => without(answers, (name) => name.startsWith(`${fact}.`));

/** A copy of a compiled section without what only its own page needs. */
function adopt(section) {
  const copy = document.importNode(section, true);
  copy.removeAttribute('id');
  for (const each of copy.querySelectorAll('noscript')) each.remove();
  return copy;
}

/** Make a fetched page's links right for the page that takes them over. */
function rebase(page, from, to) {
  for (const link of page.querySelectorAll('a[href]')) {
    const href = link.getAttribute('href');
    if (link.matches('a.option')) continue;
    const url = new URL(href, from);
    link.removeAttribute('target');
    link.setAttribute('href', url.pathname === new URL(to).pathname ? url.hash : url.href);
  }
}

customElements.define('decision-tree', DecisionTree);

// A link to a question that has left this page finds no element that could speak for it.
const checkLink = async () => {
  if (location.hash.length > 1 && !document.querySelector('decision-tree[data-own]')) (await import('./stray.js')).tellStray();
};
checkLink();
addEventListener('hashchange', checkLink);
