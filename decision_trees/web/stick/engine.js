// Stands in for the engine where the site is read from files: there is none, and the walk goes on from the compiled page.
class AbsentEngine extends EventTarget {
  state = 'failed';
  reason = 'read from files';
  start() {}
  ask() { return Promise.reject(new Error(this.reason)); }
  compare() { return Promise.reject(new Error(this.reason)); }
  question() { return Promise.reject(new Error(this.reason)); }
}

export const engine = new AbsentEngine();
