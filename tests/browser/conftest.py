"""A real browser on the built site. Any request to another host, and any error on a page, fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import CHROMIUM, FLAGS


expect.set_options(timeout=30_000)  # a patience, not a promise: the engine starts while other tests run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Give how to open a page of the site. Options go to the context; `expect_errors` allows console errors."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_(path: str, expect_errors: bool = False, base: str = url, prepare: Callable[[Page], None] | None = None, **options: object) -> Page:
        options.setdefault("service_workers", "block")  # each context would fetch the whole site
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda request: None if request.url.startswith((base, "data:", "blob:"))
                else troubles.append(f"asks another host: {request.url}"))
        if not expect_errors:
            page.on("pageerror", lambda error: troubles.append(f"error on the page: {error}"))
            page.on("console", lambda message: troubles.append(f"console: {message.text}") if message.type == "error" else None)
        if prepare is not None:
            prepare(page)
        page.goto(base + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not troubles, troubles
