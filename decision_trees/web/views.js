// What a step looks like. Texts come from the compiled page or from the engine, and are only ever set as text.

/** @typedef {import('./walk.js').Question} Question */
/** @typedef {import('./walk.js').Said} Said */

let counter = 0;

/**
 * Make an element.
 * @param {string} name  tag and classes, `p.question-hint`
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 */
export function make(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== ''));
  return element;
}

/** Take the reader to an element. The page moves only where it is out of sight, or `always` to where the browser puts it. */
export function focus(element, always = false) {
  const { top, bottom } = element?.getBoundingClientRect() ?? {};
  element?.focus({ preventScroll: !always && top >= 0 && bottom <= innerHeight });
}

/** An icon of the page's own set. */
export function icon(name, classes = '') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  if (classes) svg.setAttribute('class', classes);
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#${name}`);
  svg.append(use);
  return svg;
}

/**
 * A question as a form.
 * @param {Question} question
 * @param {object} options
 * @param {string} options.level        the heading's tag
 * @param {string} [options.given]      the answer to begin with, when one is changed
 * @param {string} [options.error]      what is wrong with the answer given
 * @param {string} [options.submit]     the words on the button
 * @param {(answer: string) => void} options.answer
 * @param {(answer: string) => void} [options.choose]  told of an answer that is chosen and not yet given
 * @param {(() => void) | null} options.back
 * @param {string} [options.backWords]
 */
export function questionForm(question, { level, given = '', error = '', submit = 'Continue', answer, choose = null, back, backWords = 'Back' }) {
  const id = `dt${counter++}`;
  const heading = make(`${level}.question-ask`, { tabindex: '-1' }, question.ask);
  const described = [question.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const field = make('fieldset', { 'aria-describedby': described || null }, make('legend', {}, heading));
  if (question.hint) field.append(make('p.question-hint', { id: `${id}-hint` }, question.hint));
  if (question.kind === 'many') field.append(make('p.question-hint', {}, 'Choose all that apply.'));
  const message = make('p.error-message', { id: `${id}-error`, hidden: !error }, icon('alert'), make('span', {}, make('span.visually-hidden', {}, 'Error: '), error));
  field.append(message);
  const read = fields(question, field, id, given);
  const form = make('form.question', { novalidate: true, 'data-fact': question.fact, autocomplete: 'off' });
  form.append(field);
  if (question.why) form.append(question.why.cloneNode(true));
  const actions = make('div.question-actions', {}, make('button.button', { type: 'submit' }, submit));
  if (question.unsure) actions.append(make('button.button.button--plain', { type: 'button', 'data-unsure': true, onclick: () => answer('?') }, 'I’m not sure'));
  if (back) actions.append(make('button.button.button--plain', { type: 'button', 'data-back': true, onclick: back }, backWords));
  form.append(actions);
  if (choose) field.addEventListener('change', () => { const { answer: chosen } = read(); if (chosen) choose(chosen); });
  const complain = (text) => {
    form.querySelector('.error-summary')?.remove();
    message.hidden = false;
    message.lastElementChild.replaceChildren(make('span.visually-hidden', {}, 'Error: '), text);
    form.classList.add('question--rejected');
    const first = field.querySelector('input');
    first.id ||= `${id}-first`;
    for (const input of field.querySelectorAll('.date-fields input, .amount-field input')) input.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', [question.hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(' '));
    // It takes the focus and so is read out; as an alert it would be read out twice.
    const summary = make('div.error-summary', { role: 'group', tabindex: '-1', 'aria-labelledby': `${id}-mend`, 'aria-describedby': `${id}-to-mend` },
      make('p.error-title', { id: `${id}-mend` }, icon('alert'), 'One answer to mend'),
      make('a', { id: `${id}-to-mend`, href: `#${first.id}`, onclick: (event) => { event.preventDefault(); first.focus(); } }, text));
    form.prepend(summary);
    if (!document.title.startsWith('Error: ')) document.title = `Error: ${document.title}`;
    summary.focus();
  };
  // Enter in a field clicks the button too. A sandbox without allow-forms drops the form's own submit event.
  actions.firstElementChild.addEventListener('click', (event) => {
    event.preventDefault();
    const found = read();
    if (found.problem) complain(found.problem);
    else answer(found.answer);
  });
  if (error) queueMicrotask(() => complain(error));
  return form;
}

/**
 * Put the fields of a question into its fieldset and give how to read them.
 * @returns {() => {answer?: string, problem?: string}}
 */
function fields(question, field, id, given) {
  if (question.kind === 'date') return dateFields(question, field, given);
  if (question.kind === 'number' || question.kind === 'money') return amountField(question, field, id, given);
  const many = question.kind === 'many';
  const chosen = given.split(',');
  const list = make('div.options');
  for (const option of question.options) {
    const input = make('input', { type: many ? 'checkbox' : 'radio', name: id, value: option.name, checked: chosen.includes(option.name) });
    list.append(make(`label.option${many && option.name === 'none' ? '.option--none' : ''}`, {}, input, make('span', {}, option.label, option.hint ? make('small', {}, option.hint) : null)));
  }
  if (many) list.addEventListener('change', ({ target }) => {
    if (!target.checked) return;
    for (const input of list.querySelectorAll('input')) if ((target.value === 'none') !== (input.value === 'none')) input.checked = false;
  });
  field.append(list);
  return () => {
    const values = [...list.querySelectorAll('input:checked')].map((input) => input.value);
    if (!values.length) return { problem: many ? 'Choose what applies, or that none of these does' : 'Choose one answer, or say that you’re not sure' };
    return { answer: values.join(',') };
  };
}

function dateFields(question, field, given) {
  const start = given || (question.today ? today() : '');
  const [year = '', month = '', day = ''] = /^\d{4}-\d\d-\d\d$/.test(start) ? start.split('-') : [];
  const input = (label, value, width) => {
    const box = make('input', { inputmode: 'numeric', maxlength: width, value: value && String(Number(value)) });
    return { box, label: make('label', {}, label, ' ', box) };
  };
  const parts = [input('Day', day, 2), input('Month', month, 2), input('Year', year, 4)];
  field.append(make('div.date-fields', {}, ...parts.map((part) => part.label)));
  return () => {
    const [d, m, y] = parts.map((part) => part.box.value.trim());
    if (!d && !m && !y) return { problem: 'Give a day, a month and a year, like 9 11 2026' };
    const date = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
    if (!/^\d{1,2}$/.test(d) || !/^\d{1,2}$/.test(m) || !/^\d{4}$/.test(y) || date.getUTCDate() !== Number(d) || date.getUTCMonth() !== Number(m) - 1) return { problem: `${d || '?'} ${m || '?'} ${y || '?'} is not a date. Give a day, a month and a year of four figures` };
    return { answer: date.toISOString().slice(0, 10) };
  };
}

function amountField(question, field, id, given) {
  const box = make('input', { inputmode: 'decimal', id: `${id}-amount`, value: given.includes('..') ? '' : given });
  field.append(make('p.amount-field', {}, make('label', { for: `${id}-amount` }, question.kind === 'money' ? '£' : question.unit || 'Number'), box));
  return () => {
    const text = box.value.trim().replace(/^£/, '').replaceAll(',', '');
    if (!/^\d{1,12}(\.\d{1,2})?$/.test(text)) return { problem: `Give a number${question.unit ? ` of ${question.unit}` : ''} in figures, like 2` };
    return { answer: text };
  };
}

/** Today's date on this device, as in a link. */
export function today() {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');
}

/**
 * The answers so far, knotted on the tape, each with a link to change it.
 * @param {Said[]} answers
 * @param {Said[]} unused
 * @param {(fact: string) => void} change
 * @param {boolean} [isEnd]  at an outcome, where what was not used is no longer needed
 */
export function thread(answers, unused, change, isEnd) {
  if (!answers.length && !unused.length) return null;
  const row = (said, still) => make('li.answer', { 'data-answered': said.fact },
    make('div', {}, make('span.answer-ask', {}, said.ask), make('div.answer-value', {}, said.said), still || !isEnd ? null : make('span.answer-then', {}, 'No longer needed')),
    make('button.answer-change.button.button--plain', { type: 'button', onclick: () => change(said.fact) }, 'Change', make('span.visually-hidden', {}, ` your answer to: ${said.ask}`)));
  const section = make('section.thread', {}, make('h3.thread-title', {}, isEnd ? 'How this came about' : 'Your answers'));
  section.append(make('ol.answers', {}, ...answers.map((said) => row(said, true))));
  if (unused.length) section.append(make('h3.thread-title', {}, isEnd ? 'Answered, and no longer needed' : 'Answered, and kept in case they still count'), make('ol.answers.answers--unused', {}, ...unused.map((said) => row(said, false))));
  return section;
}

const WORDS = { yes: 'Yes', 'yes-if': 'Yes, if', no: 'No', refer: 'Refer', silent: 'Silent' };

/** A verdict in a word and a mark. */
export function verdict(name, brief = '') {
  return make(`span.verdict.verdict--${name}`, {}, icon(`mark-${name}`, 'mark'), ` ${WORDS[name]}${brief ? `: ${brief}` : ''}`);
}

/** A sentence under a step about something that is missing; it is spoken when it comes. */
export function note(words, name = '') {
  return make(`p.note${name && `.${name}`}`, { role: 'status' }, icon('alert'), make('span', {}, words));
}

/** Outcomes that a line names at most; more are counted. */
const NAMED = 3;

/** What would change the outcome, nearest first. */
export function changes(list) {
  if (!list.length) return null;
  return make('section.outcome-part.outcome-changes', {}, make('h3', {}, 'What would change it'), make('ul.changes', {}, ...list.map((each) => make('li.change', {},
    make('span', {}, `${each.ask} `, make('b', {}, each.label)),
    each.possible.length <= NAMED ? make('span.change-to', {}, ...each.possible.map((end) => verdict(end.verdict, end.brief))) : make('span', {}, `${each.possible.length} outcomes would be open`)))));
}

/** How far there is to go: only what is certain. */
export function progress(done, left) {
  const words = left.most <= 1 ? 'This is the last question.' : left.least === left.most ? `${left.most} questions to go, this one included.` : `At most ${left.most - 1} more after this.`;
  const knots = make('span.progress-knots', { 'aria-hidden': 'true' });
  for (let i = 0; i < Math.min(done, 12); i++) knots.append(make('i.tied'));
  knots.append(make('i'));
  for (let i = 1; i < Math.min(left.most, 12); i++) knots.append(make('i.may'));
  return make('p.progress', {}, knots, make('span', {}, `${done ? `${done} answered. ` : ''}${words}`));
}
