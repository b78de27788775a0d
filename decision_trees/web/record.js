// The record of an answer: one sheet, made on this device from what the page shows, and sent nowhere.
import { saveFile } from './save.js';
import { icon, make } from './views.js';

const WORDS = { yes: 'Yes', 'yes-if': 'Yes, if', no: 'No', refer: 'Refer', silent: 'Silent' };

/**
 * @typedef {object} Record
 * @property {string} reference
 * @property {string} ask
 * @property {string} edition
 * @property {string} version
 * @property {string} review
 * @property {string} answered   when, as ISO text
 * @property {string} verdict
 * @property {string} say
 * @property {string} to
 * @property {{ask: string, said: string}[]} answers
 * @property {{say: string, provisions: string, done: boolean}[]} duties
 * @property {{number: string, text: string}[]} provisions
 * @property {string} link
 * @property {string} story
 */

/**
 * Read a record out of the outcome as it stands on the page.
 * @param {Element} section  the outcome
 * @param {{ask: string, tree: string, edition: string, version: string, review: string}} about
 * @param {{ask: string, said: string}[]} answers
 * @returns {Record}
 */
export function readRecord(section, about, answers) {
  const text = (element) => element.textContent.replace(/\s+/g, ' ').trim();
  const link = location.href;
  const answered = new Date().toISOString();
  return {
    reference: `${about.edition.slice(0, 3).toUpperCase()}-${answered.slice(0, 10).replaceAll('-', '')}-${digest(about.tree + about.version + link.split('#')[1])}`,
    ask: about.ask, edition: about.edition, version: about.version, review: about.review, answered,
    verdict: section.dataset.verdict, say: text(section.querySelector('.outcome-say')), to: section.querySelector('.outcome-to') ? text(section.querySelector('.outcome-to b')) : '',
    answers: answers.map(({ ask, said }) => ({ ask, said })),
    duties: [...section.querySelectorAll('[data-duty]:not([hidden])')].map((row) => ({
      say: `${row.querySelector('.duty-when:not([hidden])')?.textContent ?? ''}${text(row.querySelector('.duty-say'))}`,
      provisions: text(row.querySelector('.cited')), done: row.querySelector('input').checked,
    })),
    provisions: [...section.querySelectorAll('.deciding > li')].map((row) => ({ number: text(row.querySelector('.deciding-number')), text: text(row.querySelector('blockquote')) })),
    link, story: '',
  };
}

/** Show a record as a sheet over the page, to print, save or copy. */
export function showRecord(record) {
  const dialog = make('dialog.record-desk', { 'aria-labelledby': 'record-title' });
  const done = make('span.copied', { role: 'status' });
  const story = make('textarea', { id: 'record-story', rows: '3', autocomplete: 'off', oninput: (event) => { record.story = event.target.value; told.hidden = !record.story.trim(); told.lastElementChild.textContent = record.story; } });
  const told = make('section.record-story', { hidden: true }, make('h2', {}, 'The case, in the reader’s words'), make('p'));
  const save = (ending, type, text) => saveFile(`${record.reference}.${ending}`, type, text);
  dialog.append(
    make('div.record-tools', {},
      make('p', {}, 'Made on this device. Nothing leaves it unless you send it.'),
      make('div.record-actions', {},
        make('button.button', { type: 'button', onclick: () => print() }, 'Print or save as PDF'),
        make('button.button.button--quiet', { type: 'button', onclick: () => save('md', 'text/markdown', asMarkdown(record)) }, 'Markdown'),
        make('button.button.button--quiet', { type: 'button', onclick: () => save('json', 'application/json', JSON.stringify(record, null, 2)) }, 'JSON'),
        make('button.button.button--quiet', { type: 'button', onclick: async () => { try { await navigator.clipboard.writeText(asText(record)); done.textContent = 'Copied as text'; } catch { save('txt', 'text/plain', asText(record)); done.textContent = 'Saved as text'; } } }, 'Copy as text'),
        done,
        make('button.button.button--plain', { type: 'button', onclick: () => dialog.close() }, 'Back to the answer')),
      make('label.record-tell', { for: 'record-story' }, 'The case in your own words, if you like (it is printed on the record and kept nowhere)'), story),
    sheet(record, told));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function sheet(record, told) {
  return make('article.record', {},
    make('header.record-head', {}, make('b', {}, icon('fork', 'fork'), ' Rules that answer'), make('span', {}, `Record ${record.reference}`)),
    make('h1', { id: 'record-title', tabindex: '-1', autofocus: true }, record.ask),
    make('div.record-verdict', {}, icon(`mark-${record.verdict}`, 'mark'), make('div', {}, make('p', {}, WORDS[record.verdict]), make('p', {}, record.say), record.to ? make('p', {}, `Who decides: ${record.to}`) : null)),
    told,
    make('h2', {}, 'Relied on'),
    make('dl.record-facts', {}, fact('Edition', `${record.edition}, version ${record.version}`), fact('Answered', sayTime(record.answered)), record.review ? fact('Next review of edition', record.review) : null),
    make('h2', {}, 'Answers'),
    make('table', {}, make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Question'), make('th', { scope: 'col' }, 'Answer'))),
      make('tbody', {}, ...record.answers.map((row) => make('tr', {}, make('td', {}, row.ask), make('td', {}, make('b', {}, row.said)))))),
    ...(record.duties.length ? [make('h2', {}, 'What comes with it'), make('ul.duties-paper', {}, ...record.duties.map((duty) => make('li', {}, make(`i${duty.done ? '.is-done' : ''}`, { role: 'img', 'aria-label': duty.done ? 'Done' : 'To do' }), make('span', {}, `${duty.say} (${duty.provisions})`))))] : []),
    make('h2', {}, 'Provisions that decided it, as they stood'),
    make('ol.deciding', {}, ...record.provisions.map((each) => make('li', {}, make('span.deciding-number', {}, each.number), make('blockquote', {}, each.text)))),
    make('div.record-sign', {}, make('span', {}, 'Name and post'), make('span', {}, 'Meeting and date'), make('span', {}, 'Signed')),
    make('p.record-small', {}, `To see these answers again: ${record.link}`, make('br'), 'A plain-words restatement; the Council’s own text prevails. Made on the reader’s device; no copy was sent anywhere.'));
}

const fact = (name, value) => make('div', {}, make('dt', {}, name), make('dd', {}, value));
const sayTime = (iso) => new Date(iso).toLocaleString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' });

/** @param {Record} record */
export function asMarkdown(record) {
  return [
    `# ${record.ask}`, '', `**${WORDS[record.verdict]}.** ${record.say}`, ...(record.to ? ['', `Who decides: ${record.to}`] : []),
    ...(record.story.trim() ? ['', '## The case', '', record.story] : []), '',
    `- Record ${record.reference}`, `- Edition: ${record.edition}, version ${record.version}`, `- Answered: ${sayTime(record.answered)}`, '',
    '## Answers', '', ...record.answers.map((row) => `- ${row.ask} **${row.said}**`), '',
    ...(record.duties.length ? ['## What comes with it', '', ...record.duties.map((duty) => `- [${duty.done ? 'x' : ' '}] ${duty.say} (${duty.provisions})`), ''] : []),
    '## Provisions that decided it', '', ...record.provisions.map((each) => `- **${each.number}** ${each.text}`), '',
    record.link, '', 'A plain-words restatement; the Council’s own text prevails.', '',
  ].join('\n');
}

/** @param {Record} record */
export const asText = (record) => asMarkdown(record).replaceAll(/^#+ (.*)$/gm, (_, title) => title.toUpperCase()).replaceAll('**', '').replaceAll('- [ ] ', '[ ] ').replaceAll('- [x] ', '[x] ');

/** A short mark of the answers, so that two sheets can be told apart. It is no secret and proves nothing. */
function digest(text) {
  let hash = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(text)) hash = Math.imul(hash ^ unit, 0x01000193) >>> 0;
  return hash.toString(36).toUpperCase().padStart(7, '0').slice(0, 6);
}
