"""No violation of WCAG 2.2 AA or of best practice that axe-core can find: every page type, every step, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.conftest import ROOT

Open = Callable[..., Page]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TREE = "/trees/nottingham/attend-group-meeting/"
PAGES = [
    "/", "/editions/", "/nottingham/", "/leicester/", "/tower-hamlets/information/", "/carlisle/consultation/",
    "/assurance/nottingham/", "/compare/", "/compare/attend-group-meeting/", TREE, f"{TREE}whole/", "/provisions/nottingham/6.30/", "/author/notation/", "/404.html", "/offline/",
]
STEPS = {
    "question": TREE + "#post=junior", "not sure": TREE + "#post=junior&escort=?", "changing": TREE + "#post=junior&escort=nobody&change=post",
    "yes if": TREE + "#post=junior&escort=senior&purpose=brief&offered=yes", "no": TREE + "#post=junior&escort=nobody",
    "silent": TREE + "#post=senior&escort=nobody&purpose=other", "rejected": TREE + "#post=nonsense",
    "date": "/trees/tower-hamlets/take-up-casework/",
}


def list_violations(page: Page | Frame) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{v['id']}: {node['target']}: {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_violation(open_page: Open, path: str, scheme: str) -> None:
    assert list_violations(open_page(path, color_scheme=scheme)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_has_no_violation(open_page: Open, step: str, scheme: str) -> None:
    page = open_page(STEPS[step], color_scheme=scheme)
    if "#" in STEPS[step]:
        expect(page.locator('.stage[data-by="engine"]')).to_be_visible()
    assert list_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_error_a_preview_a_search_and_a_record_have_no_violation(open_page: Open, scheme: str) -> None:
    page = open_page(TREE, color_scheme=scheme)
    page.get_by_role("button", name="Continue").click()
    assert list_violations(page) == []
    page = open_page(STEPS["yes if"], color_scheme=scheme)
    page.get_by_role("button", name="See the record").click()
    assert list_violations(page) == []
    page = open_page("/nottingham/", color_scheme=scheme)
    page.locator("[data-preview]").first.focus()
    expect(page.locator(".preview:popover-open")).to_be_visible()
    assert list_violations(page) == []
    page.get_by_role("textbox", name="Search questions and provisions").click()
    page.keyboard.type("confidential")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    assert list_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_strip_that_asks_whether_a_host_may_know_the_answers_has_no_violation(open_page: Open, scheme: str) -> None:
    page = open_page("/404.html", color_scheme=scheme)
    page.evaluate("src => document.body.append(Object.assign(document.createElement('iframe'), { src, title: 'A tree', width: 600, height: 480 }))", STEPS["question"])
    frame = page.frames[1]
    expect(frame.locator(".stage .question-ask")).to_be_visible()
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage({ protocol: 'decision-trees', version: 1, type: 'ask-answers' }, '*')")
    agree = frame.get_by_role("button", name="Tell it", exact=True)
    expect(agree).to_be_enabled()
    assert list_violations(frame) == []
    agree.click()
    expect(frame.get_by_role("button", name="Stop telling it")).to_be_visible()
    assert list_violations(frame) == []


@pytest.mark.parametrize("path", ["/", "/nottingham/", "/compare/attend-group-meeting/", TREE, STEPS["yes if"]])
def test_a_page_reflows_at_320_pixels(open_page: Open, path: str) -> None:
    page = open_page(path, viewport={"width": 320, "height": 640})
    expect(page.locator("h1").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_motion_falls_to_nothing_where_the_reader_asks_for_less(open_page: Open) -> None:
    page = open_page(STEPS["yes if"], reduced_motion="reduce")
    expect(page.locator(".outcome.is-new")).to_be_visible()
    assert page.locator(".outcome").evaluate("e => getComputedStyle(e).animationName") == "none"
