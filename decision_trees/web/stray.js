// A link into a page that leads nowhere there any more: to a question or a provision that has gone. The reader is told
// so in a sentence, and how to go on. What the link says is only ever set as text.
import { readPlace } from './answers.js';
import { icon, make } from './views.js';

/** Longest piece of a link that is repeated to the reader, in characters. */
const LONGEST = 60;

/** Tell of a link that leads nowhere on this page; take the telling away when the address has changed. */
export async function tellStray() {
  document.querySelector('.stray')?.remove();
  const { hash } = location;
  const { tree, answers } = readPlace(hash);
  const id = tree ? `tree-${tree}` : read(hash);
  const isProvision = /^[\d.]+[a-z]?$/.test(id) && document.querySelector('.provision') !== null;
  if (document.getElementById(id) || !(isProvision || id.startsWith('tree-'))) return;
  const root = document.querySelector('.wordmark')?.href ?? new URL('../../', import.meta.url).href;
  const name = (isProvision ? id : id.slice('tree-'.length)).slice(0, LONGEST);
  const moved = isProvision ? null : await find(root, name);
  if (location.hash !== hash) return;
  const fragment = Object.entries(answers).map(([fact, value]) => `${fact}=${encodeURIComponent(value)}`).join('&');
  const words = moved
    ? ['The question that your link leads to does not stand on this page. It is here: ', make('a', { href: `${root}trees/${moved.id}/${fragment && `#${fragment}`}` }, moved.ask)]
    : [`Your link leads to ${isProvision ? `provision ${name}` : `a question called “${name}”`}, and this page has none of that name. It may have been renamed or taken out${Object.keys(answers).length ? ', so your answers were not used' : ''}. `,
      'Read on here, or look for it in ', make('a', { href: root }, 'all questions'), '.'];
  const note = make('div.stray', { role: 'group', 'aria-label': 'About your link', tabindex: '-1' }, icon('alert'), make('p', {}, ...words));
  (document.querySelector('article.md-content__inner') ?? document.getElementById('main')).prepend(note);
  note.focus();
}

/** Find where a question stands now: in the edition of this page, by the list of all trees. */
async function find(root, topic) {
  try {
    const edition = location.pathname.slice(new URL(root).pathname.length).split('/')[0];
    const trees = await (await fetch(`${root}trees.json`)).json();
    return trees.find((each) => each.edition === edition && each.topic === topic) ?? null;
  } catch {
    return null;
  }
}

function read(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
