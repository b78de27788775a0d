// An xAPI record store, and the line of what it has not taken yet. The line is kept by this browser until the store has it.
import { openKeeping } from '../workshop-keeping.js';

const VERSION = '1.0.3';
/** Statements in one request: together they stay within the 64 KiB that a browser sends while a page goes away. */
const MOST = 10;
const LONGEST_KEPT_ALIVE = 60_000;
/** Milliseconds until what was refused is offered again, if no answer comes before. */
const AGAIN = 15_000;

/** @typedef {{id: string}} Statement  as xapi.js makes it */
/** @typedef {{activityId: string, agent: string, stateId: string, registration?: string}} Place  of the bookmark, by the state resource's own names */
/** @typedef {{bookmark: string, at: string}} Bookmark  and when it was saved */

/** Each statement has an id, so one that is sent twice counts once. Nothing leaves the line before the store has said so. */
export class RecordStore {
  /** In a sentence for the learner, or nothing. */
  problem = '';
  /** Called when the problem has come or gone. */
  onChange = () => {};
  #endpoint;
  #headers;
  #place;
  #keeping;
  /** @type {Statement[]} */
  #waiting;
  /** @type {Statement[]} */
  #sent = [];
  /** @type {Bookmark | null} */
  #bookmark;
  #isSending = false;
  #later = 0;

  /** @param {string} endpoint @param {string} auth @param {Place} place */
  constructor(endpoint, auth, place) {
    this.#endpoint = new URL(endpoint.replace(/\/*$/, '/'));
    this.#headers = { 'X-Experience-API-Version': VERSION, ...(auth ? { Authorization: auth } : {}) };
    this.#place = place;
    this.#keeping = openKeeping(`statements:${JSON.stringify([endpoint, place.activityId, place.agent])}`);
    ({ statements: this.#waiting, bookmark: this.#bookmark } = this.#readLine());
    addEventListener('online', () => this.send());
    if (this.#waiting.length) this.send();
  }

  /** What the store has not taken. */
  get waiting() { return this.#waiting; }

  /**
   * Put statements in line and send what is in it, oldest first.
   * @param {Statement[]} [statements]
   */
  async send(statements = []) {
    this.#waiting.push(...statements);
    this.#keepLine();
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#later);
    try {
      while (this.#waiting.length || this.#bookmark !== null) await this.#sendNext();
      this.#say('');
    } catch (error) {
      const words = this.#keeping.isKept ? 'They are kept in this browser and offered again' : 'They last as long as this page is open and are offered again. Save them as a file at the end';
      this.#say(`Your organisation’s record store did not take your last results (${error.message}). ${words}.`);
      this.#later = setTimeout(() => this.send(), AGAIN);
    }
    this.#sent = [];
    this.#isSending = false;
  }

  /** Send what is not on its way yet, without waiting: the page goes away. What gets lost now stays in line. */
  flush() {
    const rest = this.#waiting.filter((each) => !this.#sent.includes(each));
    for (let at = 0; at < rest.length; at += MOST) this.#post(rest.slice(at, at + MOST)).catch(() => {});
    if (this.#bookmark !== null) this.#putBookmark(this.#bookmark).catch(() => {});
  }

  /** @param {string} text */
  saveBookmark(text) {
    this.#bookmark = { bookmark: text, at: new Date().toISOString() };
    this.send();
  }

  /** Read where the learner left: what the store has, or what this browser could not send, whichever is newer. */
  async readBookmark() {
    try {
      const found = await this.#ask('GET', 'activities/state', this.#place);
      const { bookmark = '', at = '' } = found.status === 200 ? await found.json() : {};
      if (this.#bookmark?.at > at) return this.#bookmark.bookmark;
      this.#bookmark = null;
      return String(bookmark);
    } catch (error) {
      if (this.#bookmark) return this.#bookmark.bookmark;
      this.#say(`Your organisation’s record store can’t be asked where you left (${error.message}). Reload the page to try again, or begin anew.`);
      return '';
    }
  }

  async #sendNext() {
    const [statements, bookmark] = [this.#waiting.slice(0, MOST), this.#bookmark];
    this.#sent = statements;
    if (statements.length) await this.#post(statements);
    else if (bookmark !== null) await this.#putBookmark(bookmark);
    this.#waiting = this.#waiting.filter((each) => !statements.includes(each));
    if (!statements.length && this.#bookmark === bookmark) this.#bookmark = null;
    this.#keepLine(statements);
  }

  /** A store that has one of several statements already may refuse them all: then each goes alone. */
  async #post(statements) {
    const answer = await this.#ask('POST', 'statements', {}, statements);
    if (answer.status === 409) for (const each of statements) await this.#ask('PUT', 'statements', { statementId: each.id }, each);
  }

  /** @param {Bookmark} bookmark */
  #putBookmark(bookmark) { return this.#ask('PUT', 'activities/state', this.#place, bookmark); }

  /** @returns {{statements: Statement[], bookmark: Bookmark | null}} */
  #readLine() {
    try {
      const { statements, bookmark, registration } = JSON.parse(this.#keeping.read() ?? '{}');
      const isOurs = typeof bookmark?.bookmark === 'string' && typeof bookmark.at === 'string' && registration === this.#place.registration;
      return { statements: Array.isArray(statements) ? statements : [], bookmark: isOurs ? bookmark : null };
    } catch {
      return { statements: [], bookmark: null };
    }
  }

  /** Keep the line, with what another tab has put into it, without what the store has. */
  #keepLine(taken = []) {
    const all = new Map([...this.#readLine().statements, ...this.#waiting].map((each) => [each.id, each]));
    for (const { id } of taken) all.delete(id);
    if (all.size || this.#bookmark !== null) this.#keeping.save(JSON.stringify({ statements: [...all.values()], bookmark: this.#bookmark, registration: this.#place.registration }));
    else this.#keeping.forget();
  }

  #say(problem) {
    if (problem === this.problem) return;
    this.problem = problem;
    this.onChange();
  }

  async #ask(method, path, query, body) {
    const url = new URL(path, this.#endpoint);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const text = body === undefined ? undefined : JSON.stringify(body);
    // `keepalive` lets the last ones out while the page goes away.
    const answer = await fetch(url, {
      method, body: text, keepalive: text !== undefined && text.length < LONGEST_KEPT_ALIVE, referrerPolicy: 'no-referrer',
      headers: { ...this.#headers, ...(text === undefined ? { Accept: 'application/json' } : { 'Content-Type': 'application/json' }) },
    }).catch(() => { throw new Error('it could not be reached'); });
    if (!answer.ok && answer.status !== 409 && !(method === 'GET' && answer.status === 404)) throw new Error(`it answered ${answer.status}`);
    return answer;
  }
}
