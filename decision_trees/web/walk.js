// The compiled walk: following the links that the build wrote, with the answers known so far.
// No rule is evaluated here. A link says what it answers (data-answer) and where it leads.

/** @typedef {import('./answers.js').Answers} Answers */
/** @typedef {{name: string, label: string, hint: string}} Option */
/**
 * @typedef {object} Question
 * @property {string} fact
 * @property {string} kind        choice, many, number, money or date
 * @property {string} ask
 * @property {string} hint
 * @property {string} unit
 * @property {boolean} today
 * @property {boolean} unsure      whether “I’m not sure” is offered
 * @property {Option[]} options
 * @property {Element | null} why
 */
/** @typedef {{fact: string, ask: string, said: string}} Said */
/**
 * @typedef {object} Step
 * @property {'asking' | 'reached' | 'open'} position
 * @property {Question} [question]
 * @property {string} [outcome]
 * @property {Element} [section]
 * @property {Said[]} answers
 * @property {Said[]} unused       answered, and no longer needed
 * @property {string[]} strange    names in the address that no question of this tree asks for
 * @property {HTMLElement[]} trail  the options taken, as they stand on the page
 * @property {{least: number, most: number}} [left]
 */

/** The states, outcomes and open ends of one tree's page. */
export class Walk {
  /** @param {ParentNode} root */
  constructor(root) {
    this.states = index(root, 'state');
    this.outcomes = index(root, 'outcome');
    this.opens = index(root, 'open');
    this.first = root.querySelector('[data-state]');
  }

  /**
   * Follow the answers from the first question to where they lead.
   * @param {Answers} answers
   * @returns {Step}
   */
  follow(answers) {
    const step = this.#follow(answers);
    const named = new Set(step.answers.map((said) => said.fact));
    const rest = Object.entries(answers).filter(([name]) => !named.has(name) && !named.has(name.split('.')[0]));
    // An answer that its own question does not offer is strange too.
    const found = rest.map(([name, given]) => ({ name, said: name === step.question?.fact ? null : this.#say(name, given) }));
    return { ...step, unused: found.map((each) => each.said).filter(Boolean), strange: found.filter((each) => !each.said).map((each) => each.name) };
  }

  #follow(answers) {
    /** @type {Map<string, Said>} */
    const said = new Map();
    /** @type {HTMLElement[]} */
    const trail = [];
    let section = this.first;
    if (!section) return { position: 'reached', outcome: this.outcomes.keys().next().value, section: this.outcomes.values().next().value, answers: [], trail };
    for (;;) {
      const { fact, variable, kind } = /** @type {HTMLElement} */ (section).dataset;
      const link = this.#choose(section, answers);
      const given = answers[fact] ?? answers[variable];
      if (!link) {
        const rest = [...said.values()];
        if (given === '?') {
          said.set(fact, { fact, ask: readAsk(section), said: 'Not sure' });
          return { position: 'open', section: this.opens.get(section.dataset.state), question: readQuestion(section), answers: [...said.values()], trail };
        }
        return { position: 'asking', section, question: readQuestion(section), answers: rest, trail, left: { least: Number(section.dataset.least), most: Number(section.dataset.most) } };
      }
      said.set(fact, { fact, ask: readAsk(section), said: kind === 'member' ? sayMany(section, answers, said.get(fact)?.said, link) : kind === 'interval' && !given.includes('..') ? sayQuantity(section, given) : labelOf(link) });
      trail.push(link);
      const target = link.dataset.to ?? link.getAttribute('href').split('#')[1];
      if (target.startsWith('outcome-')) {
        const outcome = target.slice('outcome-'.length);
        return { position: 'reached', outcome, section: this.outcomes.get(outcome), answers: [...said.values()], trail };
      }
      section = this.states.get(target);
    }
  }

  /**
   * Give the question that asks for a fact, if the page has one.
   * @param {string} fact
   */
  findQuestion(fact) {
    for (const section of this.states.values()) if (section.dataset.fact === fact) return readQuestion(section);
    return null;
  }

  /** Say an answer that the path does not come by, in the words of the page; nothing if no question asks for it. */
  #say(name, given) {
    const section = [...this.states.values()].find(({ dataset }) => dataset.fact === name || dataset.variable === name);
    if (!section) return null;
    const question = readQuestion(section);
    const labels = given.split(',').map((each) => question.options.find((option) => option.name === each)?.label ?? each);
    return { fact: name, ask: question.ask, said: given === '?' ? 'Not sure' : labels.join('; ') };
  }

  /**
   * @param {HTMLElement} section
   * @param {Answers} answers
   */
  #choose(section, answers) {
    const { fact, variable, kind } = section.dataset;
    const given = answers[fact] ?? answers[variable];
    if (given === undefined || given === '?') return null;
    const links = [...section.querySelectorAll('[data-answer]:not(.option--unsure)')];
    return links.filter((link) => link.closest('[data-state]') === section).find((link) => {
      const value = link.dataset.answer.slice(link.dataset.answer.indexOf('=') + 1);
      if (kind === 'member') {
        const held = answers[variable] ?? (answers[fact] === undefined ? undefined : answers[fact].split(',').includes(variable.slice(fact.length + 1)) ? 'yes' : 'no');
        return held === value;
      }
      return kind === 'interval' ? isWithin(given, value, section.dataset.quantity) : (answers[variable] ?? given) === value;
    });
  }
}

/**
 * Read a question out of the HTML that the build wrote.
 * @param {HTMLElement} section
 * @returns {Question}
 */
export function readQuestion(section) {
  const { fact, kind, quantity = '' } = section.dataset;
  const members = section.querySelector('template.members');
  const options = members
    ? [...members.content.children].map((each) => ({ name: each.dataset.option, ...readLabel(each) }))
    : [...section.querySelectorAll('a.option:not(.option--unsure)')].map((link) => ({ name: link.dataset.answer.split('=')[1], ...readLabel(link.querySelector('span')) }));
  return {
    fact, kind: kind === 'member' ? 'many' : kind === 'interval' ? quantity : 'choice', ask: readAsk(section),
    hint: members ? '' : section.querySelector('.question-hint')?.textContent ?? '', unit: section.dataset.unit ?? '', today: 'today' in section.dataset, unsure: section.querySelector('.option--unsure') !== null,
    options: kind === 'interval' ? [] : options, why: section.querySelector('.why'),
  };
}

/** @param {ParentNode} root @param {string} what @returns {Map<string, HTMLElement>} */
function index(root, what) {
  return new Map([...root.querySelectorAll(`[data-${what}]`)].map((each) => [each.dataset[what], each]));
}

const readAsk = (section) => section.querySelector('.question-ask').textContent;

/** @param {Element} element */
function readLabel(element) {
  const hint = element.querySelector('small')?.textContent ?? '';
  return { label: element.textContent.slice(0, element.textContent.length - hint.length), hint };
}

const labelOf = (link) => readLabel(link.querySelector('span') ?? link).label;

function sayMany(section, answers, before, link) {
  const question = readQuestion(section);
  const { fact, variable } = section.dataset;
  if (answers[fact] !== undefined) {
    const chosen = answers[fact].split(',');
    return question.options.filter((option) => chosen.includes(option.name)).map((option) => option.label).join('; ');
  }
  const label = question.options.find((option) => `${fact}.${option.name}` === variable)?.label ?? variable;
  return [before, `${label}: ${labelOf(link)}`].filter(Boolean).join('; ');
}

function sayQuantity(section, given) {
  const { quantity, unit = '' } = section.dataset;
  if (quantity === 'date') return new Date(`${given}T12:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return quantity === 'money' ? `£${given}` : `${given} ${unit}`.trim();
}

/** Say whether an amount or a date lies in an interval written low..high, either end left out. */
function isWithin(given, range, quantity) {
  if (given === range) return true;
  const read = quantity === 'date' ? (text) => text : Number;
  const [low, high] = range.includes('..') ? range.split('..') : [range, range];
  if (given.includes('..')) return false;
  const value = read(given);
  return (low === '' || value >= read(low)) && (high === '' || value <= read(high));
}
