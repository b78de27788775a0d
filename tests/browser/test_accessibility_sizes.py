"""Large text, narrow screens and targets for fingers: on each kind of page and at each step of a walk."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.places import PAGES, STEPS, keep_the_engine, visit

Open = Callable[..., Page]

LOOK = """() => {
  for (const each of document.querySelectorAll('.provision')) each.style.contentVisibility = 'visible';  // or what is off the screen has no size yet
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('.visually-hidden, .skip-link, [popover], template');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  const styles = new Map();
  const styleOf = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const troubles = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('svg, script, textarea, select') || !isSeen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const ancestors = [];
    for (let each = parent; each; each = each.parentElement) ancestors.push([each, styleOf(each)]);
    if (ancestors.some(([, style]) => style.position === 'fixed' || style.position === 'sticky' || style.clipPath === 'inset(50%)')) continue;
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const words = node.data.trim().slice(0, 40);
      let canScroll = false;
      for (const [each, style] of ancestors) {
        if (each === document.documentElement || each === document.body) continue;
        const box = each.getBoundingClientRect();
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) canScroll = true;
        else if (!canScroll && /hidden|clip/.test(style.overflowX + style.overflowY) && (rect.right > box.right + 2 || rect.left < box.left - 2 || rect.bottom > box.bottom + 4 || rect.top < box.top - 4)) troubles.push(`cut: ${words}`);
      }
      if (!canScroll && (rect.right > innerWidth + 1 || rect.left < -1)) troubles.push(`beyond the side: ${words}`);
      if (!canScroll) texts.push({ node, words, x1: rect.left + 1, x2: rect.right - 1, y1: rect.top + rect.height * 0.2, y2: rect.bottom - rect.height * 0.2 });
    }
  }
  texts.sort((a, b) => a.y1 - b.y1);
  for (let i = 0; i < texts.length; i += 1) {
    for (let j = i + 1; j < texts.length && texts[j].y1 < texts[i].y2; j += 1) {
      const [a, b] = [texts[i], texts[j]];
      if (a.node !== b.node && a.x1 < b.x2 && b.x1 < a.x2 && document.querySelector('dialog[open]') === null) troubles.push(`covers: ${a.words} / ${b.words}`);
    }
  }
  return { width: document.documentElement.scrollWidth, size: parseFloat(getComputedStyle(document.body).fontSize), count: texts.length, troubles: [...new Set(troubles)] };
}"""
"""What is wrong with how the text lies: cut by its box, out of the screen, or over another text."""

SCROLLED = """() => [...document.querySelectorAll('body *')].filter((each) => each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX) && each.checkVisibility()
  && !each.matches('.scroller, .map-scroll, .md-typeset__scrollwrap, pre, pre *, textarea, .md-search__scrollwrap, .md-search__output')).map((each) => each.outerHTML.slice(0, 80))"""
"""What has to be scrolled sideways and is neither a table, nor a map, nor lines of code."""

SMALL = """() => {
  const least = 23.5;
  const found = [];
  for (const each of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!each.checkVisibility({ opacityProperty: false, visibilityProperty: true }) || each.disabled) continue;
    const label = each.closest('label') ?? (each.id ? document.querySelector(`label[for="${CSS.escape(each.id)}"]`) : null);
    const box = (each.matches('input') && label ? label : each).getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;  // hidden until it has the focus
    if (box.width >= least && box.height >= least) continue;
    const { display } = getComputedStyle(each);
    const block = each.closest('p, li, dd, td, th, blockquote, label, small, div, span:not(a span)');
    const own = [...(block?.querySelectorAll('a[href], button') ?? [])].reduce((sum, target) => sum + target.textContent.replace(/\\s/g, '').length, 0);
    const isInline = display === 'inline' ? block && block.textContent.replace(/\\s/g, '').length > own
      : display === 'inline-block' && [...each.parentNode.childNodes].some((beside) => beside.nodeType === 3 && beside.data.trim());
    if (!isInline) found.push(`${Math.round(box.width)} x ${Math.round(box.height)}: ${each.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""
"""What is smaller than 24 by 24 pixels. A link within a sentence may be: its size is that of the text around it (2.5.8)."""


def test_every_page_and_step_takes_large_text_a_narrow_screen_and_a_finger(open_page: Open, url: str) -> None:
    """Text twice as large by the browser's text size and by its zoom, which halves the width; 320 pixels; targets on a phone."""
    page = open_page("/404.html", reduced_motion="reduce")
    keep_the_engine(page, url)
    settings = page.context.new_cdp_session(page)
    troubles, sizes = {}, {}
    for name, place in {**STEPS, **PAGES}.items():
        if name == "reading, many provisions":  # as the other, only longer
            continue
        for way, width, height, size in (("zoom", 640, 900, 16), ("text", 1280, 900, 32), ("narrow", 320, 640, 16), ("phone", 390, 844, 16)):
            page.set_viewport_size({"width": width, "height": height})
            settings.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
            if way == "zoom":
                visit(page, url, place)
            if way == "phone":
                found = page.evaluate(SMALL)
            else:
                look = page.evaluate(LOOK)
                assert look["count"] > 5, name
                sizes[way] = look["size"]
                found = look["troubles"]
            if way == "narrow":
                found += page.evaluate(SCROLLED) + ([f"{look['width']} pixels wide"] if look["width"] > width else [])
            if found:
                troubles[name, way] = found
        if name not in ("form", "room"):  # a sheet of paper, and a screen for the whole room, have sizes of their own
            assert sizes["text"] >= 1.9 * sizes["zoom"], (name, "the text follows the reader's setting")
    assert troubles == {}
