// The engine as the page sees it: one for all trees of the page and, where the browser can, for all tabs of the site.
// If it can't start the walk goes on from the compiled page, and readers are told what is missing.

/** In milliseconds; a page may set others as JSON in `<html data-engine>`. */
const SETTINGS = {
  /** Longest wait for the next sign of life while it starts. Without it a blocked start would hang for ever. */
  patience: 60_000,
  /** Longest wait for a shared worker to greet. */
  greeting: 10_000,
  /** A wait that a reader notices. */
  slow: 1000,
  /** How long it is kept when nobody asks. */
  idle: 600_000,
  /** How long nobody must have asked before its memory is kept for the next visit: that starts a second Python, which would slow a step. */
  keep: 5000,
};

/** How the engine can be reached: each gives a port, and calls `lose` when it is lost. */
const WAYS = {
  shared(lose) {
    const worker = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'decision-trees' });
    worker.addEventListener('error', () => lose('the shared worker could not be loaded'));
    return worker.port;
  },
  own(lose) {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'decision-trees' });
    worker.addEventListener('error', (event) => lose(event.message || 'the worker could not be loaded'));
    return worker;
  },
  page(lose) {
    const { port1, port2 } = new MessageChannel();
    import('./worker.js').then(({ serve }) => serve(port1), (error) => lose(String(error)));
    return port2;
  },
};

class Engine extends EventTarget {
  /** @type {'idle' | 'starting' | 'ready' | 'failed'}  once ready it can be asked, also if its memory was given back meanwhile */
  state = 'idle';
  /** Why it failed, for the console and the tests. */
  reason = '';
  /** What has come while it starts, in bytes as they travel. */
  progress = { done: 0, total: 0 };
  /** @type {'' | 'start' | 'snapshot'}  how it came to life */
  by = '';
  /** @type {'' | keyof typeof WAYS}  where it lives */
  place = '';
  settings = SETTINGS;
  #begun = 0;
  #port = null;
  /** @type {Array<keyof typeof WAYS>} */
  #ways = [];
  #timer;
  #keeping;
  #mayKeep = false;
  #waiting = new Map();
  #next = 0;

  /** How long it has been starting, in milliseconds. */
  get waited() {
    return performance.now() - this.#begun;
  }

  /** Whether it is starting, and has been for longer than goes unnoticed. */
  get isSlow() {
    return this.state === 'starting' && this.waited >= this.settings.slow;
  }

  /** Whether it answers, at once or as soon as it has started. */
  get canBeAsked() {
    return this.state === 'starting' || this.state === 'ready';
  }

  /** Start it, once. */
  start() {
    if (this.state !== 'idle') return;
    this.settings = { ...SETTINGS, ...JSON.parse(document.documentElement.dataset.engine ?? '{}') };
    this.#begun = performance.now();
    this.#change('starting');
    setTimeout(() => this.isSlow && this.dispatchEvent(new Event('slow')), this.settings.slow + 1);
    this.#reach();
  }

  /**
   * Ask where answers lead. Rejects if the engine is not there or does not know.
   * @param {string} tree
   * @param {string} url  where the tree's diagram is
   * @param {Record<string, string>} answers
   * @returns {Promise<any>}
   */
  async ask(tree, url, answers) {
    return JSON.parse(await this.#call({ call: 'ask', tree, url, text: JSON.stringify(answers) }));
  }

  /**
   * Put a case to every edition of a comparison.
   * @param {string} topic
   * @param {string} url  where the comparison is
   * @param {Record<string, string>} trees  where each edition's diagram is, by the tree's id
   */
  async compare(topic, url, trees, answers) {
    return JSON.parse(await this.#call({ call: 'put_case', tree: topic, url, trees, text: JSON.stringify(answers) }));
  }

  /** Give a question's words by its fact. */
  async question(tree, url, fact) {
    return JSON.parse(await this.#call({ call: 'question', tree, url, text: fact }));
  }

  #call(message) {
    if (!this.canBeAsked) return Promise.reject(new Error('the engine is not there'));
    return new Promise((resolve, reject) => {
      const sent = { id: this.#next++, ...message };
      this.#waiting.set(sent.id, { resolve, reject, sent });
      if (this.#port) this.#port.postMessage(sent);
      else this.#reach();
    });
  }

  /** Find a way to it; what waits to be asked is asked at once. */
  #reach() {
    // A page of an opaque origin, such as a sandboxed frame, may have no workers.
    this.#ways = self.origin === 'null' ? ['page'] : ['shared', 'own'];
    this.#tryNext('this browser has no workers');
  }

  #tryNext(reason) {
    const way = this.#ways.shift();
    if (!way) { this.#fail(reason); return; }
    try {
      const port = WAYS[way]((lost) => port === this.#port && (this.#ways.length ? this.#tryNext(lost) : this.#fail(lost)));
      this.#port = port;
      this.place = way;
      port.addEventListener('message', ({ data }) => port === this.#port && this.#hear(data, reason));
      port.start?.();
      port.postMessage({ idle: this.settings.idle });
      for (const { sent } of this.#waiting.values()) port.postMessage(sent);
      this.#wait(way === 'shared' ? this.settings.greeting : this.settings.patience);
    } catch (error) {
      this.#tryNext(way === 'shared' && !globalThis.SharedWorker ? reason : String(error));
    }
  }

  /** Give up when no sign of life comes in time. */
  #wait(time) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#ways.length) { this.#tryNext('it took too long'); return; }
      this.#port?.postMessage({ isGivenUp: true });
      this.#fail('it took too long');
    }, time);
  }

  #hear(data) {
    if ('id' in data) { this.#settle(data); return; }
    this.#ways = []; // it lives here
    clearTimeout(this.#timer);
    if (data.state === 'starting') {
      this.#wait(this.settings.patience);
      this.progress = { done: data.done, total: data.total };
      this.dispatchEvent(new Event('progress'));
    } else if (data.state === 'failed') this.#fail(data.reason);
    else if (data.state === 'released') {
      this.#port = null;
      if (this.#waiting.size) this.#reach();
    } else {
      this.by = data.by;
      if (this.state !== 'ready') this.#change('ready');
      this.#mayKeep ||= data.by === 'start' && this.place !== 'page';
      this.#keepLater();
    }
  }

  #settle({ id, text, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error));
    else waiting?.resolve(text);
    this.#keepLater();
  }

  #keepLater() {
    clearTimeout(this.#keeping);
    if (this.#mayKeep) this.#keeping = setTimeout(() => { this.#mayKeep = false; keepMemory(); }, this.settings.keep);
  }

  #fail(reason) {
    clearTimeout(this.#timer);
    this.reason = reason;
    this.#port?.terminate?.();
    this.#port = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
    this.#change('failed');
  }

  #change(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** Have the memory kept for the next visit, by one tab alone. That it can't be costs nobody anything. */
function keepMemory() {
  const isSmall = (navigator.deviceMemory ?? 4) < 2; // gigabytes: a second Python would crowd out other things
  if (!globalThis.caches || !navigator.locks || isSmall) return;
  navigator.locks.request('decision-trees-keep', { ifAvailable: true }, (lock) => lock && new Promise((done) => {
    const worker = new Worker(new URL('./keep.js', import.meta.url), { type: 'module', name: 'decision-trees-keep' });
    worker.addEventListener('message', done);
    worker.addEventListener('error', done);
  })).catch(() => {});
}

export const engine = new Engine();
