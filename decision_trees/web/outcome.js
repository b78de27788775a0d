// An outcome: the compiled section as it stands, and what the engine adds to it for these answers.
import { changes, make, verdict } from './views.js';

/** @typedef {import('./walk.js').Walk} Walk */

/**
 * Put the engine's word into a compiled outcome that is on the page already. What the reader has ticked stays ticked,
 * and focus stays where it is.
 * @param {HTMLElement} section
 * @param {any} found  the engine's position
 * @param {Walk} walk
 */
export function enrich(section, found, walk) {
  section.querySelector('.outcome-say').textContent = found.say;
  settleDuties(section, found.duties);
  section.querySelector('.outcome-reasons')?.remove();
  section.querySelector('.outcome-changes')?.remove();
  section.querySelector('.thread')?.append(...[reasons(found, walk)].filter(Boolean));
  const others = changes(found.changes);
  if (others) section.querySelector('.outcome-main').append(others);
}

/** Leave the duties that come with the outcome, each condition hidden once it is known to hold. */
function settleDuties(section, duties) {
  const due = new Map(duties.map((duty) => [String(duty.number), duty]));
  for (const row of section.querySelectorAll('[data-duty]')) {
    const duty = due.get(row.dataset.duty);
    row.hidden = !duty;
    if (!duty) continue;
    row.querySelector('.duty-say').textContent = duty.say;
    const when = row.querySelector('.duty-when');
    if (when) when.hidden = duty.certain;
  }
  for (const list of section.querySelectorAll('.duties')) {
    const isEmpty = !list.querySelector('li:not([hidden])');
    list.hidden = isEmpty;
    if (list.previousElementSibling?.matches('.duties-group')) list.previousElementSibling.hidden = isEmpty;
  }
  const part = section.querySelector('.outcome-duties');
  if (part) part.hidden = !part.querySelector('.duties:not([hidden])');
}

/** How the answers led here: what made the deciding rule hold, and what kept the rules before it from holding. */
function reasons(found, walk) {
  const { because, passed } = found;
  if (!because.length && !passed.length) return null;
  const part = make('div.outcome-reasons', {});
  part.append(...because.length
    ? [make('p', {}, 'The rule that decided holds because:'), list(because)]
    : [make('p', {}, passed.length === 1 ? 'The rule before it did not hold, so the last one decided.' : 'None of the rules before it held, so the last one decided.')]);
  if (passed.length) part.append(make('details.passed', {}, make('summary', {}, passed.length === 1 ? 'One rule came first and did not hold' : `${passed.length} rules came first and did not hold`),
    make('ul', {}, ...passed.map((each) => make('li', {}, named(each.outcome, walk), make('p', {}, `Not so: ${each.because.join('; ')}`))))));
  return part;
}

const list = (texts) => make('ul.because', {}, ...texts.map((text) => make('li', {}, text)));

function named(outcome, walk) {
  const { verdict: name, brief } = walk.outcomes.get(outcome)?.dataset ?? {};
  return name ? verdict(name, brief) : make('b', {}, 'A group of rules');
}
