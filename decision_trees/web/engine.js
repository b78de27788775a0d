// The engine as the page sees it: one worker for all trees of the page, asked by message.
// If it can't start the walk goes on from the compiled page, and readers are told what is missing.

/** Longest wait for the engine to start, in milliseconds. Without it a blocked start would hang for ever. */
const PATIENCE = 60_000;

class Engine extends EventTarget {
  /** @type {'idle' | 'starting' | 'ready' | 'failed'} */
  state = 'idle';
  /** Why it failed, for the console and the tests. */
  reason = '';
  #worker;
  #waiting = new Map();
  #next = 0;

  /** Start the worker, once. */
  start() {
    if (this.state !== 'idle') return;
    this.#change('starting');
    try {
      this.#worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'decision-trees' });
    } catch (error) {
      this.#fail(String(error));
      return;
    }
    this.#worker.addEventListener('message', ({ data }) => this.#hear(data));
    this.#worker.addEventListener('error', (event) => this.#fail(event.message || 'the worker could not be loaded'));
    setTimeout(() => this.state === 'starting' && this.#fail('it took too long'), PATIENCE);
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
    if (this.state !== 'ready') return Promise.reject(new Error('the engine is not ready'));
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }

  #hear(data) {
    if (data.ready) this.#change('ready');
    else if (data.failed) this.#fail(data.failed);
    else {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.text);
    }
  }

  #fail(reason) {
    this.reason = reason;
    this.#worker?.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
    this.#change('failed');
  }

  #change(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

export const engine = new Engine();
