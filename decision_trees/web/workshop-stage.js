// What each step of a workshop looks like on the screen. Texts come from the page and are only ever set as text or cloned.
import { icon, make, verdict } from './views.js';
import { VERDICTS, WORDS, followRoom, listWrong } from './workshop-deck.js';
import { listRows, resultsTable } from './workshop-results.js';
import { countAll, nameCase } from './workshop-state.js';

/**
 * Give the stage of a step.
 * @param {import('./workshop-state.js').Step} step
 * @param {object} room  the page's cards, walks and state, and what its controls do
 */
export function showStep(step, room) {
  const card = room.cards[step.card];
  return { start, vote, walk, reveal, spot, breach, talk, results }[step.kind](room, card, step);
}

function start(room) {
  const { title, minutes } = room.pack;
  return [make('div.stage-start', {},
    make('p.eyebrow', {}, `A workshop: ${room.cards.length} cards, ${minutes} minutes`),
    make('h1.scenario-ask', { tabindex: '-1' }, title),
    make('div.stage-lead', {}, ...clone(room.pack.lead)),
    make('p.tally-note', {}, room.isKept
      ? 'This browser keeps the tallies, so that a reload loses nothing, until you press “Forget all”. They go nowhere else.'
      : 'This browser keeps nothing here: it refuses to store. The workshop runs, but a reload begins it afresh. Save the results before you close it.'))];
}

function vote(room, card, step) {
  return [story(card, step), make('div', {}, make('h2.eyebrow', {}, card.cases.length > 1 ? `${card.cases[step.case].edition}: hands up for…` : 'Hands up for…'), tally(room, nameCase(card, step.case), listVerdicts()))];
}

function walk(room, card, step) {
  const name = nameCase(card, step.case);
  const found = room.walks.get(card.cases[step.case].tree);
  const taken = room.state.walks[name] ?? [];
  const { steps, state, end } = followRoom(found, taken);
  const asked = found.states.get(state);
  const right = end ? ended(found.outcomes.get(end), steps.length) : make('section.walk-question', {},
    make('h2.walk-ask', {}, asked.ask), asked.member ? make('p.walk-member', {}, asked.member) : null, asked.hint ? make('p.walk-hint', {}, asked.hint) : null,
    make('ol.walk-options', {}, ...asked.options.map((option, index) => make('li', {}, make('button', { type: 'button', 'data-key': index < 9 ? index + 1 : null, onclick: () => room.answer(name, [...taken, option.answer]) },
      index < 9 ? make('kbd', { 'aria-hidden': 'true' }, String(index + 1)) : make('span'), make('span', {}, option.label, option.hint ? make('small', {}, option.hint) : null))))));
  return [make('div', {}, story(card, step), thread(room, name, steps)), right];
}

function ended(outcome, count) {
  return make(`section.walk-end.verdict--${outcome.verdict}`, {}, make('h2.eyebrow', {}, count ? 'That is where the answers lead' : 'There is nothing to ask'), make('p.walk-verdict', {}, verdict(outcome.verdict)), make('p.reveal-say', {}, outcome.say));
}

function thread(room, name, steps) {
  if (!steps.length) return null;
  const taken = room.state.walks[name];
  return make('section.walk-thread', { 'aria-label': 'The room’s answers' }, make('ol.walk-answers', {}, ...steps.map((each) => make('li', {}, `${[each.ask, each.member].filter(Boolean).join(' ')} `, make('b', {}, each.label)))),
    make('button.button.button--plain', { type: 'button', 'data-undo': true, onclick: () => room.answer(name, taken.slice(0, -1)) }, 'Take the last answer back'));
}

function reveal(room, card, step) {
  const each = card.cases[step.case];
  const name = nameCase(card, step.case);
  const counts = room.state.tallies[name];
  const wrong = listWrong(room.walks.get(each.tree), room.state.walks[name] ?? [], each.right);
  return [
    make('div', {}, story(card, step), tally(room, name, listVerdicts(), { right: [each.verdict] }),
      make('p.tally-note', {}, counts ? `${counts[each.verdict] ?? 0} of ${countAll(counts)} had it.` : 'Nobody voted.'),
      ...wrong.map((found) => make('p.tally-note', {}, make('b', {}, found.ask), ` The room said ${found.room}; the story says ${found.story}.`))),
    make(`section.reveal.verdict--${each.verdict}`, { 'aria-label': 'What the rules say' }, icon(`mark-${each.verdict}`, 'mark'),
      make('div', {}, make('h2.reveal-word', {}, WORDS[each.verdict]), make('p.reveal-say', {}, each.say), each.to ? make('p.reveal-to', {}, 'Who decides: ', make('b', {}, each.to)) : null),
      because(each.provisions, step)),
  ];
}

function spot(room, card, step) {
  return [story(card, step), make('div', {}, make('h2.eyebrow', {}, 'Which provision was broken? Hands up for…'), tally(room, card.id, listChoices(card)))];
}

function breach(room, card, step) {
  const right = card.choices.filter((each) => each.isRight).map((each) => each.number);
  const counts = room.state.tallies[card.id];
  const found = right.reduce((sum, number) => sum + (counts?.[number] ?? 0), 0);
  return [
    make('div', {}, story(card, step), tally(room, card.id, listChoices(card), { right }), make('p.tally-note', {}, counts ? `${found} of ${countAll(counts)} found it.` : 'Nobody voted.')),
    make('section.reveal.reveal--breach', { 'aria-label': 'What was broken' }, make('h2.reveal-word', {}, right.length > 1 ? 'These were broken' : 'This was broken'), because(card.breach, step)),
  ];
}

function talk(room, card) {
  return [make('div.stage-talk', {}, make('h1.scenario-ask', { tabindex: '-1' }, card.ask), ...card.talk.map((each) => each.cloneNode(true)))];
}

function results(room) {
  const rows = listRows(room.cards, room.walks, room.state);
  return [make('div.stage-results', {}, make('h1.scenario-ask', { tabindex: '-1' }, 'How the room did'), resultsTable(rows), room.afterwards())];
}

// Parts -------------------------------------------------------------------------------

function story(card, step) {
  return make('div.scenario-card', {}, make('p.eyebrow', {}, step.case ? `The same in ${card.cases[step.case].edition}. ${card.who}` : card.who),
    make('div.scenario-story', {}, ...clone(card.story)), make('h1.scenario-ask', { tabindex: '-1' }, card.ask));
}

function because(provisions, step) {
  const list = provisions.cloneNode(true);
  list.className = 'reveal-because';
  list.setAttribute('role', 'list');
  for (const link of list.querySelectorAll('a[href]')) link.target = '_blank';
  return make('div.reveal-scroll', { role: 'region', tabindex: '0', 'aria-label': step.kind === 'breach' ? 'The provisions broken' : 'The provisions that decide' }, list);
}

const listVerdicts = () => VERDICTS.map((name) => ({ row: name, said: WORDS[name], classes: `.verdict--${name}`, head: verdict(name) }));

const listChoices = (card) => card.choices.map(({ number, text }) => ({
  row: number, said: number, classes: '.tally-row--provision', head: make('span.choice', {}, make('b', {}, number), make('span.choice-text', {}, text.textContent.replace(/\s+/g, ' ').trim())),
}));

/** The votes: to be entered, or once it is known what is right, to be read. */
function tally(room, name, rows, { right = null } = {}) {
  const counts = () => room.state.tallies[name] ?? {};
  const redraw = () => {
    const all = countAll(counts());
    for (const { row, bar, box, shown } of drawn) {
      const count = counts()[row] ?? 0;
      bar.style.setProperty('--n', String(count));
      bar.style.setProperty('--of', String(Math.max(1, all)));
      if (box && box.value !== String(count)) box.value = String(count);
      if (shown) shown.textContent = String(count);
    }
  };
  const drawn = rows.map(({ row, said, classes, head }) => {
    const bar = make('i');
    const set = (count) => { room.count(name, row, count); redraw(); };
    const box = right ? null : make('input.tally-count', { type: 'number', min: '0', max: '999', inputmode: 'numeric', autocomplete: 'off', 'aria-label': `Votes for ${said}`, oninput: () => set(Number(box.value)), onfocus: () => box.select() });
    const shown = right ? make('span.tally-count') : null;
    const add = (words, sign, by) => make('button.tally-add', { type: 'button', 'aria-label': `${words} for ${said}`, onclick: () => set((counts()[row] ?? 0) + by) }, sign);
    const isRight = right?.includes(row);
    return { row, bar, box, shown, element: make(`li.tally-row${classes}${isRight ? '.is-right' : ''}`, { 'data-row': row }, head, make('span.tally-bar', { 'aria-hidden': 'true' }, bar),
      right ? shown : make('span.tally-enter', {}, add('One less', '−', -1), box, add('One more', '+', 1)), isRight ? make('span.visually-hidden', {}, ' is right') : null) };
  });
  redraw();
  return make(`ul.tally${right ? '.tally--small' : ''}`, { 'data-tally': name }, ...drawn.map((each) => each.element));
}

const clone = (element) => [...element.cloneNode(true).childNodes];
