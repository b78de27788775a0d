// The lines to copy into another page: where this site really is, with the options that are chosen, and a button to copy.
import { make } from './views.js';

/**
 * Make the snippets of a page's disclosure true for where it is read, and let options be chosen.
 * @param {HTMLElement} box  the disclosure; data-address is where the build thought the site would be
 */
export function fillSnippets(box) {
  const site = new URL(box.dataset.root, location.href).href;
  const fields = [...box.querySelectorAll('textarea')];
  const plain = fields.map((field) => field.value.replaceAll(box.dataset.address, site));
  const page = site + box.dataset.page;
  const form = box.querySelector('form');
  const write = () => {
    const options = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value && name !== 'start') options.set(name, value.replace('#', ''));
    const query = options.size ? `?${options}` : '';
    const start = form.elements.start?.checked ? location.hash : '';
    fields.forEach((field, at) => { field.value = plain[at].replaceAll(`"${page}"`, () => `"${escape(page + query + start)}"`); });
  };
  form.addEventListener('input', write);
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('hashchange', write);
  form.hidden = false;
  write();
  for (const field of fields) {
    const done = make('span.copied', { role: 'status' });
    const copy = make('button.button.button--quiet', { type: 'button', 'aria-label': `Copy: ${field.labels[0].textContent}`, onclick: async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        done.textContent = 'Copied';
      } catch {
        field.select();
        done.textContent = 'Selected: copy it by Ctrl+C';
      }
    } }, 'Copy');
    field.after(make('p.use-this-copy', {}, copy, ' ', done));
  }
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
