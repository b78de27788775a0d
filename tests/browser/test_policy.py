"""The built site behind nginx with the shipped policy: it all works, nothing is refused, and what is taken away costs no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.places import ASK, SETTLED, WORD, open_tree
from tests.browser.test_walk import READING, TREE, wait_for_engine, walk_story
from tests.servers import REPORTS, Served, serve_by_nginx

Open = Callable[..., Page]

DIRECTIVES = ("script-src", "style-src", "img-src", "font-src", "connect-src", "worker-src", "manifest-src", "base-uri", "form-action", "object-src")
SOURCES = {"'wasm-unsafe-eval'": " 'wasm-unsafe-eval'", "the hashes": r" 'sha256-[^']+'"}


def edit_policy(text: str, pattern: str, other: str) -> str:
    """Edit every Content-Security-Policy of a server's file; each must have what is edited."""
    headers = re.findall(r'Content-Security-Policy "[^"]*"', text)
    for header in set(headers):
        edited = re.sub(pattern, other, header)
        assert re.search(pattern, header), pattern
        text = text.replace(header, edited)
    return text


@pytest.fixture(scope="module")
def shipped(site: Path) -> str:
    return (site / "server" / "nginx.conf").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served(site: Path, shipped: str) -> Iterator[Served]:
    """Serve the site with the shipped policy, which is also made to report; without each part of it; and at last as it is."""
    texts = [edit_policy(shipped, r'"$', f'; report-uri {REPORTS}"')]
    texts += [edit_policy(shipped, rf"; {name}[^;]*", "") for name in DIRECTIVES]
    texts += [edit_policy(shipped, pattern, "") for pattern in SOURCES.values()]
    with serve_by_nginx(site, [*texts, shipped]) as served:
        yield served


@dataclass
class Watch:
    """What went wrong on a page: errors, violations, requests to other hosts."""

    base: str
    troubles: list[str] = field(default_factory=list)

    def see(self, page: Page) -> None:
        page.on("request", lambda request: self.tell("asks another host", request.url) if not request.url.startswith((self.base, "data:", "blob:")) else None)
        page.on("pageerror", lambda error: self.tell("error", str(error)))
        page.on("console", lambda message: self.tell("console", f"{message.text} {message.location['url']}") if message.type == "error" else None)
        page.expose_function("tellViolation", lambda text: self.tell("violation", text))
        page.add_init_script("addEventListener('securitypolicyviolation', (event) => tellViolation(`${event.violatedDirective} ${event.blockedURI}`))")

    def tell(self, what: str, text: str) -> None:
        if not text.endswith("/favicon.ico"):  # which a browser asks for by itself where a file is no page
            self.troubles.append(f"{what}: {text}")


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(30_000)
    watch = Watch(served.urls[0])
    watch.see(page)
    yield page, watch
    context.close()


def list_kinds(site: Path) -> list[str]:
    """List a page of each kind: of each folder at the top, all editions being one, each body and each set of scripts."""
    editions = {path.name for path in (site / "trees").iterdir()}
    found: dict[tuple[object, ...], str] = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        text = path.read_text(encoding="utf-8")
        body = re.search(r'<body(?:[^>]*?\sclass="([^"]*)")?', text)
        scripts = sorted(set(re.findall(r'<script[^>]*\ssrc="[^"]*/([^"/]+)"', text)))
        top = name.split("/")[0]
        found.setdefault(("edition" if top in editions else top, body and body[1], *scripts), "/" + name.removesuffix("index.html"))
    return list(found.values())


def test_no_page_of_any_kind_meets_the_policy_or_asks_another_host(site: Path, served: Served, visit: tuple[Page, Watch]) -> None:
    page, watch = visit
    kinds = list_kinds(site)
    assert len(kinds) > 12
    for path in kinds:
        page.goto(served.urls[0] + path, wait_until="load")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.evaluate("document.fonts.ready.then(() => [...document.fonts].filter((font) => font.status === 'error').length)") == 0
    page.goto(served.urls[0] + "/nowhere/")
    expect(page.locator("h1").first).to_be_visible()
    watch.troubles = [each for each in watch.troubles if "404" not in each]
    assert watch.troubles == []
    assert served.list_reports() == []


def test_a_walk_with_the_engine_a_record_a_comparison_and_a_search_meet_no_policy(served: Served, visit: tuple[Page, Watch]) -> None:
    page, watch = visit
    base = served.urls[0]
    page.goto(base + TREE)
    walk_story(page)
    wait_for_engine(page)
    page.get_by_role("button", name="See the record").click()
    page.keyboard.press("Escape")
    page.goto(base + READING)
    open_tree(page)
    walk_story(page, f"#tree-attend-group-meeting {SETTLED}")
    expect(page.locator('#tree-attend-group-meeting .stage[data-by="engine"]')).to_be_visible()
    page.locator("[data-scheme-switch]").first.click()
    page.get_by_role("textbox", name="Search questions and provisions").click()
    page.keyboard.type("confidential")
    expect(page.locator(".md-search-result__list a").first).to_be_visible()
    page.goto(base + "/compare/attend-group-meeting/")
    page.get_by_role("button", name="Put your own case").click()
    expect(page.locator(".case-question form")).to_be_visible()
    page.goto(base + TREE + "whole/map.svg")
    assert page.evaluate("getComputedStyle(document.querySelector('.map-box')).fill") != "rgb(0, 0, 0)", "its styles are allowed"
    assert watch.troubles == []
    assert served.list_reports() == []


def test_a_violation_would_have_been_noticed(served: Served, visit: tuple[Page, Watch]) -> None:
    page, watch = visit
    page.goto(served.urls[0] + TREE)
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'globalThis.ran = true'}))")
    page.wait_for_function("document.querySelector('.stage')")
    assert page.evaluate("globalThis.ran") is None
    assert any("violation: script-src" in each for each in watch.troubles)
    for _ in range(100):
        if served.list_reports():
            break
        page.wait_for_timeout(50)
    assert any(report["violated-directive"].startswith("script-src") for report in served.list_reports())
    (served.folder / "reports.log").write_text("", encoding="utf-8")


@pytest.mark.parametrize("part", [*DIRECTIVES, *SOURCES])
def test_without_a_part_of_the_policy_the_reader_still_gets_the_compiled_walk(open_page: Open, served: Served, part: str) -> None:
    base = served.urls[1 + [*DIRECTIVES, *SOURCES].index(part)]
    page = open_page(TREE, expect_errors=True, base=base)
    if part == "script-src":
        for label in ("Below Head of Service", "A senior officer", "To brief the group on Council business", "Yes, on equal terms"):
            page.locator(".states > *:visible").get_by_role("link", name=label).click()
        expect(page.locator(".states > *:visible .outcome-word")).to_have_text("Yes, if")
        return
    walk_story(page)
    expect(page.locator(WORD)).to_have_text("Yes, if")
    expect(page.locator(".stage .duties")).to_contain_text("Stay politically neutral")
    if part == "connect-src":
        expect(page.locator(".engine-note")).to_contain_text("could not start")


# Embedding -------------------------------------------------------------------------------


LISTED = [
    "https://council.sharepoint.com", "https://teams.microsoft.com", "https://emea.teams.microsoft.com", "https://outlook.cloud.microsoft", "https://www.microsoft365.com",
    "https://www.office.com",
]
"""Hosts that `embedded_by` in mkdocs.yml lets in."""
UNLISTED = ["https://intranet.example", "https://sharepoint.com.example", "https://sharepoint.com"]
FRAMED = [TREE, f"{TREE}whole/", "/provisions/nottingham/6.30/"]
UNFRAMED = ["/", READING, "/404.html", "/compare/attend-group-meeting/", "/embed/"]


@dataclass
class Intranet:
    """A page of any host that puts pages of the site into a frame. The page is given to the browser here: no network is asked for it."""

    page: Page
    said: list[str]

    def embed(self, host: str, address: str, sandbox: str = "") -> Frame | None:
        """Show an address in a frame of a host's page; gives the frame, or nothing if the browser refused it."""
        self.said.clear()
        self.page.goto(f"{host}/")
        with self.page.expect_event("framenavigated", lambda frame: frame.parent_frame is not None):
            self.page.locator("iframe").evaluate("(frame, [address, sandbox]) => { if (sandbox) frame.sandbox = sandbox; frame.src = address; }", [address, sandbox])
        frame = self.page.frames[1]
        return None if frame.url.startswith("chrome-error:") else frame

    def has_said(self, words: str) -> bool:
        """Say whether the browser's console has these words, or gets them soon."""
        for _ in range(100):
            if any(words in each for each in self.said):
                return True
            self.page.wait_for_timeout(20)
        return False


@pytest.fixture(scope="module")
def intranet(browser: Browser) -> Iterator[Intranet]:
    context = browser.new_context(permissions=["local-network-access"])  # the frame is on this machine, which is not what is tested
    for each in (*LISTED, *UNLISTED):
        context.route(f"{each}/", lambda route: route.fulfill(body="<!doctype html><title>A host</title><iframe width=600 height=400></iframe>", content_type="text/html"))
    page = context.new_page()
    page.set_default_timeout(30_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield Intranet(page, said)
    context.close()


@pytest.mark.parametrize("host", LISTED)
def test_a_host_on_the_list_of_mkdocs_yml_embeds_trees_and_provisions(intranet: Intranet, served: Served, host: str) -> None:
    for path in FRAMED if host == LISTED[0] else FRAMED[:1]:
        frame = intranet.embed(host, served.urls[-1] + path)
        assert frame is not None, intranet.said
        expect(frame.locator("h1")).to_be_visible()


@pytest.mark.parametrize("host", UNLISTED)
def test_a_host_that_is_not_on_the_list_embeds_nothing(intranet: Intranet, served: Served, host: str) -> None:
    for path in FRAMED:
        assert intranet.embed(host, served.urls[-1] + path) is None
        assert intranet.has_said("frame-ancestors"), intranet.said


@pytest.mark.parametrize("path", UNFRAMED)
def test_what_is_no_tree_and_no_provision_can_not_be_embedded_even_by_a_host_on_the_list(intranet: Intranet, served: Served, path: str) -> None:
    assert intranet.embed(LISTED[0], served.urls[-1] + path) is None
    assert intranet.has_said("frame-ancestors 'none'"), intranet.said


def test_in_a_host_on_the_list_the_walk_reaches_its_outcome_with_the_engine(intranet: Intranet, served: Served) -> None:
    frame = intranet.embed(LISTED[0], served.urls[-1] + TREE)
    assert frame is not None
    walk_story(frame)
    expect(frame.locator(WORD)).to_have_text("Yes, if")
    expect(frame.locator('.stage[data-by="engine"]')).to_be_visible()
    assert not [each for each in intranet.said if "Content Security Policy" in each]


def test_a_frame_of_no_origin_loads_what_carries_a_hash(intranet: Intranet, served: Served) -> None:
    frame = intranet.embed(LISTED[0], served.urls[-1] + TREE, "allow-scripts")
    assert frame is not None
    expect(frame.locator(ASK)).to_be_visible()
    assert frame.locator(".stage").evaluate("() => document.styleSheets.length") == 1
    assert not [each for each in intranet.said if "integrity" in each.lower()]


# Integrity -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["decision-tree.js", "walk.js", "tree-*.css"])
def test_a_tampered_asset_is_refused_and_the_walk_goes_on_without_it(browser: Browser, served: Served, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.route(f"**/{name}", lambda route: route.fulfill(response=(reply := route.fetch()), body=reply.text() + "\nglobalThis.tampered = true;\n"))
    page.goto(served.urls[0] + TREE)
    assert any("integrity" in each for each in said), said
    assert page.evaluate("globalThis.tampered") is None
    if name.endswith(".css"):
        walk_story(page)
        expect(page.locator(WORD)).to_have_text("Yes, if")
    else:
        assert page.locator(".stage").count() == 0
        page.locator(".states > *:visible").get_by_role("link", name="Below Head of Service").click()
        expect(page.locator(".states > *:visible .question-ask")).to_have_text("Who is going with you?")
    context.close()
