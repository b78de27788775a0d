// What a workshop holds: where it is, the tallies, the walks, the clock. Plain data; each function gives a new state.
// It is kept by this browser alone, so that a reload in the middle loses nothing, until the facilitator has it forgotten.

/** @typedef {Record<string, number>} Tally */
/**
 * @typedef {object} Workshop
 * @property {string} at      the step's name
 * @property {Record<string, Tally>} tallies  by card and tree; by card alone for a breach
 * @property {Record<string, string[]>} walks  the room's answers in order, by card and tree
 * @property {{left: number, until: number}} clock  milliseconds left while it stands, or when it runs out
 * @property {boolean} hasKeys  whether letters and digits are keys
 */
/** @typedef {{name: string, kind: string, card: number, case: number}} Step */

const VERSION = 1;
const MOST = 999;

/** @returns {Workshop} */
export const begin = (milliseconds) => ({ at: 'start', tallies: {}, walks: {}, clock: { left: milliseconds, until: 0 }, hasKeys: true });

/** The name under which the tally and the walk of a case are held. */
export const nameCase = (card, index) => `${card.id}/${card.cases[index].tree}`;

/**
 * List the steps of a workshop in order.
 * @param {import('./workshop-deck.js').Card[]} cards
 * @returns {Step[]}
 */
export function listSteps(cards) {
  const steps = cards.flatMap((card, number) => [
    ...card.cases.flatMap((_, index) => ['vote', 'walk', 'reveal'].map((kind) => ({ kind, case: index }))),
    ...(card.choices.length ? [{ kind: 'spot', case: 0 }, { kind: 'breach', case: 0 }] : []),
    ...(card.talk.length ? [{ kind: 'talk', case: card.cases.length - 1 }] : []),
  ].map((step) => ({ ...step, card: number, name: `${card.id}/${step.case}/${step.kind}` })));
  return [{ kind: 'start', name: 'start', card: -1, case: 0 }, ...steps, { kind: 'results', name: 'results', card: cards.length, case: 0 }];
}

/** @param {Workshop} state */
export const setCount = (state, name, row, count) => ({
  ...state, tallies: { ...state.tallies, [name]: { ...state.tallies[name], [row]: Math.max(0, Math.min(MOST, Math.round(count) || 0)) } },
});

/** @param {Workshop} state */
export const clearTally = (state, name) => ({ ...state, tallies: without(state.tallies, name) });

/** @param {Workshop} state */
export const setWalk = (state, name, answers) => ({ ...state, walks: answers.length ? { ...state.walks, [name]: answers } : without(state.walks, name) });

/** @param {Workshop} state @param {number} now */
export const turnClock = (state, now) => ({
  ...state, clock: state.clock.until ? { left: Math.max(0, state.clock.until - now), until: 0 } : { left: state.clock.left, until: now + state.clock.left },
});

/** @param {Workshop} state */
export const addTime = (state, milliseconds, now) => ({
  ...state, clock: state.clock.until ? { left: 0, until: Math.max(state.clock.until, now) + milliseconds } : { left: state.clock.left + milliseconds, until: 0 },
});

/** Give the milliseconds left. */
export const readClock = ({ clock }, now) => Math.max(0, clock.until ? clock.until - now : clock.left);

/** @param {Tally | undefined} tally */
export const countAll = (tally = {}) => Object.values(tally).reduce((sum, each) => sum + each, 0);

/** @param {Workshop} state */
export const write = (state) => JSON.stringify({ version: VERSION, ...state });

/**
 * Read a state that was kept. What has another form is left out, never guessed.
 * @param {string | null} text
 * @param {Workshop} fresh
 * @param {Step[]} steps
 * @returns {Workshop | null}
 */
export function read(text, fresh, steps) {
  let found;
  try {
    found = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  if (found?.version !== VERSION) return null;
  const isTally = (tally) => isObject(tally) && Object.values(tally).every((count) => Number.isInteger(count) && count >= 0 && count <= MOST);
  const isWalk = (walk) => Array.isArray(walk) && walk.every((answer) => typeof answer === 'string');
  const isTime = (time) => Number.isFinite(time) && time >= 0;
  return {
    at: steps.some((step) => step.name === found.at) ? found.at : fresh.at,
    tallies: keep(found.tallies, isTally), walks: keep(found.walks, isWalk),
    clock: isTime(found.clock?.left) && isTime(found.clock?.until) ? { left: found.clock.left, until: found.clock.until } : fresh.clock,
    hasKeys: found.hasKeys !== false,
  };
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const keep = (all, isGood) => isObject(all) ? Object.fromEntries(Object.entries(all).filter(([, value]) => isGood(value))) : {};
const without = (all, name) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
