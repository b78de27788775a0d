// xAPI: each thing that happens as a statement, for a record store, or to be downloaded where there is none.
import { percent } from './scorm.js';
import { RecordStore } from './record-store.js';
import { sayAnswer, sayDuration } from './scorm2004.js';

/** @typedef {import('./ledger.js').Ledger} Ledger */
/** @typedef {import('./ledger.js').Answered} Answered */
/** @typedef {import('./standing.js').Course} Course */

const LANGUAGE = 'en-GB';
const VERB = 'http://adlnet.gov/expapi/verbs/';
const TYPE = 'http://adlnet.gov/expapi/activities/';

/**
 * Open the record store that the launch address names: endpoint, auth (or, as cmi5 has it, fetch), actor, registration.
 * @param {Course} course
 * @returns {Promise<Ledger | null>}
 */
export async function open(course) {
  const given = new URLSearchParams(location.search);
  const endpoint = given.get('endpoint');
  if (!endpoint) return null;
  const about = { actor: readActor(given.get('actor')), registration: given.get('registration') ?? makeId(), activity: given.get('activity_id') ?? given.get('activityId') ?? course.activity };
  const place = {
    activityId: about.activity, agent: JSON.stringify(about.actor), stateId: 'bookmark',
    ...(given.has('registration') ? { registration: about.registration } : {}),
  };
  const store = new RecordStore(endpoint, given.get('auth') ?? await fetchToken(given.get('fetch')), place);
  return makeLedger(course, about, { store, bookmark: await store.readBookmark(), says: 'Your results go to your organisation’s record store.' });
}

/**
 * Keep statements in this page alone.
 * @param {Course} course
 * @param {string} says  why nobody else does, for the learner
 * @returns {Ledger}
 */
export function keep(course, says) {
  const registration = makeId();
  const actor = { objectType: 'Agent', account: { homePage: course.activity, name: registration } };
  return makeLedger(course, { actor, registration, activity: course.activity }, {
    store: null, bookmark: '', says,
  });
}

/** @returns {Ledger} */
function makeLedger(course, about, { store, bookmark, says }) {
  /** @type {object[]} */
  const kept = [];
  const opened = performance.now();
  const send = (...statements) => store ? store.send(statements) : kept.push(...statements);
  let isUnderWay = false;
  return {
    isRecording: store !== null, says, bookmark,
    problem: () => store?.problem ?? '',
    watch(tell) { if (store) store.onChange = tell; },
    attempted(attempt, at) {
      isUnderWay = true;
      send(makeStatement(course, about, 'attempted', { at, attempt }));
    },
    answered(event) {
      isUnderWay = true;
      send(makeAnswered(course, about, event));
    },
    finished(event) {
      isUnderWay = false;
      const score = { raw: percent(event.right, event.of), min: 0, max: 100, scaled: percent(event.right, event.of * 100) };
      const duration = sayDuration(event.seconds);
      send(
        makeStatement(course, about, 'completed', { ...event, result: { completion: true, duration } }),
        makeStatement(course, about, event.isPassed ? 'passed' : 'failed', { ...event, result: { success: event.isPassed, score, duration } }),
      );
    },
    save: (text) => store?.saveBookmark(text),
    leave() {
      if (isUnderWay) send(makeStatement(course, about, 'suspended', { at: new Date(), result: { duration: sayDuration((performance.now() - opened) / 1000) } }));
      store?.flush();
    },
    statements: () => store?.waiting ?? kept,
  };
}

// Statements ------------------------------------------------------------------------

function makeStatement(course, about, verb, { at, attempt, result, object }) {
  return {
    id: makeId(), actor: about.actor, verb: { id: VERB + verb, display: { [LANGUAGE]: verb } },
    object: object ?? describeCourse(course, about), ...(result ? { result } : {}),
    context: {
      registration: about.registration, language: LANGUAGE, platform: 'Rules that answer',
      contextActivities: { [object ? 'parent' : 'grouping']: [object ? describeCourse(course, about) : { objectType: 'Activity', id: course.activity }] },
      ...(attempt ? { extensions: { [`${about.activity}/attempt`]: attempt } } : {}),
    },
    timestamp: at.toISOString(),
  };
}

const describeCourse = (course, { activity }) => ({ objectType: 'Activity', id: activity, definition: { type: `${TYPE}course`, name: { [LANGUAGE]: course.title } } });

/** @param {Answered} event */
function makeAnswered(course, about, event) {
  const isWalk = event.kind === 'walk';
  const { response, pattern } = sayAnswer(event);
  const steps = new Map([...event.expectedSteps, ...event.steps].map((step) => [step.fact, step.ask ?? step.fact]));
  const definition = {
    type: `${TYPE}cmi.interaction`, name: { [LANGUAGE]: event.title }, description: { [LANGUAGE]: event.ask },
    interactionType: isWalk ? 'performance' : 'fill-in',
    correctResponsesPattern: [pattern],
    ...(isWalk ? { steps: [...[...steps].map(([id, ask]) => ({ id, description: { [LANGUAGE]: ask } })), { id: 'ends-at', description: { [LANGUAGE]: 'Where it ended' } }] } : {}),
  };
  return makeStatement(course, about, 'answered', {
    at: event.at, attempt: event.attempt,
    object: { objectType: 'Activity', id: `${about.activity}/${event.id.replace(/\.attempt-\d+$/, '')}`, definition },
    result: {
      success: event.isRight, completion: true, duration: sayDuration(event.seconds), response,
      extensions: { [`${about.activity}/said`]: [...event.steps.map(({ ask, said }) => `${ask} ${said}`), event.said] },
    },
  });
}

/** An agent as a launch gives it. Some launchers wrap each value in a list. */
function readActor(text) {
  const given = JSON.parse(text ?? '{}');
  const one = (value) => Array.isArray(value) ? value[0] : value;
  const account = one(given.account);
  const actor = { objectType: 'Agent' };
  if (given.name) actor.name = one(given.name);
  if (given.mbox) actor.mbox = one(given.mbox);
  else if (given.mbox_sha1sum) actor.mbox_sha1sum = one(given.mbox_sha1sum);
  else if (given.openid) actor.openid = one(given.openid);
  else if (account) actor.account = { homePage: account.homePage ?? account.accountServiceHomePage, name: account.name ?? account.accountName };
  else throw new Error('The link that opened this course does not say who you are, so results are not recorded. Tell whoever keeps the learning platform.');
  return actor;
}

/** A random UUID, on pages too that are not served securely. */
function makeId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function fetchToken(url) {
  if (!url) return '';
  const answer = await (await fetch(url, { method: 'POST' })).json();
  if (!answer['auth-token']) throw new Error(`Your learning platform gave no key to its record store, so results are not recorded. ${answer['error-text'] ?? ''}`);
  return `Basic ${answer['auth-token']}`;
}
