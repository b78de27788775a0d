"""The built site behind nginx with the shipped policy: it all works, nothing is refused, and what is taken away costs no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_walk import READING, TREE, wait_for_engine, walk_story
from tests.conftest import serve
from tests.servers import REPORTS, Served, serve_by_nginx

Open = Callable[..., Page]

DIRECTIVES = ("script-src", "style-src", "img-src", "font-src", "connect-src", "worker-src", "manifest-src", "base-uri", "form-action", "object-src")
SOURCES = {"'wasm-unsafe-eval'": " 'wasm-unsafe-eval'", "the hashes": r"(?<='wasm-unsafe-eval')( 'sha256-[^']+')*;"}


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
    """Serve the site with the shipped policy, which is also made to report, and once without each part of it."""
    texts = [edit_policy(shipped, r'"$', f'; report-uri {REPORTS}"')]
    texts += [edit_policy(shipped, rf"; {name}[^;]*", "") for name in DIRECTIVES]
    texts += [edit_policy(shipped, pattern, ";" if pattern.endswith(";") else "") for pattern in SOURCES.values()]
    with serve_by_nginx(site, texts) as served:
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
    page.locator("#tree-attend-group-meeting summary").first.click()
    walk_story(page, "#tree-attend-group-meeting .stage")
    expect(page.locator('#tree-attend-group-meeting .stage[data-by="engine"]')).to_be_visible()
    page.locator(".scheme-form label:visible").first.click()
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
    expect(page.locator(".stage .outcome-word")).to_have_text("Yes, if")
    expect(page.locator(".stage .duties")).to_contain_text("Stay politically neutral")
    if part == "connect-src":
        expect(page.locator(".engine-note")).to_contain_text("could not start")


# Embedding -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("host")
    (folder / "index.html").write_text("<!doctype html><title>A host</title><iframe width=600 height=400></iframe>", encoding="utf-8")
    with serve(folder) as url:
        yield url


@pytest.fixture(scope="module")
def framed(site: Path, shipped: str, host: str) -> Iterator[str]:
    """Serve the site with the host on the list, as it is known by one of its two names."""
    listed = host.replace("127.0.0.1", "localhost")
    text = re.sub(r"frame-ancestors 'self'[^;\"]*", f"frame-ancestors 'self' {listed}", shipped)
    with serve_by_nginx(site, [text]) as served:
        yield served.urls[0]




def read_frame(browser: Browser, host: str, address: str, sandbox: str | None = None) -> tuple[Page, list[str]]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(30_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(host)
    with page.expect_event("framenavigated", lambda frame: frame.parent_frame is not None):
        page.locator("iframe").evaluate(
            "(frame, [address, sandbox]) => { if (sandbox) frame.sandbox = sandbox; frame.src = address; }", [address, sandbox])
    return page, said


def test_a_host_on_the_list_embeds_a_tree_and_another_is_refused(browser: Browser, host: str, framed: str) -> None:
    page, _ = read_frame(browser, host.replace("127.0.0.1", "localhost"), framed + TREE)
    expect(page.frame_locator("iframe").locator(".question-ask").first).to_be_visible()
    page.context.close()
    page, said = read_frame(browser, host, framed + TREE)
    page.wait_for_timeout(200)
    assert any("frame-ancestors" in each for each in said), said
    assert page.frames[1].url.startswith("chrome-error:")
    page.context.close()


@pytest.mark.parametrize("path", ["/", READING, "/404.html"])
def test_what_is_no_tree_can_not_be_embedded_even_by_a_host_on_the_list(browser: Browser, host: str, framed: str, path: str) -> None:
    page, said = read_frame(browser, host.replace("127.0.0.1", "localhost"), framed + path)
    page.wait_for_timeout(200)
    assert any("frame-ancestors 'none'" in each for each in said), said
    assert page.frames[1].url.startswith("chrome-error:")
    page.context.close()


def test_a_frame_of_no_origin_loads_what_carries_a_hash(browser: Browser, host: str, framed: str) -> None:
    page, said = read_frame(browser, host.replace("127.0.0.1", "localhost"), framed + TREE, "allow-scripts")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".stage .question-ask")).to_be_visible()
    assert frame.locator(".stage").evaluate("() => document.styleSheets.length") == 1
    assert not [each for each in said if "integrity" in each.lower()]
    page.context.close()


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
        expect(page.locator(".stage .outcome-word")).to_have_text("Yes, if")
    else:
        assert page.locator(".stage").count() == 0
        page.locator(".states > *:visible").get_by_role("link", name="Below Head of Service").click()
        expect(page.locator(".states > *:visible .question-ask")).to_have_text("Who is going with you?")
    context.close()
