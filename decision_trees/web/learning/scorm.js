// What SCORM 1.2 and 2004 have in common: finding the platform's object, calling it, hearing its errors.

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

/** The platform's object, called by one standard's names. What it refuses is kept in words, never thrown. */
export class Platform {
  problem = '';
  #api;
  #names;

  /**
   * @param {any} api
   * @param {{start: string, get: string, set: string, commit: string, end: string, code: string, text: string}} names
   */
  constructor(api, names) {
    this.#api = api;
    this.#names = names;
  }

  start() { return this.#do('start', ''); }
  commit() { return this.#do('commit', ''); }
  end() { return this.#do('end', ''); }
  set(element, value) { return this.#do('set', element, String(value)); }

  get(element) {
    const value = tryTo(() => this.#api[this.#names.get](element));
    return value == null ? '' : String(value);
  }

  /** How many a list holds. */
  count(list) { return Number(this.get(`${list}._count`)) || 0; }

  #do(what, ...given) {
    try {
      const answer = String(this.#api[this.#names[what]](...given)) === 'true';
      if (answer) {
        if (what === 'commit') this.problem = '';
        return true;
      }
      const code = this.#api[this.#names.code]();
      this.problem = `${given[0] || what}: ${this.#api[this.#names.text](String(code)) || 'refused'} (${code})`;
    } catch (error) {
      this.problem = `${given[0] || what}: ${error}`;
    }
    console.warn(`The learning platform refused ${this.problem}`);
    return false;
  }
}

/** An answer as both standards can hold it in an identifier: `?` and the comma between chosen options are none. */
export const codeOf = (answer) => answer === '?' ? 'not-sure' : answer.replaceAll(',', '.');

/** A share in hundred, cut and never rounded up, so that it can't reach a mark that the cards don't. */
export const percent = (part, whole) => Math.floor(part * 10_000 / whole) / 100;
