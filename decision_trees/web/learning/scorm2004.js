// SCORM 2004, 4th edition: its names, and how it writes times and answers. xAPI has taken both from it.
import { codeOf, openPlatform } from './scorm.js';

/** @typedef {import('./ledger.js').Answered} Answered */

export const open = () => openPlatform({
  api: 'API_1484_11',
  calls: { start: 'Initialize', get: 'GetValue', set: 'SetValue', commit: 'Commit', end: 'Terminate', code: 'GetLastError', text: 'GetErrorString' },
  names: {
    mode: 'cmi.mode', completion: 'cmi.completion_status', success: 'cmi.success_status', place: 'cmi.location',
    exit: 'cmi.exit', time: 'cmi.session_time', score: 'cmi.score', entry: 'cmi.entry', scaled: 'cmi.score.scaled', share: 'cmi.progress_measure',
  },
  interaction: { moment: 'timestamp', response: 'learner_response', wrong: 'incorrect', description: 'description' },
  sayTime: sayDuration, sayMoment, listParts: (event) => [{ id: event.id, ...sayAnswer(event) }],
});

/**
 * Write an answer and what would be right: a performance of steps, or a word filled in.
 * @param {Answered} event
 */
export function sayAnswer({ kind, steps, end, expectedSteps, expected }) {
  if (kind === 'breach') return { response: end, pattern: expected };
  return { response: join(steps, end), pattern: `{order_matters=false}${join(expectedSteps, expected)}` };
}

/** Steps as a performance: name[.]answer, with [,] between. */
const join = (steps, end) => [...steps.map(({ fact, answer }) => `${fact}[.]${codeOf(answer)}`), `ends-at[.]${codeOf(end)}`].join('[,]');

/** A span of time in ISO 8601, to hundredths. @param {number} seconds */
export function sayDuration(seconds) {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60];
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${(hundredths % 6000) / 100}S`;
}

/** A moment in ISO 8601, in UTC: the standard allows a zone after parts of a second alone. @param {Date} at */
function sayMoment(at) {
  return `${at.toISOString().slice(0, 22)}Z`;
}
