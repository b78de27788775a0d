// Small helps on reading pages: previews beside cross-references, the popovers of terms, an overdue review.

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

document.querySelector('[data-search-open]')?.addEventListener('click', () => {
  const toggle = document.getElementById('__search');
  if (!toggle.checked) toggle.click();
  document.querySelector('[data-md-component="search-query"]').focus();
});
