"""One case put to every edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.broken import Fault, serve_broken

Open = Callable[..., Page]
PAGE = "/compare/attend-group-meeting/"


def test_without_script_the_first_case_and_every_row_stand_there(open_page: Open) -> None:
    page = open_page(PAGE, java_script_enabled=False)
    expect(page.locator(".compare-verdicts .verdict")).to_have_count(5)
    expect(page.locator(".compare")).to_contain_text("On Council premises")
    expect(page.locator(".stands-apart").first).to_contain_text("Alone in this")
    expect(page.locator(".says-nothing").first).to_have_text("Says nothing")


def test_a_reader_puts_a_case_of_their_own_to_all_editions(open_page: Open) -> None:
    page = open_page(PAGE)
    page.get_by_role("button", name="Put your own case").click()
    for _ in range(40):
        page.wait_for_function("document.querySelector('.case-question form') || document.querySelector('.case-question').textContent.includes('Every edition')")
        if page.locator(".case-question form").count() == 0:
            break
        ask = page.locator(".case-question .question-ask").text_content()
        page.locator(".case-question input").first.check()
        page.locator(".case-question").get_by_role("button", name="Continue").click()
        page.wait_for_function("ask => document.querySelector('.case-question .question-ask')?.textContent !== ask", arg=ask)
    expect(page.locator(".case-question")).to_contain_text("Every edition has answered.")
    expect(page.locator(".compare-verdicts .verdict")).to_have_count(5)
    for cited in page.locator(".compare-verdicts .cited").all():
        numbers = cited.locator("a").all()
        assert [each.text_content() for each in numbers] == (cited.text_content() or "").split(), "each number is a link"
        assert all((each.get_attribute("href") or "").endswith(f"#{each.text_content()}") for each in numbers)
    link = page.url
    other = open_page(link[link.index("/compare"):])
    expect(other.locator(".case-question")).to_contain_text("Every edition has answered.")


@pytest.mark.parametrize(("fragment", "said"), [("gone=1", "(gone)"), ("post=nonsense", "(post)"), ("carlisle.gone=yes", "(carlisle.gone)")])
def test_answers_of_a_link_that_are_none_are_left_out_and_told_of(open_page: Open, fragment: str, said: str) -> None:
    page = open_page(f"{PAGE}#{fragment}")
    expect(page.locator(".case-question .note")).to_contain_text(said)
    expect(page.locator(".case-question .note")).to_contain_text("left out")
    expect(page.locator(".case-question .question-ask")).to_be_focused()
    expect(page.get_by_role("button", name="Continue")).to_be_enabled()


def test_a_link_that_cannot_be_read_leaves_the_first_case(open_page: Open) -> None:
    page = open_page(f"{PAGE}#%E0%A4%A")
    expect(page.locator(".compare-verdicts .verdict")).to_have_count(5)
    expect(page.get_by_role("button", name="Put your own case")).to_be_visible()


@pytest.mark.parametrize("missing", [".asm.wasm", "carlisle/attend-group-meeting/tree.json"])
def test_where_the_engine_or_a_tree_is_missing_the_reader_is_told_and_the_first_case_stays(open_page: Open, site: Path, missing: str) -> None:
    with serve_broken(site, Fault(missing, status=404)) as base:
        page = open_page(PAGE, expect_errors=True, base=base)
        page.get_by_role("button", name="Put your own case").click()
        expect(page.locator(".case-question")).to_contain_text("only the case on the page can be shown")
        expect(page.locator(".compare-verdicts .verdict")).to_have_count(5)


def test_a_link_to_a_case_brings_its_question_into_sight(open_page: Open) -> None:
    page = open_page(f"{PAGE}#meeting=group", viewport={"width": 390, "height": 844})
    expect(page.locator(".case-question .question-ask")).to_be_focused()
    expect(page.locator(".case-question .question-ask")).to_be_in_viewport()
