// Small helps on reading pages: previews beside cross-references, the popovers of terms, an overdue review.

import './search.js';
import './tables.js';

const place = (preview, anchor) => {
  const box = anchor.getBoundingClientRect();
  const room = document.documentElement.clientWidth - preview.offsetWidth - 16;
  preview.style.left = `${Math.max(16, Math.min(box.left, room)) + scrollX}px`;
  preview.style.top = `${box.bottom + scrollY + 8}px`;
};

for (const link of document.querySelectorAll('[data-preview]')) {
  const preview = document.getElementById(link.dataset.preview);
  if (!preview?.showPopover) continue;
  const show = () => { if (!preview.matches(':popover-open')) { preview.showPopover(); place(preview, link); } };
  const hide = () => preview.matches(':popover-open') && preview.hidePopover();
  link.addEventListener('pointerenter', show);
  link.addEventListener('focus', show);
  link.addEventListener('pointerleave', (event) => event.relatedTarget !== preview && hide());
  link.addEventListener('blur', hide);
  preview.addEventListener('pointerleave', hide);
  link.addEventListener('keydown', (event) => event.key === 'Escape' && hide());
}

for (const button of document.querySelectorAll('[popovertarget]')) {
  const preview = document.getElementById(button.getAttribute('popovertarget'));
  preview?.addEventListener('toggle', (event) => event.newState === 'open' && place(preview, button));
}

// Whether a review is overdue is judged on the day the page is read.
for (const notice of document.querySelectorAll('[data-overdue]')) notice.hidden = notice.dataset.overdue >= new Date().toISOString().slice(0, 10);

// The start page: a sentence that ends in the question, and a list that narrows as one types.
const form = document.querySelector('[data-ask-form]');
if (form) {
  const topics = [...form.elements.topic.options];
  const narrow = () => {
    for (const option of topics) option.hidden = option.disabled = !option.dataset.editions.split(' ').includes(form.elements.edition.value) || (form.elements.role.value !== '' && !option.dataset.roles.split(' ').includes(form.elements.role.value));
    if (form.elements.topic.selectedOptions[0]?.disabled !== false) form.elements.topic.value = topics.find((option) => !option.disabled)?.value ?? '';
  };
  form.addEventListener('change', narrow);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    location.assign(`trees/${form.elements.edition.value}/${form.elements.topic.value}/`);
  });
  narrow();
}

const find = document.querySelector('[data-find]');
if (find) {
  find.querySelector('input').addEventListener('input', ({ target }) => {
    const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll('[data-find-text]')) row.hidden = !words.every((word) => row.dataset.findText.toLowerCase().includes(word));
    for (const group of document.querySelectorAll('.topic')) group.hidden = !group.querySelector('[data-find-text]:not([hidden])');
  });
}

// What is wider than the page is scrolled by keyboard too.
for (const each of document.querySelectorAll('.md-typeset pre > code, .md-typeset table:not([class])')) if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;

// Beside each provision: copy its permanent link, or a citation for a letter or a report. On a long page they are made as the reader comes near.
/** Provisions that may be on the screen at once: theirs are there from the first paint, so that nothing moves. */
const FIRST = 4;
const edition = document.querySelector('.edition-control dd')?.textContent ?? '';
const nearby = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    equip(target);
  }
}, { rootMargin: '50%' });
if (navigator.clipboard) [...document.querySelectorAll('.provision')].filter((each) => each.querySelector('.provision-number a')).forEach((each, at) => (at < FIRST ? equip(each) : nearby.observe(each)));

/** @param {HTMLElement} provision */
function equip(provision) {
  const said = document.createElement('span');
  said.setAttribute('role', 'status');
  const box = document.createElement('p');
  box.className = 'provision-copy';
  const add = (words, label, text) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = words;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text());
        said.textContent = 'Copied';
      } catch {
        said.textContent = 'Could not copy';
      }
      setTimeout(() => { said.textContent = ''; }, 4000);
    });
    box.append(button, ' ');
  };
  const link = () => new URL(`#${provision.id}`, location.href).href;
  add('Copy link', `Copy link to ${provision.id}`, link);
  add('Cite', `Cite ${provision.id}: copy a citation`, () => `${document.querySelector('.eyebrow')?.textContent ?? ''}, provision ${provision.id} (${edition} edition, restated): ${provision.querySelector('.provision-text').innerText.trim()} ${link()}`);
  if (provision.dataset.own) {
    const own = document.createElement('a');
    own.href = provision.dataset.own;
    own.textContent = 'Embed';
    own.setAttribute('aria-label', `Embed ${provision.id}: its own page, with lines to copy`);
    box.append(own, ' ');
  }
  box.append(said);
  (provision.querySelector('.margin') ?? provision.appendChild(Object.assign(document.createElement('div'), { className: 'margin' }))).append(box);
}
