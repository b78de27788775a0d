"""Every text that an author writes, full of script, built and rendered in Chromium: it is shown as text, and nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, expect

from decision_trees.authoring import keys
from tests.browser.hostile import (
    CARD, CASES, COMPARISON, DEFINITION, EDITION, FOREIGN, TOPIC, TURNS, choose, hostile_context, hostile_page, run, write_hostile_project,  # noqa: F401  (fixtures)
)
from tests.browser.test_walk import wait_for_engine
from tests.conftest import serve
from tests.servers import serve_by_nginx

NO_TEXT = {"topic", "tree", "verdict", "outcome"}
"""Keys whose text is a name of something: no other text can stand there."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_hostile_project(tmp_path_factory.mktemp("hostile"))
    run(root, "build", "--no-strict")
    return root


@pytest.fixture(scope="module")
def base(project: Path) -> Iterator[str]:
    """Serve the site without any policy, so that nothing but the escaping stands in the way."""
    with serve(project / "build" / "site") as url:
        yield url


@pytest.fixture(scope="module")
def engine(hostile_context: tuple[BrowserContext, list[str]], base: str) -> None:  # noqa: F811
    """Keep the engine in a tab of its own, so that it answers each page at once."""
    beside = hostile_context[0].new_page()
    beside.goto(f"{base}/trees/our-protocol/gift-0/#post=junior")
    wait_for_engine(beside)


@pytest.fixture
def page(hostile_page: tuple[Page, list[str]], engine: None) -> Iterator[Page]:  # noqa: F811
    """Give a page, and see that nothing has happened."""
    page, troubles = hostile_page
    yield page
    assert troubles == []


@pytest.mark.parametrize(("template", "tables"), [
    (DEFINITION, (keys.TREE, keys.FACT, keys.OPTION, keys.BOUNDS, keys.LET, keys.CHECK, keys.OUTCOME, keys.DUTY, keys.DOUBT)), (EDITION, (keys.EDITION, keys.DOUBT)),
    (TOPIC, (keys.TOPIC,)), (COMPARISON, (keys.COMPARISON, keys.DIFFERENCE, keys.SAID)), (CARD, (keys.CARD, keys.CARD_CASE)),
], ids=["tree", "edition", "topic", "comparison", "card"])
def test_what_is_filled_has_every_key_that_takes_a_text(template: str, tables: tuple[keys.Table, ...]) -> None:
    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for each in value.values() for name in names(each)}
        return {name for each in value for name in names(each)} if isinstance(value, list) else set()

    wanted = {key.name for table in tables for key in table.keys if key.takes in ("text", "words")} - NO_TEXT
    assert wanted <= names(yaml.load(template, Loader=yaml.BaseLoader))


def test_a_tree_full_of_script_is_shown_as_text_by_page_and_by_engine(page: Page, base: str) -> None:
    for turn in TURNS:
        tree = f"{base}/trees/our-protocol/gift-{turn}/"
        page.goto(f"{tree}#{CASES[1]}")
        wait_for_engine(page)
        for case in CASES[turn % 3 :: 3]:
            page.evaluate("hash => { location.hash = hash; }", case)
            page.wait_for_timeout(10)
        if turn % 16 == 0:
            for part in ("whole/", "whole/print/", "whole/map.svg"):
                page.goto(tree + part)
    page.goto(f"{base}/trees/our-protocol/gift-0/#post=junior")
    wait_for_engine(page)
    assert "ran(1)" in page.locator(".stage").inner_text()
    page.get_by_role("button", name="See the record").click()
    page.goto(f"{base}/trees/our-protocol/gift-0/")
    page.locator(".stage input").first.focus()


def test_lists_and_editions_full_of_script_are_shown_as_text(page: Page, base: str) -> None:
    for path in ("/", "/our-protocol/", "/their-protocol/", "/editions/", "/compare/", "/licences/", "/assurance/our-protocol/", "/workshops/", "/provisions/our-protocol/1.1/"):
        assert (reply := page.goto(base + path)) is not None
        assert reply.ok or path.startswith("/assurance"), path
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.goto(f"{base}/our-protocol/")
    page.get_by_role("textbox", name="Search questions and provisions").click()
    page.keyboard.type("gifts")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()


def test_a_comparison_full_of_script_is_shown_as_text_before_and_after_a_case_is_put(page: Page, base: str) -> None:
    for turn in TURNS:
        page.goto(f"{base}/compare/gift-{turn}/")
        assert choose(12, turn) in " ".join(page.locator(".differences").inner_text().split())
        page.get_by_role("button", name="Put your own case").click()
        expect(page.locator(".case-question form")).to_be_visible()
        page.evaluate("location.hash = '#post=senior&asked=no'")
        page.evaluate("location.hash = '#post=junior&asked=yes'")
        expect(page.locator(".case li")).to_have_count(2)
    assert "ran(1)" in page.locator("main").inner_text()


def test_cards_full_of_script_are_shown_as_text_in_the_room_on_a_phone_and_on_paper(page: Page, base: str) -> None:
    for path in ("print/", *(f"card-{turn}/" for turn in TURNS)):
        page.goto(f"{base}/workshop/cards/{path}", wait_until="domcontentloaded")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.goto(f"{base}/workshop/cards/")
    steps = page.evaluate("""async () => {
      const seen = [];
      for (let turn = 0; turn < 400; turn++) {
        const next = document.querySelector('.workshop-foot .tally-steps .button:last-child');
        const before = seen.at(-1);
        seen.push(document.querySelector('.workshop-stage').innerText);
        if (!next || next.textContent === 'Back' || seen.at(-1) === before) break;
        next.click();
        await new Promise((resolve) => setTimeout(resolve));
      }
      return seen;
    }""")
    text = " ".join(" ".join(steps).split())
    assert len(steps) > 4 * len(TURNS)
    assert [choose(place, turn) for place in (0, 1) for turn in TURNS if " ".join(choose(place, turn).split()) not in text] == []


def test_a_course_full_of_script_is_shown_as_text_even_where_its_own_policy_is_taken_away(project: Path, page: Page, tmp_path: Path) -> None:
    run(project, "workshop", "cards", "--scorm", "1.2", "--out", str(tmp_path / "cards.zip"))
    with ZipFile(tmp_path / "cards.zip") as packed:
        packed.extractall(tmp_path / "cards")
    start = tmp_path / "cards" / "index.html"
    text = start.read_text(encoding="utf-8")
    policy = text[text.index("<meta http-equiv=\"Content-Security-Policy\"") :].partition("\n")[0]
    start.write_text(text.replace(policy, ""), encoding="utf-8")
    with serve(tmp_path / "cards") as url:
        page.goto(url)
        page.get_by_role("button", name="Begin").click()
        expect(page.locator(".course-stage")).to_contain_text("ran(1)")


def test_script_that_an_author_writes_into_a_page_is_stopped_by_the_policy(project: Path, hostile_page: tuple[Page, list[str]]) -> None:  # noqa: F811
    page, troubles = hostile_page
    site = project / "build" / "site"
    with serve_by_nginx(site, [(site / "server" / "nginx.conf").read_text(encoding="utf-8")]) as served:
        for path in ("/raw/", "/workshops/cards/"):
            page.goto(served.urls[0] + path)
            page.wait_for_timeout(300)
    assert "a script ran" not in troubles
    refused = [each for each in troubles if "Content Security Policy" in each]
    assert len(refused) >= 3, troubles
    assert any(FOREIGN in each for each in refused)
