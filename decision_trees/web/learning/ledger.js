// Where results go. The course knows this interface alone; each standard is a module of its own behind it.

/** @typedef {import('./standing.js').Course} Course */
/** @typedef {{fact: string, ask: string, answer: string, said: string}} Step */
/**
 * @typedef {object} Answered     a case of a card, or its breach, as the learner decided it
 * @property {string} id           card and case: `sam-briefing.nottingham.attempt-1`
 * @property {string} title        the card's
 * @property {string} ask          what was asked
 * @property {'walk' | 'breach'} kind
 * @property {Step[]} steps        each branch taken, in order; for a breach none
 * @property {string} end          the outcome's name, `?` for not sure; for a breach the provision's number
 * @property {string} said         the end in words
 * @property {{fact: string, answer: string}[]} expectedSteps
 * @property {string} expected     the outcome's name or a provision's number
 * @property {boolean} isRight
 * @property {number} attempt
 * @property {number} seconds      spent on it
 * @property {Date} at
 */
/** @typedef {{attempt: number, right: number, best: number, of: number, pass: number, isPassed: boolean, seconds: number, at: Date}} Finished */
/**
 * @typedef {object} Ledger
 * @property {boolean} isRecording   whether anybody keeps the results
 * @property {string} says           that in a sentence, for the learner
 * @property {string} bookmark       what was kept when the learner last left, or nothing
 * @property {() => string} problem  what was not taken and what becomes of it, in a sentence for the learner, or nothing
 * @property {(tell: () => void) => void} watch  call when a problem has come or gone by itself
 * @property {(attempt: number, at: Date) => void} attempted
 * @property {(event: Answered) => void} answered
 * @property {(event: Finished) => void} finished
 * @property {(bookmark: string, place: {card: number, share: number}) => void} save   keep the bookmark and commit; `share` of the cards is answered
 * @property {() => void} leave   the page goes away
 * @property {() => object[]} statements   the statements that nobody took, to be downloaded
 */

/**
 * Find whoever keeps the results: the platform or record store that opened the page, or nobody.
 * @param {Course} course
 * @returns {Promise<Ledger>}
 */
export async function openLedger(course) {
  const { keep } = await import('./xapi.js');
  const { open } = await import(`./${course.standard}.js`);
  try {
    const found = await open(course);
    return found ?? keep(course, 'No learning platform was found, so results are not recorded. They last as long as this page is open.');
  } catch (error) {
    return keep(course, error.message);
  }
}
