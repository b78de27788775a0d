"""What has to be seen: contrast under pointer and focus, more contrast, forced colours, less motion. Judged by what Chromium draws."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.places import ANSWERED, PAGES, STEPS, TREE, WORD, keep_the_engine, visit, wait_for_the_engine
from tests.browser.test_accessibility import AXE, BRIEF

Open = Callable[..., Page]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CONTRASTED = ("start", "reading", "outcome in a reading page", "a question that has gone", "whole tree", "comparison", "provision", "use this", "room", "card",
              "accessibility", "offline")
"""The pages that differ in their looks; the others are made of the same parts."""

COMPARE = """async ([one, other]) => {
  const read = async (data) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    return pen.getImageData(0, 0, picture.width, picture.height).data;
  };
  const light = (data, i) => {
    const [r, g, b] = [0, 1, 2].map((part) => data[i + part] / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const first = await read(one);
  if (!other) {  // the two shades that differ most, of those that are more than a stray pixel
    const shades = new Map();
    for (let i = 0; i < first.length; i += 4) { const shade = Math.round(light(first, i) * 200); shades.set(shade, (shades.get(shade) ?? 0) + 1); }
    const large = [...shades].filter(([, count]) => count >= 12).map(([shade]) => shade / 200);
    return (Math.max(...large) + 0.05) / (Math.min(...large) + 0.05);
  }
  const second = await read(other);
  let changed = 0;
  for (let i = 0; i < first.length; i += 4) {
    const [a, b] = [light(first, i), light(second, i)];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) >= 3) changed += 1;
  }
  return changed;
}"""
"""The contrast within one picture; or, of two, how many pixels changed by 3:1 or more."""


def measure_contrast(page: Page, element: Locator) -> float:
    return float(page.evaluate(COMPARE, [base64.b64encode(element.screenshot()).decode(), ""]))


def count_changed(page: Page, element: Locator) -> tuple[int, int]:
    """Give how many pixels in and about an element the focus changes by 3:1 or more, and how many its outline has at one pixel's width."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None
    clip = {"x": max(box["x"] - 8, 0), "y": max(box["y"] - 8, 0), "width": box["width"] + 16, "height": box["height"] + 16}
    page.evaluate("document.activeElement.blur()")
    before = page.screenshot(clip=clip)  # type: ignore[arg-type]
    page.keyboard.press("Shift")  # what comes next is by keyboard
    element.evaluate("each => each.focus({ focusVisible: true, preventScroll: true })")
    after = page.screenshot(clip=clip)  # type: ignore[arg-type]
    changed = page.evaluate(COMPARE, [base64.b64encode(before).decode(), base64.b64encode(after).decode()])
    return int(changed), int(2 * (box["width"] + box["height"]))


def list_low_contrast(page: Page, rule: str = "color-contrast", element: Locator | None = None) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    part = None if element is None else element.element_handle()
    found = page.evaluate(f"([rule, part]) => axe.run(part ?? document, {{runOnly: {{type: 'rule', values: [rule]}}, {BRIEF}}})", [rule, part])
    return [f"{node['target']}: {node['any'][0]['message']}" for each in found["violations"] for node in each["nodes"]]


def test_controls_under_pointer_and_focus_keep_their_contrast(open_page: Open) -> None:
    controls = {
        "/carlisle/complaints/": [".masthead nav a", ".masthead .wordmark", ".contents a", ".lens label", ".provision-number a", ".margin-note", ".provision-copy button",
                  "details.tree > summary", ".imprint a"],
        TREE + "#post=junior": [".stage .option", ".stage .button[type=submit]", ".stage [data-unsure]", ".stage [data-back]", ".stage .why > summary", ".answer-change",
                                ".tree-page-foot a", ".use-this > summary"],
        TREE + ANSWERED: [".duty", ".deciding-number", ".outcome-part .button--quiet", ".others a", ".passed > summary"],
        TREE + "whole/": [".map-tools button", ".whole-links a", ".downloads a", ".decision-table summary"],
    }
    troubles = []
    for path, selectors in controls.items():
        page = open_page(path, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
        if "#" in path:
            wait_for_the_engine(page)
        for selector, scheme in itertools.product(selectors, SCHEMES):
            page.emulate_media(color_scheme=scheme)
            element = page.locator(f"{selector} >> visible=true").first
            element.hover()
            troubles += [f"{path} {scheme} {selector} under the pointer: {each}" for each in list_low_contrast(page, element=element)]
            target = element.locator("input").first if element.locator("input").count() else element
            target.evaluate("each => each.focus({ focusVisible: true })")
            troubles += [f"{path} {scheme} {selector} in focus: {each}" for each in list_low_contrast(page, element=element)]
            page.mouse.move(0, 0)
            if target == element:
                changed, outline = count_changed(page, element)
                if changed < 1.5 * outline:
                    troubles.append(f"{path} {scheme} {selector}: the focus changes {changed} pixels, its outline has {outline}")
    assert troubles == []


def test_more_contrast_gives_text_seven_to_one(open_page: Open, url: str) -> None:
    page = open_page("/404.html", contrast="more", reduced_motion="reduce")
    keep_the_engine(page, url)
    troubles = {}
    for name, place in {**STEPS, **{name: PAGES[name] for name in CONTRASTED}}.items():
        visit(page, url, place)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if found := list_low_contrast(page, "color-contrast-enhanced"):
                troubles[name, scheme] = found
    assert troubles == {}


def test_in_forced_colours_marks_and_focus_can_be_seen(open_page: Open) -> None:
    options = {"forced_colors": "active", "reduced_motion": "reduce", "viewport": {"width": 1280, "height": 900}}
    for step in ("yes if", "no", "silent"):
        page = open_page(STEPS[step][0], **options)
        wait_for_the_engine(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert measure_contrast(page, page.locator(".outcome .mark")) >= 3, (step, scheme)
            assert measure_contrast(page, page.locator(".outcome-word")) >= 4.5, (step, scheme)
    page = open_page(TREE + "#post=junior", **options)
    wait_for_the_engine(page)
    option = page.locator(".stage .option").first
    chosen = page.locator(".stage .option input").first
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        before = base64.b64encode(option.screenshot()).decode()
        chosen.check()
        page.evaluate("document.activeElement.blur()")
        assert page.evaluate(COMPARE, [before, base64.b64encode(option.screenshot()).decode()]) > 20, ("what is chosen can be seen", scheme)
        chosen.evaluate("each => { each.checked = false; }")
        for selector in (".stage .button[type=submit]", ".answer-change", ".stage .why > summary", ".tree-page-foot a >> nth=0"):
            changed, outline = count_changed(page, page.locator(selector).first)
            assert changed >= outline, (selector, scheme, changed, outline)
    page = open_page(TREE + "whole/" + ANSWERED, **options)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        path = page.locator(".map-edge.on-path").first.evaluate("each => getComputedStyle(each).stroke")
        plain = page.locator(".map-edge:not(.on-path)").first.evaluate("each => getComputedStyle(each).stroke")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert len({path, plain, ground}) == 3, ("the path stands out from the other lines, and both from the ground", scheme)


def test_nothing_moves_where_the_reader_asks_for_less(open_page: Open, url: str) -> None:
    page = open_page("/404.html", reduced_motion="reduce")
    keep_the_engine(page, url)
    troubles = {}
    for name, place in {**STEPS, **{name: PAGES[name] for name in CONTRASTED}}.items():
        visit(page, url, place)
        moving = page.evaluate("""() => [...document.querySelectorAll('*')].flatMap((each) => {
          const style = getComputedStyle(each);
          const times = `${style.transitionDuration},${style.animationName === 'none' ? '0s' : style.animationDuration}`.split(',').map((time) => parseFloat(time) * (time.includes('ms') ? 0.001 : 1));
          return Math.max(...times) > 0 || (style.scrollBehavior === 'smooth') ? [each.outerHTML.slice(0, 80)] : [];
        })""")
        if moving:
            troubles[name] = moving[:5]
    assert troubles == {}
    page.add_init_script("""globalThis.moved = [];
      new MutationObserver(() => {
        moved.push(...document.getAnimations().filter(({ effect }) => effect.getComputedTiming().activeDuration > 0).map(({ effect }) => effect.target.className));
      }).observe(document, { subtree: true, childList: true, attributes: true });""")
    visit(page, url, STEPS["yes if"])
    expect(page.locator(WORD)).to_be_visible()
    assert page.evaluate("moved") == []
