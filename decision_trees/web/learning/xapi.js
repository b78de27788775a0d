// xAPI: each thing that happens as a statement, for a record store, or to be downloaded where there is none.
import { percent } from './scorm.js';
import { join, sayDuration } from './scorm2004.js';

/** @typedef {import('./ledger.js').Ledger} Ledger */
/** @typedef {import('./ledger.js').Answered} Answered */
/** @typedef {import('./standing.js').Course} Course */

const VERSION = '1.0.3';
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
  const store = new Store(new URL(endpoint.replace(/\/*$/, '/')), given.get('auth') ?? await fetchToken(given.get('fetch')));
  const about = { actor: readActor(given.get('actor')), registration: given.get('registration') ?? makeId(), activity: given.get('activity_id') ?? given.get('activityId') ?? course.activity };
  return makeLedger(course, about, { store, bookmark: await store.readBookmark(about), says: 'Your results go to your organisation’s record store.' });
}

/**
 * Keep statements in this page alone.
 * @param {Course} course
 * @returns {Ledger}
 */
export function keep(course) {
  const registration = makeId();
  const actor = { objectType: 'Agent', account: { homePage: course.activity, name: registration } };
  return makeLedger(course, { actor, registration, activity: course.activity }, {
    store: null, bookmark: '', says: 'No learning platform was found, so results are not recorded. They last as long as this page is open.',
  });
}

/** @returns {Ledger} */
function makeLedger(course, about, { store, bookmark, says }) {
  /** @type {object[]} */
  const kept = [];
  const opened = performance.now();
  const send = (...statements) => { kept.push(...statements); store?.send(statements); };
  return {
    isRecording: store !== null, says, bookmark,
    problem: () => store?.problem ?? '',
    attempted: (attempt, at) => send(makeStatement(course, about, 'attempted', { at, attempt })),
    answered: (event) => send(makeAnswered(course, about, event)),
    finished(event) {
      const score = { raw: percent(event.right, event.of), min: 0, max: 100, scaled: percent(event.right, event.of * 100) };
      const duration = sayDuration(event.seconds);
      send(
        makeStatement(course, about, 'completed', { ...event, result: { completion: true, duration } }),
        makeStatement(course, about, event.isPassed ? 'passed' : 'failed', { ...event, result: { success: event.isPassed, score, duration } }),
      );
    },
    save: (text) => store?.saveBookmark(about, text),
    leave(isFinal) {
      if (isFinal) send(makeStatement(course, about, 'suspended', { at: new Date(), result: { duration: sayDuration((performance.now() - opened) / 1000) } }));
      store?.flush();
    },
    statements: () => store ? [] : kept,
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
  const steps = new Map([...event.expectedSteps, ...event.steps].map((step) => [step.fact, step.ask ?? step.fact]));
  const definition = {
    type: `${TYPE}cmi.interaction`, name: { [LANGUAGE]: event.title }, description: { [LANGUAGE]: event.ask },
    interactionType: isWalk ? 'performance' : 'fill-in',
    correctResponsesPattern: [isWalk ? `{order_matters=false}${join(event.expectedSteps, event.expected)}` : event.expected],
    ...(isWalk ? { steps: [...[...steps].map(([id, ask]) => ({ id, description: { [LANGUAGE]: ask } })), { id: 'ends-at', description: { [LANGUAGE]: 'Where it ended' } }] } : {}),
  };
  return makeStatement(course, about, 'answered', {
    at: event.at, attempt: event.attempt,
    object: { objectType: 'Activity', id: `${about.activity}/${event.id.replace(/\.attempt-\d+$/, '')}`, definition },
    result: {
      success: event.isRight, completion: true, duration: sayDuration(event.seconds),
      response: isWalk ? join(event.steps, event.end) : event.end,
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
  else throw new Error('the launch address names no actor');
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
  if (!answer['auth-token']) throw new Error(`no token was given: ${answer['error-text'] ?? ''}`);
  return `Basic ${answer['auth-token']}`;
}

// The store -------------------------------------------------------------------------

/** A record store. What can't be sent stays in line and goes with the next; each statement has an id, so none counts twice. */
class Store {
  problem = '';
  #endpoint;
  #headers;
  #waiting = [];
  #isSending = false;
  #bookmark = null;

  constructor(endpoint, auth) {
    this.#endpoint = endpoint;
    this.#headers = { 'X-Experience-API-Version': VERSION, ...(auth ? { Authorization: auth } : {}) };
  }

  async send(statements) {
    this.#waiting.push(...statements);
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length || this.#bookmark) {
      const bookmark = this.#bookmark;
      const batch = this.#waiting.slice();
      this.#bookmark = null;
      try {
        if (batch.length) await this.#ask('POST', 'statements', {}, batch);
        this.#waiting.splice(0, batch.length);
        if (bookmark) await this.#ask('PUT', 'activities/state', bookmark.place, bookmark.value);
        this.problem = '';
      } catch (error) {
        this.#bookmark ??= bookmark;
        this.problem = String(error.message ?? error);
        break;
      }
    }
    this.#isSending = false;
  }

  /** Send at once what is in line, without waiting for what is under way: the page goes away. */
  flush() {
    const batch = this.#waiting.slice();
    const bookmark = this.#bookmark;
    if (batch.length) this.#ask('POST', 'statements', {}, batch).catch(() => {});
    if (bookmark) this.#ask('PUT', 'activities/state', bookmark.place, bookmark.value).catch(() => {});
  }

  saveBookmark(about, text) {
    this.#bookmark = { place: place(about), value: { bookmark: text } };
    this.send([]);
  }

  async readBookmark(about) {
    try {
      const found = await this.#ask('GET', 'activities/state', place(about));
      return found.status === 200 ? String((await found.json()).bookmark ?? '') : '';
    } catch (error) {
      this.problem = String(error.message ?? error);
      return '';
    }
  }

  // `keepalive` lets the last ones out while the page goes away.
  async #ask(method, path, query, body) {
    const url = new URL(path, this.#endpoint);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(url, {
      method, body: text, keepalive: text !== undefined && text.length < 60_000, referrerPolicy: 'no-referrer',
      headers: { ...this.#headers, ...(text === undefined ? {} : { 'Content-Type': 'application/json' }) },
    });
    if (!answer.ok && answer.status !== 409 && !(method === 'GET' && answer.status === 404)) throw new Error(`The record store answered ${answer.status}.`);
    return answer;
  }
}

const place = ({ activity, actor, registration }) => ({ activityId: activity, agent: JSON.stringify(actor), registration, stateId: 'bookmark' });
