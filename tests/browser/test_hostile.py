"""Hostile links, messages and definitions, in a real browser: no script runs, nothing escapes, no other host is asked."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from decision_trees.authoring import keys
from tests.browser.test_walk import TREE, wait_for_engine
from tests.conftest import ROOT, serve
from tests.making import write_project
from tests.servers import serve_by_nginx

COUNT = 10_000
FOREIGN = "foreign.invalid"
CORPUS = (
    "<script>ran(1)</script>", "<img src=x onerror=ran(1)>", "\"><svg onload=ran(1)>", "' onfocus='ran(1)' autofocus tabindex='1", "\" onmouseover=\"ran(1)\" x=\"",
    "</template><script>ran(1)</script>", "</title><script>ran(1)</script>", "</textarea></select><img src=x onerror=ran(1)>", "</summary></details><script>ran(1)</script>",
    "javascript:ran(1)", "[x](javascript:ran(1))", "<a href='javascript:ran(1)'>x</a>", "<iframe srcdoc='<script>parent.ran(1)</script>'></iframe>",
    f"<img src=http://{FOREIGN}/x>", f"<link rel=stylesheet href=//{FOREIGN}/x>", f"<meta http-equiv=refresh content='0;url=http://{FOREIGN}/'>", f"<base href=//{FOREIGN}/>",
    f"![x](http://{FOREIGN}/x.png)", f"\" style=\"background:url(http://{FOREIGN}/)\" x=\"", f"<style>@import url(http://{FOREIGN}/);</style>",
    "&lt;script&gt;ran(1)&lt;/script&gt;", "&#60;img src=x onerror=ran(1)&#62;", "<!--<script>ran(1)</script>", "--><script>ran(1)</script>", "]]><script>ran(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=ran(1)>", "<noscript><p title='</noscript><img src=x onerror=ran(1)>'>", "<<script>ran(1)//<</script>",
    "<details open ontoggle=ran(1)>x</details>", "<input autofocus onfocus=ran(1)>", "<object data='javascript:ran(1)'></object>", "\\u003cscript\\u003eran(1)\\u003c/script\\u003e",
)
DEFINITION = """\
tree: NAME
ask: TEXT
about: TEXT
roles: [officer]
facts:
  post: {ask: TEXT, hint: TEXT, why: TEXT, options: {junior: {label: TEXT, hint: TEXT}, senior: TEXT, doubtful: TEXT}, unsure: doubtful, cite: {"1.1": "gift"}}
  matter: {ask: TEXT, hint: TEXT, why: TEXT, many: {rents: TEXT, housing: {label: TEXT, hint: TEXT}}, none: TEXT}
  arrears: {ask: TEXT, number: {from: 0, to: 24, unit: TEXT}}
  worth: {ask: TEXT, hint: TEXT, money: {from: 0, to: 1000}}
  received: {ask: TEXT, date: {from: 2026-01-01, to: 2026-12-31}}
  today: {ask: TEXT, date: {from: 2026-01-01, to: 2027-12-31, default: today}}
let:
  due: {is: received + 10 days, words: TEXT}
  late: {is: due < today, ask: TEXT, hint: TEXT}
check: [{when: arrears > 23, say: TEXT}]
decide:
  - {when: post is junior, then: ask-first}
  - {when: post is doubtful, then: unknown}
  - {when: matter has rents and arrears >= 2, then: refused}
  - {when: late, then: ask-first}
  - {when: worth > 25, then: refused}
  - otherwise: fine
outcomes:
  fine: {verdict: yes-if, say: TEXT, brief: TEXT, note: TEXT, cite: "1.1"}
  ask-first: {verdict: refer, say: TEXT, brief: TEXT, to: TEXT, note: TEXT}
  refused: {verdict: "no", say: TEXT, note: TEXT}
  unknown: {verdict: silent, say: TEXT}
also:
  - {say: TEXT, when: matter has housing, for: any, if: TEXT, group: TEXT}
  - {say: TEXT, for: any, group: TEXT, cite: "1.2"}
doubt: {to: TEXT, cite: "1.2"}
"""
CASES = (
    "", "post=junior", "post=doubtful", "post=senior&matter=rents&arrears=3", "post=senior&matter=housing&received=2026-05-05&today=2027-05-05",
    "post=senior&matter=none&received=2026-05-05&today=2026-05-06&worth=2", "post=?", "arrears=24",
)


# Links and messages ----------------------------------------------------------------------


def make_fragments(count: int) -> list[str]:
    """Make fragments of a tree's own names and values, of hostile scraps, and of noise: the same each time."""
    chance = random.Random(20261128)
    names = ("post", "escort", "purpose", "offered", "tree", "change", "post.junior", "__proto__", "constructor", "toString", "hasOwnProperty", "then", "a" * 300, "é", "")
    values = ("junior", "senior", "nobody", "brief", "yes", "?", "", "1..2", "..", "%", "%E0%A4%A", "%00", "%0d%0aSet-Cookie:x", "nan", "1e999", "-1", "__proto__", "9" * 400,
              "\u202e", "💥", "{due}", "${ran(1)}", "../../..", *CORPUS)
    joints = ("&", "&", "&", "=", ";", "#", "?", "&amp;", "")

    def part() -> str:
        if chance.random() < 0.15:
            return "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(160, 0xD7FF)))) for _ in range(chance.randrange(12)))
        return f"{chance.choice(names)}={chance.choice(values)}"

    true = ("post=junior&escort=nobody&", "post=junior&escort=senior&purpose=brief&offered=yes&", "post=senior&")
    starts = ("", "", "", *true)
    return ["#" + chance.choice(starts) + chance.choice(joints).join(part() for _ in range(chance.randrange(1, 6))) for _ in range(count)]


@pytest.fixture
def hostile_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Give a page that notes each script that runs, each error and each request to another host."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: None if "//127.0.0.1:" in request.url[:20] or request.url.startswith(("data:", "blob:")) else troubles.append(f"asks {request.url}"))
    page.on("console", lambda message: troubles.append(f"console: {message.text}") if message.type == "error" and "404" not in message.text else None)
    page.expose_function("ran", lambda _: troubles.append("a script ran"))
    yield page, troubles
    context.close()


def test_ten_thousand_hostile_links_leave_the_walk_and_the_engine_as_they_were(hostile_page: tuple[Page, list[str]], url: str) -> None:
    """Each link goes through the reader of addresses, the compiled walk and the engine; every twentieth is followed for real."""
    page, troubles = hostile_page
    page.goto(f"{url}{TREE}#post=junior")
    wait_for_engine(page)
    found = page.evaluate("""async (fragments) => {
      const base = document.querySelector('script[src*=decision-tree]').src;
      const [{ readPlace, writePlace }, { Walk }, { engine }] = await Promise.all(['answers.js', 'walk.js', 'engine.js'].map((name) => import(new URL(name, base))));
      const { tree } = document.querySelector('decision-tree').dataset;
      const walk = new Walk(document.querySelector('.states') ?? new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html'));
      const positions = {}, steps = {};
      const url = new URL('tree.json', location.href).href;
      const asked = await Promise.all(fragments.map((fragment) => {
        const place = readPlace(fragment);
        const again = readPlace(writePlace(place));
        if (JSON.stringify(again.answers) !== JSON.stringify(place.answers)) throw new Error(`${fragment} is written as another`);
        const step = walk.follow(place.answers);
        steps[step.position] = (steps[step.position] ?? 0) + 1;
        return engine.ask(tree, url, place.answers);
      }));
      for (const each of asked) positions[each.position] = (positions[each.position] ?? 0) + 1;
      return { positions, steps, polluted: Object.keys({}).length + ('ran' in {}) + (({}).junior ? 1 : 0) };
    }""", make_fragments(COUNT))
    assert sum(found["positions"].values()) == sum(found["steps"].values()) == COUNT
    assert found["positions"].keys() >= {"asking", "reached", "rejected"}
    assert found["polluted"] == 0
    page.evaluate("""async (fragments) => {
      const calm = () => new Promise((resolve) => setTimeout(resolve, 5));
      for (const fragment of fragments) { location.hash = fragment; await calm(); }
    }""", make_fragments(COUNT)[::20])
    page.evaluate("location.hash = '#post=junior&escort=nobody'")
    expect(page.locator(".stage .outcome-word")).to_have_text("No")
    assert troubles == []


def test_ten_thousand_hostile_messages_change_nothing(hostile_page: tuple[Page, list[str]], url: str) -> None:
    """To the page as from a host, and a thousand to a worker of the engine's own, which answers each."""
    page, troubles = hostile_page
    page.goto(f"{url}{TREE}#post=junior")
    wait_for_engine(page)
    before = page.locator(".stage").inner_text()
    answered = page.evaluate("""async ([texts, count]) => {
      const shapes = [(text) => text, (text) => ({ type: text, data: text }), (text) => ({ id: 0, ready: true, failed: text, error: text }), (text) => [text, null, 1],
        (text) => ({ protocol: 'decision-trees', version: 1, type: 'answers', answers: { [text]: text } }), (text) => ({ type: 'ready', html: text, url: text, height: text }), () => null, () => 7];
      for (let i = 0; i < count; i++) { postMessage(shapes[i % shapes.length](texts[i % texts.length]), '*'); if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve)); }
      const worker = new Worker(new URL('worker.js', document.querySelector('script[src*=decision-tree]').src), { type: 'module' });
      const calls = ['ask', 'question', 'put_case', '__class__', '__import__', 'no-such', 'load', ''];
      let answers = 0;
      return await new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`only ${answers} answers`)), 50000);
        worker.onmessage = ({ data }) => {
          if (data.failed) reject(new Error(data.failed));
          if (data.ready) for (let id = 0; id < 1000; id++) worker.postMessage({ id, call: calls[id % calls.length], tree: texts[id % texts.length], url: '', text: texts[id % texts.length] });
          else if (++answers === 1000) resolve(answers);
        };
      });
    }""", [[*CORPUS, "{}", "null", "[]", '{"post":"junior"}', "x" * 10_000], COUNT])
    assert answered == 1000
    assert page.locator(".stage").inner_text() == before
    assert troubles == []


# Definitions -----------------------------------------------------------------------------


def fill(template: str, turn: int) -> str:
    """Put the corpus into the places of a template, each turn another text into each place."""
    parts = template.split("TEXT")
    return "".join(part + (json.dumps(f"{number} {CORPUS[(number * 7 + turn) % len(CORPUS)]}") if number < len(parts) - 1 else "") for number, part in enumerate(parts))


def build(root: Path) -> Path:
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "build").mkdir(exist_ok=True)
    (root / "build" / "cache").symlink_to(ROOT / "build" / "cache")
    config = (root / "mkdocs.yml").read_text(encoding="utf-8").replace("      topics: topics.yml\n", "      topics: topics.yml\n      compress: false\n")
    (root / "mkdocs.yml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-c", "from decision_trees.cli import main; main()", "build", "--no-strict", "--project", str(root)]
    built = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert built.returncode == 0, built.stderr
    return root / "build" / "site"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("hostile"))
    page = root / "docs/our-protocol/index.md"
    text = page.read_text(encoding="utf-8")
    start, end = text.index("```decision-tree"), text.index("```scenarios")
    trees = "\n".join(f"```decision-tree\n{fill(DEFINITION.replace('NAME', f'gift-{turn}'), turn)}```\n" for turn in range(len(CORPUS)))
    text = text[:start] + trees + "\n" + text[end:].replace("accept-gift", "gift-0")
    text = text[: text.index("```scenarios")] + f"```scenarios\ntree: gift-0\ncases:\n  - {{story: {json.dumps(CORPUS[0])}, answers: {{post: junior}}, outcome: ask-first}}\n```\n"
    for turn, (before, after) in enumerate((("name: Our Council", "name: TEXT"), ("body: Our Council", "body: TEXT"), ("document: Protocol on Gifts", "document: TEXT"),
                                            ("restates: Provisions 1.1 and 1.2", "restates: TEXT"), ('version: "0.1"', "version: TEXT"),
                                            ("roles: {member: Members, officer: Officers}", "roles: {member: TEXT, officer: TEXT}\n  terms: {gift: TEXT}"))):
        assert before in text
        text = text.replace(before, fill(after, turn * 5), 1)
    page.write_text(text, encoding="utf-8")
    topics = "".join(fill(f"gift-{turn}: {{ask: TEXT, group: TEXT, want: TEXT, roles: [officer]}}\n", turn) for turn in range(len(CORPUS)))
    (root / "topics.yml").write_text(topics, encoding="utf-8")
    return build(root)


def test_the_definition_that_is_filled_has_every_key_that_takes_a_text() -> None:
    data = yaml.load(DEFINITION, Loader=yaml.BaseLoader)

    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for each in value.values() for name in names(each)}
        return {name for each in value for name in names(each)} if isinstance(value, list) else set()

    tables = (keys.TREE, keys.FACT, keys.OPTION, keys.BOUNDS, keys.LET, keys.CHECK, keys.OUTCOME, keys.DUTY)
    assert {key.name for table in tables for key in table.keys if key.takes == "text"} <= names(data)


def test_a_definition_full_of_script_is_shown_as_text(hostile_site: Path, hostile_page: tuple[Page, list[str]]) -> None:
    """Served without any policy, so that nothing but the escaping stands in the way."""
    page, troubles = hostile_page
    with serve(hostile_site) as base:
        for path in ("/", "/our-protocol/", "/licences/"):
            page.goto(base + path)
            page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        for turn in range(len(CORPUS)):
            tree = f"{base}/trees/our-protocol/gift-{turn}/"
            page.goto(f"{tree}#{CASES[0]}")
            expect(page.locator(".stage")).to_be_visible()
            if turn == 0:
                page.locator(".stage input").first.focus()
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
        page.goto(f"{base}/our-protocol/")
        page.get_by_role("textbox", name="Search questions and provisions").click()
        page.keyboard.type("script")
        page.wait_for_timeout(500)
    assert troubles == []


def test_script_that_an_author_writes_into_a_page_is_stopped_by_the_policy(tmp_path: Path, hostile_page: tuple[Page, list[str]]) -> None:
    page, troubles = hostile_page
    root = write_project(tmp_path / "rules", ("# Gifts\n", f"# Gifts\n\nAn introduction. <img src='x' onerror='ran(1)'> <img src='http://{FOREIGN}/x'>\n\n<div><script>ran(1)</script></div>\n"))
    site = build(root)
    with serve_by_nginx(site, [(site / "server" / "nginx.conf").read_text(encoding="utf-8")]) as served:
        page.goto(served.urls[0] + "/our-protocol/")
        page.wait_for_timeout(300)
    assert "a script ran" not in troubles
    refused = [each for each in troubles if "Content Security Policy" in each]
    assert len(refused) >= 3, troubles
    assert any(FOREIGN in each for each in refused)
