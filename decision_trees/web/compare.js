// <decision-comparison>: one case put to every edition. The page holds the first case and its verdicts;
// with the engine the reader puts another, answering only what still matters to some edition.
import { readPlace, writePlace } from './answers.js';
import { engine } from './engine.js';
import { focus, make, note, questionForm, today, verdict } from './views.js';

/** Here a reader does wait. */
const WAITS = {
  soon: 'Getting the rules ready…',
  late: 'Getting the rules ready takes long here. Each edition’s own question answers without them: choose “Walk it” below.',
};

class DecisionComparison extends HTMLElement {
  #turn = 0;
  #isAsking = false;

  connectedCallback() {
    this.first = JSON.parse(this.dataset.case);
    this.querySelector('.case').append(
      make('div.case-actions', {}, make('button.button.button--quiet', { type: 'button', 'data-change-case': true, onclick: () => this.#ask({}) }, 'Put your own case')),
    );
    addEventListener('popstate', () => this.#show());
    engine.addEventListener('slow', async () => {
      const { showWait } = await import('./waiting.js');
      const box = this.querySelector('.case-question');
      if (engine.state === 'starting' && this.#isAsking) { box.replaceChildren(); showWait(box, engine, WAITS); }
    });
    if (Object.keys(this.#answers).length) this.#start();
  }

  get #answers() {
    return readPlace(location.hash).answers;
  }

  #start() {
    this.#isAsking = true;
    engine.start();
    this.#show();
  }

  #ask(answers) {
    history.pushState(null, '', writePlace({ tree: '', change: '', answers }) || location.pathname);
    this.#start();
  }

  async #show() {
    if (!this.#isAsking) return;
    const turn = ++this.#turn;
    const box = this.querySelector('.case-question');
    box.hidden = false;
    if (engine.state !== 'ready' && !box.querySelector('.engine-wait')) box.replaceChildren(make('p', { role: 'status' }, 'Getting the rules ready…'));
    const root = new URL(this.dataset.root, location.href);
    const trees = Object.fromEntries(this.dataset.editions.split(' ').map((edition) => [`${edition}/${this.dataset.topic}`, new URL(`trees/${edition}/${this.dataset.topic}/tree.json`, root).href]));
    const answers = this.#answers;
    const found = await engine.compare(this.dataset.topic, new URL(this.dataset.page, location.href).href, trees, answers).catch(() => null);
    if (turn !== this.#turn) return;
    if (!found) {
      box.replaceChildren(make('p', { role: 'status' }, 'The rules’ engine could not start here, so only the case on the page can be shown. Each edition’s own question still answers you: choose “Walk it” below.'));
      return;
    }
    if (found.asking?.today) {
      history.replaceState(null, '', writePlace({ tree: '', change: '', answers: { ...answers, [found.asking.fact]: today() } }));
      this.#show();
      return;
    }
    this.#showCase(found.case, answers);
    for (const [edition, position] of Object.entries(found.editions)) this.#showVerdict(edition, position);
    this.#showQuestion(found.asking, answers, found.strange);
  }

  #showCase(rows, answers) {
    this.querySelector('.case ul').replaceChildren(...rows.map((row) => make('li', {}, `${row.ask} `, make('b', {}, row.said), ' ',
      make('button.button.button--plain.case-change', { type: 'button', onclick: () => this.#ask(Object.fromEntries(Object.entries(answers).filter(([name]) => name !== row.fact))) }, 'Change', make('span.visually-hidden', {}, `: ${row.ask}`)))));
    this.querySelector('[data-change-case]').textContent = rows.length ? 'Start again' : 'Put your own case';
  }

  #showVerdict(edition, position) {
    const cell = this.querySelector(`[data-edition="${edition}"] .compare-verdict`);
    const walk = cell.querySelector('a[href*="trees/"]');
    const urls = JSON.parse(cell.parentElement.dataset.provisions);
    const cited = (numbers) => make('span.cited', {}, ...numbers.flatMap((number) => [' ', number in urls ? make('a', { href: urls[number] }, number) : number]));
    const parts = position.position === 'reached'
      ? [verdict(position.verdict), make('div', {}, position.brief || position.say), cited(position.provisions)]
      : [make('span.says-nothing', {}, position.position === 'rejected' ? 'Can’t be answered' : 'It depends'), make('div', {}, position.ask ?? position.problems?.[0]?.say ?? '')];
    cell.replaceChildren(...parts, make('div', {}, walk));
  }

  #showQuestion(question, answers, strange) {
    const box = this.querySelector('.case-question');
    if (!question) {
      box.replaceChildren(make('p', { role: 'status', tabindex: '-1' }, 'Every edition has answered.'));
    } else {
      const council = question.edition ? document.querySelector(`[data-edition="${question.edition}"] .compare-council`).textContent : '';
      box.replaceChildren(
        make('div.tree', {}, council ? make('p.tree-about.case-council', {}, `${council} also asks`) : null,
          questionForm({ ...question, why: null }, { level: 'h2', answer: (value) => this.#ask({ ...answers, [question.fact]: value }), back: null })),
      );
    }
    if (strange.length) box.append(note(`A part of the link is no answer to any question here (${strange.join(', ')}), so it was left out.`));
    focus(box.querySelector('[tabindex="-1"]'));
  }
}

customElements.define('decision-comparison', DecisionComparison);
