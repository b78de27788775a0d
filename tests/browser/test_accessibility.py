"""No violation of WCAG 2.2 AA or of best practice that axe-core can find: every page type, every step, light and dark.

What is not light or dark is judged once: the schemes differ in colours, and a reader's browser changes them while the page stands.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.places import ASK, PAGES, READING, STEPS, keep_the_engine, visit
from tests.conftest import ROOT

Open = Callable[..., Page]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that judge colours, without those of AAA."""
BRIEF = "resultTypes: ['violations']"
"""Has axe tell each violation in full and what passes in brief: three quarters of its time went into the words on what passes."""


def list_violations(page: Page | Frame, part: str = "", only: object = RULES) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    page.evaluate("Promise.allSettled(document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations < Infinity).map((each) => each.finished))")
    found = page.evaluate(f"([part, only]) => axe.run(part || document, {{runOnly: only, {BRIEF}}})", [part, only])
    return [f"{v['id']}: {node['target']}: {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


def list_violations_light_and_dark(page: Page, part: str = "", frame: Frame | None = None) -> list[str]:
    """List what a page shown in light violates, and what its colours violate in dark. Light comes back."""
    found = list_violations(frame or page, part)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in list_violations(frame or page, part, {"type": "rule", "values": COLOURS})]
    page.emulate_media(color_scheme="light")
    return found


def test_the_rules_on_colours_are_those_of_axe(open_page: Open) -> None:
    page = open_page("/404.html")
    page.evaluate(AXE)
    assert page.evaluate("axe.getRules(['cat.color']).filter(({ tags }) => !tags.includes('wcag2aaa')).map(({ ruleId }) => ruleId).sort()") == COLOURS


@pytest.mark.parametrize("place", PAGES)
def test_a_page_has_no_violation(open_page: Open, place: str) -> None:
    path, act = PAGES[place]
    page = open_page(path)
    if act is not None:
        act(page)
    assert list_violations_light_and_dark(page) == []


def test_a_step_has_no_violation(open_page: Open, url: str) -> None:
    page = open_page("/404.html")
    keep_the_engine(page, url)
    troubles = {}
    for name, place in STEPS.items():
        visit(page, url, place)
        if found := list_violations_light_and_dark(page):
            troubles[name] = found
    assert troubles == {}


def test_a_preview_and_a_search_have_no_violation(open_page: Open) -> None:
    """What they cover in part is not judged with them: targets under them would be called too small."""
    page = open_page(READING)
    page.locator("[data-preview]").first.focus()
    expect(page.locator(".preview:popover-open")).to_be_visible()
    assert list_violations_light_and_dark(page, ".preview:popover-open") == []
    page.get_by_role("textbox", name="Search questions and provisions").click()
    page.keyboard.type("confidential")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    assert list_violations_light_and_dark(page, ".masthead") == []


def test_the_strip_that_asks_whether_a_host_may_know_the_answers_has_no_violation(open_page: Open) -> None:
    page = open_page("/404.html")
    page.evaluate("src => document.body.append(Object.assign(document.createElement('iframe'), { src, title: 'A tree', width: 600, height: 480 }))", STEPS["changing"][0])
    frame = page.frames[1]
    expect(frame.locator(ASK)).to_be_visible()
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage({ protocol: 'decision-trees', version: 1, type: 'ask-answers' }, '*')")
    agree = frame.get_by_role("button", name="Tell it", exact=True)
    expect(agree).to_be_enabled()
    assert list_violations_light_and_dark(page, frame=frame) == []
    agree.click()
    expect(frame.get_by_role("button", name="Stop telling it")).to_be_visible()
    assert list_violations_light_and_dark(page, frame=frame) == []
