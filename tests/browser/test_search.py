"""The search of a page: its script is fetched when a reader turns to it, and the reader doesn't wait for it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.places import READING

Open = Callable[..., Page]
FIELD = "Search questions and provisions"


def test_the_masthead_stays_as_it_is_when_the_search_opens(open_page: Open) -> None:
    page = open_page(READING, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    measure = "[document.querySelector('.masthead').offsetHeight, Math.round(document.querySelector('.md-search').getBoundingClientRect().right)]"
    before = page.evaluate(measure)
    page.get_by_role("textbox", name=FIELD).click()
    page.keyboard.type("group")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    assert page.evaluate(measure) == before


def test_the_search_stays_open_for_a_reader_who_is_quicker_than_its_script(open_page: Open) -> None:
    page = open_page(READING, viewport={"width": 1280, "height": 900})
    page.get_by_role("textbox", name=FIELD).click()
    page.keyboard.type("group")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    page.wait_for_timeout(400)  # Material's script would have shut it by now
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    assert not page.locator("#__search").is_checked()
