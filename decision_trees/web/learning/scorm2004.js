// SCORM 2004, 4th edition: the run-time's data model as the standard has it.
import { codeOf, findApi, percent, Platform } from './scorm.js';

/** @typedef {import('./ledger.js').Ledger} Ledger */

const NAMES = { start: 'Initialize', get: 'GetValue', set: 'SetValue', commit: 'Commit', end: 'Terminate', code: 'GetLastError', text: 'GetErrorString' };
/** Smallest permitted maximum of a description, in characters. */
const DESCRIPTION = 250;

/** @returns {Promise<Ledger | null>} */
export async function open() {
  const api = findApi('API_1484_11');
  if (!api) return null;
  const platform = new Platform(api, NAMES);
  if (!platform.start()) return null;
  const opened = performance.now();
  const isNormal = ['', 'normal'].includes(platform.get('cmi.mode'));
  const set = (element, value) => isNormal && platform.set(element, value);
  let isPassed = platform.get('cmi.success_status') === 'passed';
  let isCompleted = platform.get('cmi.completion_status') === 'completed';
  let saved = '';
  const stamp = () => {
    set('cmi.session_time', sayDuration((performance.now() - opened) / 1000));
    set('cmi.exit', 'suspend');
  };
  if (!isCompleted) set('cmi.completion_status', 'incomplete');
  return {
    isRecording: isNormal,
    says: isNormal ? 'Your learning platform records your results.' : 'Your learning platform has opened this to look at. Nothing is recorded.',
    bookmark: platform.get('cmi.suspend_data'),
    problem: () => platform.problem,
    attempted() {},
    answered(event) {
      const at = `cmi.interactions.${platform.count('cmi.interactions')}`;
      const isWalk = event.kind === 'walk';
      set(`${at}.id`, event.id);
      set(`${at}.type`, isWalk ? 'performance' : 'fill-in');
      set(`${at}.timestamp`, sayMoment(event.at));
      set(`${at}.correct_responses.0.pattern`, isWalk ? `{order_matters=false}${join(event.expectedSteps, event.expected)}` : event.expected);
      set(`${at}.weighting`, '1');
      set(`${at}.learner_response`, isWalk ? join(event.steps, event.end) : event.end);
      set(`${at}.result`, event.isRight ? 'correct' : 'incorrect');
      set(`${at}.latency`, sayDuration(event.seconds));
      set(`${at}.description`, `${event.title}: ${event.ask}`.slice(0, DESCRIPTION));
    },
    // Said once an attempt is finished and not before: a platform holds the score against the manifest's mark at once.
    finished({ best, of, isPassed: isPassedNow }) {
      isPassed ||= isPassedNow;
      isCompleted = true;
      set('cmi.score.min', '0');
      set('cmi.score.max', '100');
      set('cmi.score.raw', percent(best, of));
      set('cmi.score.scaled', percent(best, of * 100));
      set('cmi.completion_status', 'completed');
      set('cmi.success_status', isPassed ? 'passed' : 'failed');
    },
    save(bookmark, { card, share }) {
      if (bookmark !== saved) set('cmi.suspend_data', bookmark);
      saved = bookmark;
      set('cmi.location', `card-${card}`);
      set('cmi.progress_measure', isCompleted ? 1 : Math.floor(share * 1000) / 1000);
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

/** Steps as a performance: name[.]answer, with [,] between. */
export const join = (steps, end) => [...steps.map(({ fact, answer }) => `${fact}[.]${codeOf(answer)}`), `ends-at[.]${codeOf(end)}`].join('[,]');

/** A span of time in ISO 8601, to hundredths. @param {number} seconds */
export function sayDuration(seconds) {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60];
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${(hundredths % 6000) / 100}S`;
}

/** A moment in ISO 8601 to the second, in UTC. @param {Date} at */
export const sayMoment = (at) => `${at.toISOString().slice(0, 19)}Z`;
