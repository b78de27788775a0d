"""The site on a memory stick: opened from files, without a server."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.places import SETTLED, open_tree, walk_by_first_options

from decision_trees.publishing.portable import START, write_portable


@pytest.fixture(scope="module")
def stick(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a stick")
    write_portable(site, folder / "site.zip", "Rules that answer")
    zipfile.ZipFile(folder / "site.zip").extractall(folder)
    return folder


@pytest.fixture
def open_file(browser: Browser, stick: Path) -> Iterator[Callable[..., Page]]:
    """Give how to open a file of the stick. Any error on the page fails the test."""
    troubles: list[str] = []
    contexts = []

    def open_(path: str, **options: object) -> Page:
        contexts.append(browser.new_context(**options))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: None if request.url.startswith(("file:", "data:", "blob:", "about:")) else troubles.append(request.url))
        page.goto((stick / path.partition("#")[0]).as_uri() + path[len(path.partition("#")[0]):])
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def test_the_start_file_leads_to_the_questions_and_a_question_to_its_record(open_file: Callable[..., Page]) -> None:
    page = open_file(START)
    page.wait_for_url("**/site/index.html")
    page.get_by_role("button", name="Ask the rules").click()
    page.wait_for_url("**/site/trees/*/*/index.html")
    walk_by_first_options(page)
    expect(page.get_by_text("could not start here")).to_be_visible()
    said = page.locator(".outcome-say").text_content() or "nothing"
    page.reload()
    expect(page.locator(".stage .outcome-say")).to_have_text(said)
    page.get_by_role("button", name="See the record").click()
    expect(page.locator("article.record")).to_contain_text(said)


@pytest.mark.parametrize("tree", ["nottingham/attend-group-meeting", "tower-hamlets/take-part", "carlisle/speak-to-media"])
def test_a_tree_is_walked_to_its_outcome_with_script_and_without(open_file: Callable[..., Page], tree: str) -> None:
    path = f"site/trees/{tree}/index.html"
    walk_by_first_options(open_file(path))
    page = open_file(path, java_script_enabled=False)
    for _ in range(40):
        target = page.locator(":target") if "#" in page.url else page.locator("[data-state]").first
        if target.get_attribute("data-outcome"):
            break
        target.locator("a.option").first.click()
    expect(page.locator(":target .outcome-word")).to_be_visible()


def test_on_a_reading_page_a_tree_is_walked_in_place_and_the_search_leads_to_files(open_file: Callable[..., Page]) -> None:
    page = open_file("site/nottingham/index.html")
    open_tree(page)
    walk_by_first_options(page, f"#tree-attend-group-meeting {SETTLED}")
    assert page.url.split("#")[0].endswith("site/nottingham/index.html")
    page.get_by_role("textbox", name="Search questions and provisions").click()
    page.keyboard.type("confidential")
    page.locator(".md-search-result__list a").first.click()
    page.wait_for_url("**/index.html*")
    expect(page.locator("h1").first).to_be_visible()


def test_every_address_in_every_page_leads_to_a_file(stick: Path, browser: Browser) -> None:
    site = stick / "site"
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 400
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto("about:blank")
    missing = set()
    for path in pages:
        text = path.read_text(encoding="utf-8")
        found = page.evaluate("""([text, base]) => {
          const page = new DOMParser().parseFromString(text, 'text/html');
          page.head.prepend(Object.assign(page.createElement('base'), { href: base }));
          return [...page.querySelectorAll('[href]:not(base, use), [src], decision-tree[data-page]')].map((each) => each.href?.baseVal ?? each.href ?? each.src ?? new URL(each.dataset.page, base).href);
        }""", [text, path.as_uri()])
        missing |= {(path.relative_to(site).as_posix(), url) for url in set(found) if url.startswith("file:") and not url.endswith("comparison.json") and not _exists(url)}
    context.close()
    assert missing == set(), json.dumps(sorted(missing)[:20], indent=1)


def _exists(url: str) -> bool:
    return Path(unquote(urlsplit(url).path)).is_file()
