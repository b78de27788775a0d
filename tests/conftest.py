"""What tests share: the project's own pages, the built site on loopback, a browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from decision_trees.authoring.calendars import make_calendar
from decision_trees.authoring.compiler import compile_tree, freeze
from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.findings import Finding
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.project import Project
from decision_trees.runtime.calendar import Calendar
from decision_trees.runtime.model import Diagram

settings.register_profile("plain", deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.register_profile("ci", settings.get_profile("plain"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "plain")

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


@pytest.fixture(scope="session")
def project() -> Project:
    return read_project(read_configuration(ROOT))


@pytest.fixture(scope="session")
def england() -> Calendar:
    return make_calendar("England", "GB", "ENG", 2015, 2035)


@pytest.fixture(scope="session")
def read_tree(england: Calendar) -> Callable[[str], Parsed | list[Finding]]:
    """Give how to read a definition as it stands in a page."""
    return lambda text: parse(Definition("page.md", 1, text, "edition"), england)


@pytest.fixture(scope="session")
def make_diagram(read_tree: Callable[[str], Parsed | list[Finding]]) -> Callable[[str], Diagram]:
    def make(text: str) -> Diagram:
        parsed = read_tree(text)
        assert isinstance(parsed, Parsed), parsed
        return freeze(compile_tree(parsed.tree))

    return make


@pytest.fixture(scope="session")
def site() -> Path:
    """Give the built site; `scripts/test` builds it before it runs the tests."""
    if not (SITE / "trees.json").is_file():
        pytest.fail("The site is not built. Run scripts/site --build-only first.")
    return SITE


class SiteHandler(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}  # noqa: RUF012

    def __init__(self, *args: Any, missing: str = "", **options: Any) -> None:
        self.missing = missing
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")  # a frame in a sandbox has no origin, and its modules need this
        super().end_headers()

    def send_head(self) -> Any:
        if self.missing and self.missing in self.path:
            self.send_error(404)
            return None
        return super().send_head()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve(folder: Path, missing: str = "") -> Iterator[str]:
    """Serve a folder on a free port of this machine; what `missing` names in its address answers 404."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SiteHandler, directory=str(folder), missing=missing))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def url(site: Path) -> Iterator[str]:
    with serve(site) as address:
        yield address
