// For the site read from files, as on a memory stick: browsers run no modules there, no workers, and fetch nothing.
// The build has made one classic script of the site's modules; here is what they ask the browser for instead.
(() => {
  'use strict';

  /** Where the scripts of the site lie. */
  const BASE = document.currentScript.src;
  /** @type {Map<string, (exports: object, require: (name: string) => object, fetch: typeof window.fetch, location: Location, here: string) => void>} */
  const makers = new Map();
  const made = new Map();
  const waiting = new Map();

  /** The file behind an address: nobody looks for a folder's index here. */
  const fileOf = (address) => {
    const url = new URL(address, document.baseURI);
    if (url.protocol === 'file:' && url.pathname.endsWith('/')) url.pathname += 'index.html';
    return url.href;
  };

  /** A page as text, out of the script that the build has laid beside it. */
  const fetchPage = (address) => new Promise((resolve, reject) => {
    const source = new URL('page.js', fileOf(address)).href;
    const script = Object.assign(document.createElement('script'), { src: source });
    waiting.set(source, (text) => { script.remove(); resolve(new Response(text)); });
    script.addEventListener('error', () => { script.remove(); reject(new TypeError(`${source} is not there`)); });
    document.head.append(script);
  });

  const ownLocation = new Proxy({}, {
    get: (_, name) => {
      if (name === 'assign') return (address) => location.assign(fileOf(address));
      return typeof location[name] === 'function' ? location[name].bind(location) : location[name];
    },
  });

  const require = (name) => {
    if (!made.has(name)) {
      const exports = {};
      made.set(name, exports);
      makers.get(name)(exports, require, fetchPage, ownLocation, new URL(name, BASE).href);
    }
    return made.get(name);
  };

  globalThis.fromFiles = {
    define: (name, make) => makers.set(name, make),
    start: (names) => names.split(' ').forEach(require),
    take: (source, text) => waiting.get(source)?.(text),
  };

  // The theme asks for the site's map. It does without, but the browser would report each try as an error.
  globalThis.XMLHttpRequest = class extends EventTarget {
    open() {}
    setRequestHeader() {}
    abort() {}
    send() { queueMicrotask(() => this.dispatchEvent(new Event('error'))); }
  };

  // Links that a script has made.
  addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    if (link && new URL(link.href).protocol === 'file:' && link.href !== fileOf(link.href)) link.href = fileOf(link.href);
  }, true);

  // The search runs in a worker: here in a frame of its own, which speaks as a worker does.
  globalThis.Worker = class extends EventTarget {
    #frame = document.createElement('iframe');
    #ready;

    constructor(source) {
      super();
      this.#frame.hidden = true;
      this.#ready = new Promise((resolve) => {
        const open = () => {
          document.body.append(this.#frame);
          const { contentWindow, contentDocument } = this.#frame;
          contentWindow.postMessage = (data) => this.dispatchEvent(new MessageEvent('message', { data }));
          const script = Object.assign(contentDocument.createElement('script'), { src: String(source) });
          script.addEventListener('load', resolve);
          contentDocument.body.append(script);
        };
        if (document.body) open();
        else addEventListener('DOMContentLoaded', open);
      });
    }

    async postMessage(data) {
      await this.#ready;
      const { contentWindow } = this.#frame;
      contentWindow.dispatchEvent(new contentWindow.MessageEvent('message', { data }));
    }

    terminate() {
      this.#frame.remove();
    }
  };
})();
