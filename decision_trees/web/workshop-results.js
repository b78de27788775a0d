// What came of a workshop: a table on the screen, a file for a spreadsheet. Both are made here and go nowhere.
import { make, verdict } from './views.js';
import { VERDICTS, WORDS, followRoom, listWrong } from './workshop-deck.js';
import { countAll, nameCase } from './workshop-state.js';

/**
 * @typedef {object} Row
 * @property {number} number
 * @property {import('./workshop-deck.js').Card} card
 * @property {import('./workshop-deck.js').Case} case
 * @property {import('./workshop-state.js').Tally} tally
 * @property {number} votes
 * @property {number} right
 * @property {string} end    the outcome at which the room's walk ended
 * @property {{ask: string, room: string, story: string}[]} wrong
 */

/**
 * List a row for each case of each card.
 * @returns {Row[]}
 */
export const listRows = (cards, walks, state) => cards.flatMap((card, number) => card.cases.map((each, index) => {
  const name = nameCase(card, index);
  const tally = state.tallies[name] ?? {};
  const taken = state.walks[name] ?? [];
  return {
    number: number + 1, card, case: each, tally, votes: countAll(tally), right: tally[each.verdict] ?? 0,
    end: taken.length ? followRoom(walks.get(each.tree), taken).end : '', wrong: listWrong(walks.get(each.tree), taken, each.right),
  };
}));

/** Say in a line how far the room is: only what was counted. */
export function sayRunning(rows) {
  const voted = rows.filter((row) => row.votes);
  if (!voted.length) return '';
  const votes = voted.reduce((sum, row) => sum + row.votes, 0);
  const right = voted.reduce((sum, row) => sum + row.right, 0);
  return `So far ${right} of ${votes} votes had it, on ${voted.length} of ${rows.length}.`;
}

/** @param {Row[]} rows */
export function resultsTable(rows) {
  const hasEditions = new Set(rows.map((row) => row.case.edition)).size > 1;
  const heads = ['Card', ...(hasEditions ? ['Council'] : []), 'The rules say', 'Had it', 'Answered otherwise on the walk'];
  return make('div.scroller.results', { role: 'region', 'aria-label': 'Results of each card', tabindex: '0' }, make('table', {},
    make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
    make('tbody', {}, ...rows.map((row) => make('tr', {},
      make('th', { scope: 'row' }, `${row.number}. ${row.card.title}`), hasEditions ? make('td', {}, row.case.edition) : null,
      make('td', {}, row.votes || row.end ? verdict(row.case.verdict) : 'Not yet'),
      make('td', {}, row.votes ? `${row.right} of ${row.votes}` : '–'),
      make('td', {}, row.wrong.length ? make('ul', {}, ...row.wrong.map((each) => make('li', {}, `${each.ask} `, make('b', {}, each.room), `; the story says ${each.story}`))) : row.end ? 'Nothing' : '–'))))));
}

/** @param {Row[]} rows */
export function writeCsv(rows, pack, choices = {}) {
  const heads = ['pack', 'card', 'title', 'edition', 'tree', 'verdict', 'outcome', ...VERDICTS.map((each) => `votes ${WORDS[each]}`), 'votes', 'votes right', 'walk ended at', 'answered otherwise', 'breach', 'votes for the breach'];
  const lines = rows.map((row) => [
    pack, row.card.id, row.card.title, row.case.edition, row.case.tree, WORDS[row.case.verdict], row.case.outcome,
    ...VERDICTS.map((each) => row.tally[each] ?? 0), row.votes, row.right, row.end,
    row.wrong.map((each) => `${each.ask} Room: ${each.room}. Story: ${each.story}.`).join(' '),
    ...(row.case === row.card.cases[0] && row.card.choices.length ? sayBreach(row.card, choices[row.card.id] ?? {}) : ['', '']),
  ]);
  return `\ufeff${[heads, ...lines].map((cells) => cells.map(quote).join(',')).join('\r\n')}\r\n`;
}

function sayBreach(card, tally) {
  return [card.choices.filter((each) => each.isRight).map((each) => each.number).join(' '),
    card.choices.map((each) => `${each.number}: ${tally[each.number] ?? 0}`).join('; ')];
}

// A spreadsheet would work out a cell that begins with one of these signs.
function quote(cell) {
  const text = /^[=+\-@\t\r]/.test(String(cell)) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
