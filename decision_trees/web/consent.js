// The reader is asked before any answer leaves the frame, by a strip that names who would get it.
import { make } from './views.js';

/** How long its buttons rest at first, in milliseconds: a click that was meant for what stood there before decides nothing. */
const REST = 700;

/**
 * Ask the reader whether the host's page may know the answers, and offer to take it back as long as it may.
 * @param {string} origin
 * @param {() => void} withdraw
 * @returns {Promise<boolean>}
 */
export function askReader(origin, withdraw) {
  return new Promise((resolve) => {
    const strip = make('section.consent', { 'aria-label': 'Who is told your answers' });
    const decide = (hasAgreed) => {
      if (hasAgreed) strip.replaceChildren(
        make('p', { role: 'status' }, 'Your answers are told to ', make('b', {}, origin), ' as you go.'),
        make('p.consent-actions', {}, make('button.button.button--quiet', { type: 'button', onclick: () => { strip.remove(); withdraw(); } }, 'Stop telling it')));
      else strip.remove();
      resolve(hasAgreed);
    };
    const button = (words, hasAgreed) => make('button.button.button--quiet', { type: 'button', disabled: true, onclick: () => decide(hasAgreed) }, words);
    const buttons = [button('Don’t tell it', false), button('Tell it', true)];
    setTimeout(() => { for (const each of buttons) each.disabled = false; }, REST);
    strip.append(
      make('p', { role: 'status' }, 'The page around this one, ', make('b', {}, origin), ', asks to be told your answers and the outcome. They stay on this device unless you agree.'),
      make('p.consent-actions', {}, ...buttons));
    document.querySelector('main').prepend(strip);
  });
}
