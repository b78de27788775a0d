"""Pages of other people, on another origin, that take in pages of the site; and Chromium driven like the other browsers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame

from tests.browser.others import Other, _Waiting

HEAR = "<script>heard = []; addEventListener('message', (event) => heard.push({ data: event.data, origin: event.origin }))</script>"
"""Keeps every message that comes to a host's page."""


def make_page(body: str) -> str:
    """Make the page of a host that hears what is said to it."""
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>An intranet</title>{HEAR}<h1>Group meetings</h1>{body}'


@contextmanager
def serve_pages(pages: dict[str, str], name: str = "localhost") -> Iterator[str]:
    """Serve pages by their path, and any page of `pages` that is added later. Gives the address, under another name than the site's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path.partition("?")[0])
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{name}:{server.server_port}"
    server.shutdown()
    server.server_close()


class Chromium(_Waiting):
    """Chromium, driven as others.py drives Firefox and WebKit."""

    name = "chromium"

    def __init__(self, open_context: Callable[[], BrowserContext]) -> None:
        self.open_context = open_context
        self.context = open_context()
        self._open()

    def _open(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _frame(self, frame: str) -> Frame:
        if not frame:
            return self.page.main_frame
        element = self.page.wait_for_selector(frame, state="attached")
        found = element.content_frame() if element else None
        assert found is not None, f"{frame} is no frame"
        return found

    def go(self, url: str) -> None:
        self.page.goto(url)

    def run(self, script: str, *values: object, frame: str = "") -> Any:
        return self._frame(frame).evaluate(f"(values) => ({script})(...values)", list(values))

    def click(self, selector: str, frame: str = "") -> None:
        self._frame(frame).locator(selector).first.click()

    def size(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def renew(self) -> None:
        self.context.close()
        self.context = self.open_context()
        self._open()

    def close(self) -> None:
        self.context.close()


@contextmanager
def open_chromium(browser: Browser) -> Iterator[Chromium]:
    """Give a context of a browser that runs, and close it."""
    chromium = Chromium(browser.new_context)
    yield chromium
    chromium.close()


def block_third_parties(profile: Path) -> None:
    """Write the settings of a profile of Chromium in which frames of other sites get no storage."""
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text('{"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": true}}')


__all__ = ["Chromium", "Other", "block_third_parties", "make_page", "open_chromium", "serve_pages"]
