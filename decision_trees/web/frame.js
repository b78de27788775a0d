// A tree's or a provision's own page: the look that its address asks for, and what it does in another's page.
import { applyOptions, readOptions } from './options.js';
import { speakToHost } from './messages.js';

const options = readOptions(location.search);
applyOptions(options);

const isFramed = window.parent !== window;
const { page = '', edition = '', version = '' } = document.body.dataset;

if (isFramed) {
  document.documentElement.dataset.framed = '';
  document.addEventListener('click', leaveFrame);
  speakToHost({ name: page, title: document.querySelector('h1').textContent.trim(), edition, version, follows: options.follows, tree: document.querySelector('decision-tree') });
}

// A tab of its own shows the same answers, without the host's options.
const tab = document.querySelector('.open-tab');
for (const sign of ['pointerdown', 'focus', 'click']) tab?.addEventListener(sign, () => { tab.href = location.pathname + location.hash; });

document.querySelector('details.use-this')?.addEventListener('toggle', async ({ currentTarget }) => {
  const { fillSnippets } = await import('./snippets.js');
  fillSnippets(currentTarget);
}, { once: true });

/** Links to other pages open a tab: the host's page stays. Where a sandbox forbids tabs the reader gets the address. */
function leaveFrame(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!/^https?:$/.test(link.protocol) || link.download || isHere(link)) return;
  event.preventDefault();
  if (window.open(link.href, '_blank')) return;
  document.querySelector('.frame-note')?.remove();
  const note = document.createElement('p');
  note.className = 'frame-note';
  note.setAttribute('role', 'status');
  const address = document.createElement('input');
  address.readOnly = true;
  address.value = link.href;
  address.setAttribute('aria-label', 'Address');
  note.append('The page around this one lets no other page open. The address to copy: ', address);
  document.querySelector('.tree-page-foot').prepend(note);
  address.select();
}

const isHere = (link) => !link.target && link.origin === location.origin && link.pathname === location.pathname;
