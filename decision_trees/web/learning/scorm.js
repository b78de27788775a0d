// SCORM 1.2 and 2004: the platform's object found, called, its errors heard. Each standard is a table of its names.

/** @typedef {import('./ledger.js').Answered} Answered */
/** @typedef {import('./ledger.js').Ledger} Ledger */
/**
 * @typedef {object} Standard
 * @property {'API' | 'API_1484_11'} api
 * @property {Record<'start' | 'get' | 'set' | 'commit' | 'end' | 'code' | 'text', string>} calls
 * @property {Record<'mode' | 'completion' | 'success' | 'place' | 'exit' | 'time' | 'score', string> & {entry?: string, scaled?: string, share?: string}} names
 * @property {{moment: string, response: string, wrong: string, description?: string}} interaction  names of its parts, and its word for what is not right
 * @property {(seconds: number) => string} sayTime
 * @property {(at: Date) => string} sayMoment
 * @property {(event: Answered) => {id: string, response: string, pattern: string}[]} listParts  the interactions that an answer becomes
 */

const BOOKMARK = 'cmi.suspend_data';
const INTERACTIONS = 'cmi.interactions';
const OVER = ['completed', 'passed', 'failed'];
/** Characters of a description that every platform for SCORM 2004 must take. */
const DESCRIPTION = 250;

/** Longest way up through frames: the standard's own finder stops at 7 in 1.2 and 500 in 2004; a page has no more than a few. */
const DEEPEST = 50;

/**
 * Find the platform's object in the frames above this page, then in those above the window that opened it.
 * A frame of another origin can't be looked into and ends the search there.
 * @param {'API' | 'API_1484_11'} name
 * @param {Window} [from]
 */
export function findApi(name, from = window) {
  return searchUp(name, from) ?? searchUp(name, tryTo(() => from.opener)) ?? searchUp(name, tryTo(() => from.top?.opener)) ?? null;
}

function searchUp(name, from) {
  let each = from;
  for (let depth = 0; each && depth < DEEPEST; depth++) {
    const at = each;
    const found = tryTo(() => at[name]);
    if (found) return found;
    const above = tryTo(() => at.parent);
    if (!above || above === each) return null;
    each = above;
  }
  return null;
}

function tryTo(look) {
  try {
    return look() ?? null;
  } catch {
    return null;
  }
}

/**
 * Open the platform above this page, by the names of a standard. Throws where it is there and refuses.
 * @param {Standard} standard
 * @returns {Ledger | null}
 */
export function openPlatform({ api, calls, names, interaction, sayTime, sayMoment, listParts }) {
  const found = findApi(api);
  if (!found) return null;
  const platform = new Platform(found, calls);
  if (!platform.start()) throw new Error('Your learning platform did not let the course begin, so results are not recorded. Close it, and open it there again.');
  const opened = performance.now();
  const isNormal = ['', 'normal'].includes(platform.get(names.mode));
  // What a standard has no name for is not said.
  const set = (element, value) => !element || !isNormal || platform.set(element, value);
  let isPassed = platform.get(names.success) === 'passed';
  let isOver = OVER.includes(platform.get(names.completion));
  // Where there is an entry, a first one has no bookmark, and to ask for it would be an error.
  const bookmark = names.entry && platform.get(names.entry) === 'ab-initio' ? '' : platform.get(BOOKMARK);
  let saved = bookmark;
  const stamp = () => {
    set(names.time, sayTime((performance.now() - opened) / 1000));
    set(names.exit, 'suspend');
  };
  if (!isOver) set(names.completion, 'incomplete');
  return {
    isRecording: isNormal,
    says: isNormal ? 'Your learning platform records your results.' : 'Your learning platform has opened this to look at. Nothing is recorded.',
    bookmark,
    problem: () => platform.problem && `Your learning platform did not take everything (${platform.problem}). Go on: your place and your result are offered again with every answer. If this stays, tell whoever keeps the platform.`,
    watch() {},
    attempted() {},
    answered(event) {
      for (const { id, response, pattern } of listParts(event)) {
        const at = `${INTERACTIONS}.${platform.count(INTERACTIONS)}`;
        set(`${at}.id`, id);
        set(`${at}.type`, event.kind === 'walk' ? 'performance' : 'fill-in');
        set(`${at}.${interaction.moment}`, sayMoment(event.at));
        set(`${at}.correct_responses.0.pattern`, pattern);
        set(`${at}.weighting`, '1');
        set(`${at}.${interaction.response}`, response);
        set(`${at}.result`, event.isRight ? 'correct' : interaction.wrong);
        set(`${at}.latency`, sayTime(event.seconds));
        set(interaction.description && `${at}.${interaction.description}`, `${event.title}: ${event.ask}`.slice(0, DESCRIPTION));
      }
    },
    // The score is said once an attempt is finished and not before: a platform holds it against the mark at once, or on
    // leaving, and would stamp `failed` on somebody who was only half through.
    finished({ best, of, isPassed: isPassedNow }) {
      isOver = true;
      isPassed ||= isPassedNow;
      set(`${names.score}.min`, '0');
      set(`${names.score}.max`, '100');
      set(`${names.score}.raw`, percent(best, of));
      set(names.scaled, percent(best, of * 100));
      if (names.completion !== names.success) set(names.completion, 'completed');
      set(names.success, isPassed ? 'passed' : 'failed');
    },
    save(text, { card, share }) {
      if (text !== saved && set(BOOKMARK, text)) saved = text;
      set(names.place, `card-${card}`);
      set(names.share, isOver ? 1 : Math.floor(share * 1000) / 1000);
      stamp();
      platform.commit();
    },
    leave() {
      stamp();
      platform.end();
    },
    statements: () => [],
  };
}

/** The platform's object, called by one standard's names. What it refuses is kept in words, never thrown. */
export class Platform {
  /** What was refused up to the last commit, in words, or nothing. */
  problem = '';
  #refused = '';
  #api;
  #calls;

  /**
   * @param {any} api
   * @param {Standard['calls']} calls
   */
  constructor(api, calls) {
    this.#api = api;
    this.#calls = calls;
  }

  start() { return this.#do('start', ''); }
  commit() { return this.#do('commit', ''); }
  end() { return this.#do('end', ''); }
  set(element, value) { return this.#do('set', element, String(value)); }

  get(element) {
    const value = tryTo(() => this.#api[this.#calls.get](element));
    return value == null ? '' : String(value);
  }

  /** How many a list holds. */
  count(list) { return Number(this.get(`${list}._count`)) || 0; }

  #do(what, ...given) {
    const refused = this.#call(what, given);
    if (what === 'commit') {
      this.problem = refused || this.#refused;
      this.#refused = '';
    } else this.#refused ||= refused;
    if (refused) console.warn(`The learning platform refused ${refused}`);
    return !refused;
  }

  /** Give nothing, or what was refused and why. */
  #call(what, given) {
    const about = given[0] || what;
    try {
      if (String(this.#api[this.#calls[what]](...given)) === 'true') return '';
      const code = String(this.#api[this.#calls.code]());
      return `${about}: ${this.#api[this.#calls.text](code) || 'refused'} (${code})`;
    } catch (error) {
      return `${about}: ${error}`;
    }
  }
}

/** An answer as both standards can hold it in an identifier: `?` and the comma between chosen options are none. */
export const codeOf = (answer) => answer === '?' ? 'not-sure' : answer.replaceAll(',', '.');

/** A share in hundred, cut and never rounded up, so that it can't reach a mark that the cards don't. */
export const percent = (part, whole) => Math.floor(part * 10_000 / whole) / 100;
