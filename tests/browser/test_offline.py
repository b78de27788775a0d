"""The site without a network: kept whole, of one version, checked, and never in the reader's way."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from decision_trees.authoring.project import Project
from decision_trees.publishing.assets import WEB
from decision_trees.publishing.built import read_built
from decision_trees.publishing.html import Site
from decision_trees.publishing.offline import write_offline, write_page, write_retired
from tests.browser.places import walk_by_first_options
from tests.conftest import SiteHandler

KEPT = "document.querySelector('[data-offline]').classList.contains('is-kept')"
APP = "assets/app-1"
LETTERS = "assets/letters.woff2"
NAMES = {"icon": "assets/icon.svg", "tree_style": "assets/site.css", "offline_script": f"{APP}/offline.js",
         "serif_font": LETTERS, "wide_serif_font": LETTERS, "sans_font": LETTERS}


class Host:
    """A web server of this machine that notes what it is asked for, and can be cut off."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.wrong: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Noting, directory=str(folder), host=self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def cut(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Noting(SiteHandler):
    def __init__(self, *args: Any, host: Host, **options: Any) -> None:
        self.host = host
        super().__init__(*args, **options)

    def send_head(self) -> Any:
        path = self.path.removeprefix("/")
        self.host.asked.append(path)
        del self.headers["If-Modified-Since"]  # two versions of one second would count as one
        if path not in self.host.wrong:
            return super().send_head()
        data = self.host.wrong[path]
        if not data:
            self.close_connection = True
            return None
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        return None


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(service_workers="allow")
    context.set_default_timeout(60_000)
    yield context
    context.close()


@contextmanager
def host(folder: Path) -> Iterator[Host]:
    host = Host(folder)
    yield host
    host.cut()


# The whole site ---------------------------------------------------------------------------


def test_files_are_not_fetched_while_the_reader_does_something(site: Path, context: BrowserContext) -> None:
    page = context.new_page()
    with host(site) as server:
        page.goto(server.url)
        while not any(path.endswith("tree.json") for path in server.asked):
            page.wait_for_timeout(50)
        counts = []
        for _ in range(4):
            for _ in range(5):
                page.keyboard.press("Shift")
                page.wait_for_timeout(100)
            counts.append(len(server.asked))
        assert not page.evaluate(KEPT), "all was there before the reader did anything"
        assert counts[1] == counts[2] == counts[3], counts
        page.wait_for_function(KEPT)


def test_with_the_network_cut_three_trees_never_opened_answer_and_bear_a_reload(site: Path, context: BrowserContext) -> None:
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    with host(site) as server:
        page.goto(server.url)
        page.wait_for_function(KEPT)
        expect(page.get_by_role("link", name="Works offline")).to_be_visible()
        server.cut()
        for tree in ("nottingham/attend-group-meeting", "tower-hamlets/take-part", "carlisle/speak-to-media"):
            page.goto(f"{server.url}trees/{tree}/")
            walk_by_first_options(page)
            expect(page.locator('.stage[data-by="engine"]')).to_be_visible()
            answered = page.locator(".outcome-say").text_content() or "nothing"
            page.reload()
            expect(page.locator('.stage[data-by="engine"] .outcome-say')).to_have_text(answered)
        page.get_by_role("button", name="See the record").click()
        expect(page.locator("article.record")).to_contain_text(answered)
        page.goto(f"{server.url}nottingham/#6.30")
        expect(page.locator("[id='6.30']")).to_be_visible()
        page.get_by_role("textbox", name="Search questions and provisions").click()
        page.keyboard.type("confidential")
        expect(page.locator(".md-search-result__list a").first).to_be_visible()
    kept = page.evaluate("""async () => {
      const urls = [];
      for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
      return urls;
    }""")
    assert len(kept) > 500
    assert [url for url in kept if "#" in url or "=" in url] == [], "no answer is kept"
    assert errors == []


# Small sites of two versions --------------------------------------------------------------


Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, project: Project) -> Publish:
    """Give how to publish a version of a small site, in the place of the one before."""
    folder = tmp_path / "site"

    def write(**files: str) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        pages = {"index.html": "Home", "a/index.html": "Page A", "data.json": "{}"} | {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
        for name, text in pages.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if name.endswith(".json") else PAGE.format(root="../" * name.count("/") or "./", text=text), encoding="utf-8")
        (folder / APP).mkdir(parents=True)
        for name in ("offline.js", "views.js"):
            shutil.copy(WEB / name, folder / APP / name)
        for name in ("icon.svg", "tokens.css"):
            shutil.copy(WEB / name, folder / "assets" / name.replace("tokens", "site"))
        (folder / LETTERS).touch()
        write_page(Site(project, "A small site", NAMES), folder)
        write_offline(folder, read_built(folder), {})
        return folder

    return write


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="{root}assets/site.css"><script type="module" src="{root}assets/app-1/offline.js"></script></head>
<body><main><h1>{text}</h1></main><footer><a data-offline href="{root}offline/">Use this site offline</a></footer></body></html>
"""


def keep(page: Page, url: str) -> None:
    """Have the site kept at once, by its own page."""
    page.goto(f"{url}offline/")
    page.get_by_role("button", name="Keep it on this device").click()
    expect(page.get_by_text("works without a network")).to_be_visible()


def look_for_newer(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")


def wait_until(page: Page, promise: str) -> None:
    """Wait until a promise gives something true; `wait_for_function` takes the promise itself for true."""
    for _ in range(600):
        if page.evaluate(promise):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {promise}")


def list_caches(page: Page) -> list[str]:
    return sorted(page.evaluate("caches.keys()"))


def read_data(page: Page, name: str = "data.json") -> Any:
    return page.evaluate("name => fetch(new URL(name, new URL('/', location))).then((response) => response.json())", name)


def test_an_open_page_keeps_its_version_until_it_is_reloaded(publish: Publish, context: BrowserContext) -> None:
    folder = publish(index_html="Old", data_json='{"version": 1}')
    with host(folder) as server:
        old = context.new_page()
        keep(old, server.url)
        old.goto(server.url)
        publish(index_html="New", data_json='{"version": 2}')
        assert read_data(old) == {"version": 1}, "from the store, though the site has changed"
        look_for_newer(old)
        notice = old.get_by_role("status").filter(has_text="A newer version of this site is ready.")
        expect(notice).to_be_visible()
        new = context.new_page()
        new.goto(server.url)
        expect(new.get_by_role("heading")).to_have_text("New")
        assert read_data(new) == {"version": 2}
        assert read_data(old) == {"version": 1}, "the open page is of one version still"
        server.cut()
        assert read_data(old) == {"version": 1}
        assert len(list_caches(old)) == 3, "both versions and the ledger"
        old.get_by_role("button", name="Reload").click()
        expect(old.get_by_role("heading")).to_have_text("New")
        assert read_data(old) == {"version": 2}
        expect(old.get_by_text("A newer version")).to_have_count(0)
        old.goto(f"{server.url}a/")
        wait_until(old, "caches.keys().then((names) => names.length === 2)")


def test_a_newer_version_fetches_only_what_has_changed(publish: Publish, context: BrowserContext) -> None:
    folder = publish(index_html="Old")
    with host(folder) as server:
        page = context.new_page()
        keep(page, server.url)
        publish(index_html="New", b__index_html="Moved here", c__index_html="Page A")
        server.asked.clear()
        look_for_newer(page)
        expect(page.get_by_text("A newer version of this site is ready.")).to_be_visible()
        asked = {path for path in server.asked if not path.startswith(("service-worker", "assets/offline-"))}
        assert asked == {"", "b/", "offline/"}, "what is the same under another name is not fetched either"


def test_a_file_that_is_not_the_version_s_is_refused_and_the_site_works_as_before(publish: Publish, context: BrowserContext) -> None:
    folder = publish()
    with host(folder) as server:
        server.wrong["data.json"] = b'{"forged": true}'
        page = context.new_page()
        page.goto(f"{server.url}offline/")
        page.get_by_role("button", name="Keep it on this device").click()
        expect(page.get_by_text("It was not kept")).to_be_visible()
        page.goto(f"{server.url}a/")
        expect(page.get_by_role("heading")).to_have_text("Page A")
        assert page.evaluate("navigator.serviceWorker.controller") is None
        server.wrong.clear()
        server.asked.clear()
        keep(page, server.url)
        assert "data.json" in server.asked
        assert "a/" not in server.asked, "what was right is used"


def test_what_another_put_into_the_store_is_not_carried_over(publish: Publish, context: BrowserContext) -> None:
    folder = publish(data_json='{"true": 1}')
    with host(folder) as server:
        page = context.new_page()
        keep(page, server.url)
        page.evaluate("""async () => {
          for (const name of await caches.keys()) await (await caches.open(name)).put('/data.json', new Response('{"forged": 1}'));
        }""")
        publish(index_html="New", data_json='{"true": 1}')
        look_for_newer(page)
        expect(page.get_by_text("A newer version of this site is ready.")).to_be_visible()
        page.goto(server.url)
        assert read_data(page) == {"true": 1}


def test_a_broken_network_leaves_no_half_version(publish: Publish, context: BrowserContext) -> None:
    folder = publish(index_html="Old", data_json='{"version": 1}')
    with host(folder) as server:
        page = context.new_page()
        keep(page, server.url)
        publish(index_html="New", data_json='{"version": 2}')
        server.wrong["data.json"] = b""
        page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update().catch(() => {}))")
        wait_until(page, "navigator.serviceWorker.ready.then((registration) => !registration.installing && !registration.waiting)")
        page.goto(server.url)
        expect(page.get_by_role("heading")).to_have_text("Old")
        assert read_data(page) == {"version": 1}
        server.wrong.clear()
        look_for_newer(page)
        expect(page.get_by_text("A newer version of this site is ready.")).to_be_visible()


def test_where_there_is_no_room_the_reader_is_told_and_the_site_works_as_before(publish: Publish, context: BrowserContext) -> None:
    folder = publish()
    with host(folder) as server:
        page = context.new_page()
        page.goto(f"{server.url}offline/")
        context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", {"origin": server.url.rstrip("/"), "quotaSize": 2000})
        page.get_by_role("button", name="Keep it on this device").click()
        expect(page.get_by_text("too little room on this device")).to_be_visible()
        assert list_caches(page) == []
        page.goto(f"{server.url}a/")
        expect(page.get_by_role("heading")).to_have_text("Page A")


def test_a_page_that_came_before_the_newer_files_is_not_taken_for_theirs(publish: Publish, context: BrowserContext) -> None:
    folder = publish(data_json='{"version": 1}')
    with host(folder) as server:
        page = context.new_page()
        page.goto(f"{server.url}a/")
        publish(a__index_html="Another page A", data_json='{"version": 2}')
        keep(context.new_page(), server.url)
        expect(page.get_by_text("A newer version of this site is ready.")).to_be_visible()
        expect(page.get_by_role("link", name="Works offline")).to_have_count(0)


def test_addresses_with_and_without_index_slash_and_query_lead_to_the_kept_page(publish: Publish, context: BrowserContext) -> None:
    folder = publish()
    with host(folder) as server:
        page = context.new_page()
        keep(page, server.url)
        server.cut()
        for address in ("a/", "a/index.html", "a", "a/?frame=1", "a?x=y"):
            page.goto(f"{server.url}{address}#post=junior")
            expect(page.get_by_role("heading")).to_have_text("Page A")
            assert page.url.endswith("#post=junior")
        page.goto(f"{server.url}never/written/")
        expect(page.get_by_text("is not kept on this device")).to_be_visible()


def test_it_is_kept_unasked_only_after_a_while_and_not_where_data_is_dear_or_in_a_frame(publish: Publish, browser: Browser) -> None:
    folder = publish(framing_html='<iframe src="a/" title="Framed"></iframe>')
    cases = {"plain": "", "saving": "{saveData: true}", "mobile": "{type: 'cellular'}", "slow": "{effectiveType: '3g'}"}
    with host(folder) as server:
        for name, connection in cases.items():
            context = browser.new_context(service_workers="allow")
            page = context.new_page()
            if connection:
                page.add_init_script(f"Object.defineProperty(Navigator.prototype, 'connection', {{ get: () => ({connection}) }})")
            page.clock.install()
            server.asked.clear()
            page.goto(f"{server.url}a/")
            page.wait_for_load_state("networkidle")
            assert "service-worker.js" not in server.asked, "not at once"
            page.clock.run_for(60_000)
            if name == "plain":
                page.wait_for_function("navigator.serviceWorker.controller")
            assert ("service-worker.js" in server.asked) == (name == "plain"), name
            context.close()
        context = browser.new_context(service_workers="allow")
        page = context.new_page()
        page.add_init_script("if (window === window.top) Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({saveData: true}) })")
        page.clock.install()
        server.asked.clear()
        page.goto(f"{server.url}framing.html")
        expect(page.frame_locator("iframe").get_by_role("heading")).to_have_text("Page A")
        page.clock.run_for(60_000)
        assert "service-worker.js" not in server.asked
        context.close()


def test_a_reader_removes_it_and_it_is_not_kept_again_unasked(publish: Publish, context: BrowserContext) -> None:
    folder = publish()
    with host(folder) as server:
        page = context.new_page()
        keep(page, server.url)
        page.get_by_role("button", name="Remove it from this device").click()
        expect(page.get_by_text("Removed.")).to_be_visible()
        assert list_caches(page) == []
        page.clock.install()
        page.goto(f"{server.url}a/")
        server.asked.clear()
        page.clock.run_for(60_000)
        page.wait_for_load_state("networkidle")
        assert "service-worker.js" not in server.asked
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_a_site_that_is_no_longer_kept_takes_itself_off_the_devices(publish: Publish, context: BrowserContext) -> None:
    folder = publish()
    with host(folder) as server:
        page = context.new_page()
        keep(page, server.url)
        write_retired(folder)
        page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
        wait_until(page, "navigator.serviceWorker.getRegistrations().then((found) => found.length === 0)")
        assert list_caches(page) == []
        page.goto(f"{server.url}a/")
        assert page.evaluate("navigator.serviceWorker.controller") is None


def test_the_files_of_the_built_site_are_those_that_its_manifest_names(site: Path) -> None:
    from hashlib import sha256

    worker = (site / "service-worker.js").read_text(encoding="utf-8")
    head = json.loads(worker.partition("\n")[0].removeprefix("const MANIFEST = ").removesuffix(";"))
    text = (site / head["url"]).read_bytes()
    assert sha256(text).hexdigest() == head["sha256"]
    files = json.loads(text)["files"]
    for address, digest, size in files:
        data = (site / (f"{address}index.html" if address == "" or address.endswith("/") else address)).read_bytes()
        assert (sha256(data).hexdigest(), len(data)) == (digest, size), address
    addresses = {address for address, _, _ in files}
    assert {"", "nottingham/", "trees/nottingham/attend-group-meeting/", "trees/nottingham/attend-group-meeting/tree.json",
            "compare/attend-group-meeting/", "search/search_index.json", "offline/"} <= addresses
    assert not [address for address in addresses if address.endswith((".map", ".br", ".gz", ".csv"))]
