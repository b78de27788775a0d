"""No violation of WCAG 2.2 AA or of best practice that axe-core can find: every page type, every step, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.places import ASK, PAGES, READING, STEPS, keep_the_engine, visit
from tests.conftest import ROOT

Open = Callable[..., Page]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BRIEF = "resultTypes: ['violations']"
"""Has axe tell each violation in full and what passes in brief: three quarters of its time went into the words on what passes."""


def list_violations(page: Page | Frame, part: str = "") -> list[str]:
    page.evaluate(AXE)
    page.evaluate("Promise.allSettled(document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations < Infinity).map((each) => each.finished))")
    found = page.evaluate(f"([part, rules]) => axe.run(part || document, {{runOnly: rules, {BRIEF}}})", [part, RULES])
    return [f"{v['id']}: {node['target']}: {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PAGES)
def test_a_page_has_no_violation(open_page: Open, place: str, scheme: str) -> None:
    path, act = PAGES[place]
    page = open_page(path, color_scheme=scheme)
    if act is not None:
        act(page)
    assert list_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_step_has_no_violation(open_page: Open, url: str, scheme: str) -> None:
    page = open_page("/404.html", color_scheme=scheme)
    keep_the_engine(page, url)
    troubles = {}
    for name, place in STEPS.items():
        visit(page, url, place)
        if found := list_violations(page):
            troubles[name] = found
    assert troubles == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_preview_and_a_search_have_no_violation(open_page: Open, scheme: str) -> None:
    """What they cover in part is not judged with them: targets under them would be called too small."""
    page = open_page(READING, color_scheme=scheme)
    page.locator("[data-preview]").first.focus()
    expect(page.locator(".preview:popover-open")).to_be_visible()
    assert list_violations(page, ".preview:popover-open") == []
    page.get_by_role("textbox", name="Search questions and provisions").click()
    page.keyboard.type("confidential")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    assert list_violations(page, ".masthead") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_strip_that_asks_whether_a_host_may_know_the_answers_has_no_violation(open_page: Open, scheme: str) -> None:
    page = open_page("/404.html", color_scheme=scheme)
    page.evaluate("src => document.body.append(Object.assign(document.createElement('iframe'), { src, title: 'A tree', width: 600, height: 480 }))", STEPS["changing"][0])
    frame = page.frames[1]
    expect(frame.locator(ASK)).to_be_visible()
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage({ protocol: 'decision-trees', version: 1, type: 'ask-answers' }, '*')")
    agree = frame.get_by_role("button", name="Tell it", exact=True)
    expect(agree).to_be_enabled()
    assert list_violations(frame) == []
    agree.click()
    expect(frame.get_by_role("button", name="Stop telling it")).to_be_visible()
    assert list_violations(frame) == []
