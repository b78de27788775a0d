// SCORM 1.2: its names, how it writes times, and its texts of 255 characters.
import { codeOf, openPlatform } from './scorm.js';

/** @typedef {import('./ledger.js').Answered} Answered */

/** CMIFeedback and CMIIdentifier hold 255 characters. */
const LONGEST = 255;

export const open = () => openPlatform({
  api: 'API',
  calls: { start: 'LMSInitialize', get: 'LMSGetValue', set: 'LMSSetValue', commit: 'LMSCommit', end: 'LMSFinish', code: 'LMSGetLastError', text: 'LMSGetErrorString' },
  names: {
    mode: 'cmi.core.lesson_mode', completion: 'cmi.core.lesson_status', success: 'cmi.core.lesson_status', place: 'cmi.core.lesson_location',
    exit: 'cmi.core.exit', time: 'cmi.core.session_time', score: 'cmi.core.score',
  },
  interaction: { moment: 'time', response: 'student_response', wrong: 'wrong' },
  sayTime, sayMoment: sayClock, listParts,
});

/**
 * Put an answer into texts that the standard can hold: a long walk becomes several interactions, and no branch is lost.
 * @param {Answered} event
 */
function listParts({ id, kind, steps, end, expectedSteps, expected }) {
  const write = (branches, outcome) => splitText(kind === 'breach' ? [outcome] : [...branches.map(({ fact, answer }) => `${fact}=${codeOf(answer)}`), `ends-at=${codeOf(outcome)}`]);
  const patterns = write(expectedSteps, expected);
  return write(steps, end).map((response, at) => ({ id: `${id}${at ? `.part-${at + 1}` : ''}`.slice(0, LONGEST), response, pattern: patterns[at] ?? '' }));
}

function splitText(steps) {
  /** @type {string[]} */
  const texts = [];
  for (const step of steps.map((each) => each.slice(0, LONGEST))) {
    const longer = texts.length ? `${texts.at(-1)};${step}` : '';
    if (longer && longer.length <= LONGEST) texts[texts.length - 1] = longer;
    else texts.push(step);
  }
  return texts;
}

/** A span of time, HHHH:MM:SS.SS. @param {number} seconds */
function sayTime(seconds) {
  const hundredths = Math.min(Math.round(seconds * 100), 9999 * 360_000);
  const part = (unit, size, width) => String(Math.floor(hundredths / unit) % size).padStart(width, '0');
  return `${part(360_000, 10_000, 4)}:${part(6000, 60, 2)}:${part(100, 60, 2)}.${part(1, 100, 2)}`;
}

/** A time of day, HH:MM:SS. @param {Date} at */
function sayClock(at) {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((each) => String(each).padStart(2, '0')).join(':');
}
