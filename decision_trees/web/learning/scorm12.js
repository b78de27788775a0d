// SCORM 1.2: the run-time's data model as the standard has it.
import { codeOf, findApi, percent, Platform } from './scorm.js';

/** @typedef {import('./ledger.js').Ledger} Ledger */
/** @typedef {import('./ledger.js').Answered} Answered */

const NAMES = { start: 'LMSInitialize', get: 'LMSGetValue', set: 'LMSSetValue', commit: 'LMSCommit', end: 'LMSFinish', code: 'LMSGetLastError', text: 'LMSGetErrorString' };
/** CMIFeedback and CMIIdentifier hold 255 characters. */
const LONGEST = 255;

/** @returns {Promise<Ledger | null>} */
export async function open() {
  const api = findApi('API');
  if (!api) return null;
  const platform = new Platform(api, NAMES);
  if (!platform.start()) return null;
  const opened = performance.now();
  const isNormal = ['', 'normal'].includes(platform.get('cmi.core.lesson_mode'));
  const set = (element, value) => isNormal && platform.set(element, value);
  let status = platform.get('cmi.core.lesson_status');
  let saved = '';
  const stamp = () => {
    set('cmi.core.session_time', sayTime((performance.now() - opened) / 1000));
    set('cmi.core.exit', 'suspend');
  };
  if (['', 'not attempted'].includes(status)) {
    status = 'incomplete';
    set('cmi.core.lesson_status', status);
  }
  return {
    isRecording: isNormal,
    says: isNormal ? 'Your learning platform records your results.' : 'Your learning platform has opened this to look at. Nothing is recorded.',
    bookmark: platform.get('cmi.suspend_data'),
    problem: () => platform.problem,
    attempted() {},
    answered(event) {
      for (const part of splitResponse(listSteps(event))) {
        const at = `cmi.interactions.${platform.count('cmi.interactions')}`;
        set(`${at}.id`, `${event.id}${part.number > 1 ? `.part-${part.number}` : ''}`.slice(0, LONGEST));
        set(`${at}.type`, event.kind === 'walk' ? 'performance' : 'fill-in');
        set(`${at}.time`, sayClock(event.at));
        set(`${at}.correct_responses.0.pattern`, splitResponse(listExpected(event))[part.number - 1]?.text ?? '');
        set(`${at}.weighting`, '1');
        set(`${at}.student_response`, part.text);
        set(`${at}.result`, event.isRight ? 'correct' : 'wrong');
        set(`${at}.latency`, sayTime(event.seconds));
      }
    },
    // The score is said once an attempt is finished and not before: on leaving, a platform holds it against the
    // mastery score of the manifest and would stamp `failed` on somebody who was only half through.
    finished({ best, of, isPassed }) {
      set('cmi.core.score.min', '0');
      set('cmi.core.score.max', '100');
      set('cmi.core.score.raw', percent(best, of));
      if (status !== 'passed') status = isPassed ? 'passed' : 'failed';
      set('cmi.core.lesson_status', status);
    },
    save(bookmark, { card }) {
      if (bookmark !== saved) set('cmi.suspend_data', bookmark);
      saved = bookmark;
      set('cmi.core.lesson_location', `card-${card}`);
      stamp();
      platform.commit();
    },
    leave(isFinal) {
      stamp();
      platform.commit();
      if (isFinal) platform.end();
    },
    statements: () => [],
  };
}

/** @param {Answered} event */
const listSteps = ({ kind, steps, end }) => kind === 'breach' ? [end] : [...steps.map(({ fact, answer }) => `${fact}=${codeOf(answer)}`), `ends-at=${codeOf(end)}`];
/** @param {Answered} event */
const listExpected = ({ kind, expectedSteps, expected }) => kind === 'breach' ? [expected] : [...expectedSteps.map(({ fact, answer }) => `${fact}=${codeOf(answer)}`), `ends-at=${expected}`];

/** Put steps into texts that the standard can hold: a long walk becomes several interactions, and no branch is lost. */
function splitResponse(steps) {
  /** @type {string[]} */
  const texts = [];
  for (const step of steps.map((each) => each.slice(0, LONGEST))) {
    const longer = texts.length ? `${texts.at(-1)};${step}` : '';
    if (longer && longer.length <= LONGEST) texts[texts.length - 1] = longer;
    else texts.push(step);
  }
  return texts.map((text, at) => ({ text, number: at + 1 }));
}

/** A span of time, HHHH:MM:SS.SS. @param {number} seconds */
function sayTime(seconds) {
  const hundredths = Math.min(Math.round(seconds * 100), 9999 * 360_000);
  const part = (unit, size, width) => String(Math.floor(hundredths / unit) % size).padStart(width, '0');
  return `${part(360_000, 10_000, 4)}:${part(6000, 60, 2)}:${part(100, 60, 2)}.${part(1, 100, 2)}`;
}

/** A time of day, HH:MM:SS. @param {Date} at */
const sayClock = (at) => [at.getHours(), at.getMinutes(), at.getSeconds()].map((each) => String(each).padStart(2, '0')).join(':');
