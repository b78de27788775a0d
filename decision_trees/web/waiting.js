// What a reader sees who has begun and whose engine is still on its way: how much of it has come, and that nothing waits for it.
import { make } from './views.js';

/** How long a wait may be before it is called slow, in milliseconds from the engine's start. */
const LONG = 10_000;

const WORDS = {
  soon: 'The rules’ engine is on its way. Go on answering: nothing waits for it.',
  late: 'The rules’ engine takes long here. The questions and the outcome are on this page already: go on without it, or come back later.',
};

/**
 * Show the wait at the end of an element, once. It goes when the wait is over.
 * @param {HTMLElement} element
 * @param {import('./engine.js').engine} engine
 * @param {{soon: string, late: string}} [words]  what is said at first, and past ten seconds
 */
export function showWait(element, engine, words = WORDS) {
  if (engine.state !== 'starting' || element.querySelector('.engine-wait')) return;
  const bar = make('progress', { 'aria-label': 'How much of the rules’ engine has come' });
  const bytes = make('span.engine-wait-bytes');
  const said = make('p', { role: 'status' }, words.soon);
  const box = make('div.engine-wait', {}, said, bar, bytes);
  const update = () => {
    const { done, total } = engine.progress;
    if (!total) return;
    bar.max = total;
    bar.value = done;
    bytes.textContent = done < total ? `${megabytes(done)} of ${megabytes(total)} MB` : `${megabytes(total)} MB, starting`;
  };
  const late = setTimeout(() => { said.textContent = words.late; }, Math.max(0, LONG - engine.waited));
  const end = () => {
    if (engine.state === 'starting') return;
    clearTimeout(late);
    engine.removeEventListener('progress', update);
    engine.removeEventListener('change', end);
    box.remove();
  };
  engine.addEventListener('progress', update);
  engine.addEventListener('change', end);
  update();
  element.append(box);
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
