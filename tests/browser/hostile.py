"""Texts that would run as script or ask another host if anything failed to escape them, and a project full of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import ROOT
from tests.making import write_project

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
OTHER = """\
tree: NAME
ask: TEXT
facts:
  asked: {ask: TEXT, options: {"yes": TEXT, "no": TEXT}}
decide:
  - {when: asked is yes, then: fine}
  - otherwise: refused
outcomes:
  fine: {verdict: "yes", say: TEXT, brief: TEXT, cite: "2.1"}
  refused: {verdict: "no", say: TEXT, brief: TEXT, cite: "2.1"}
"""
EDITION = """\
edition:
  name: TEXT
  body: TEXT
  document: TEXT
  restates: TEXT
  source: TEXT
  version: TEXT
  issued: 2026-11-22
  approved: TEXT
  next-review: 2027-11-22
  kept-by: TEXT
  roles: {member: TEXT, officer: TEXT}
  doubt: {to: TEXT, cite: "1.2"}
  terms: {gift: TEXT}
"""
TOPIC = "NAME: {ask: TEXT, group: TEXT, want: TEXT, roles: [officer]}\n"
COMPARISON = """\
topic: NAME
facts:
  post: {ask: TEXT, hint: TEXT, why: TEXT, options: {junior: {label: TEXT, hint: TEXT}, senior: TEXT, doubtful: TEXT}, in: {our-protocol: post}}
  asked: {ask: TEXT, hint: TEXT, options: {"yes": TEXT, "no": {label: TEXT, hint: TEXT}}, in: {their-protocol: asked}}
case: {post: junior, asked: "yes"}
differences: [{point: TEXT, say: TEXT}]
points: [{point: TEXT, our-protocol: {say: TEXT, cite: "1.1"}, their-protocol: {say: TEXT, cite: "2.1"}}]
"""
CARD = """\
who: TEXT
ask: TEXT
cases: [{tree: our-protocol/gift-0, answers: {post: junior}, verdict: refer, outcome: ask-first}]
discuss: [TEXT, TEXT]
mistake: TEXT
breach: ["1.1"]
"""
RAW = f"An introduction. <img src='x' onerror='ran(1)'> <img src='http://{FOREIGN}/x'>\n\n<div><script>ran(1)</script></div>\n"
"""What only an author can write: HTML in the text of a page."""
CASES = (
    "", "post=junior", "post=doubtful", "post=senior&matter=rents&arrears=3", "post=senior&matter=housing&received=2026-05-05&today=2027-05-05",
    "post=senior&matter=none&received=2026-05-05&today=2026-05-06&worth=2", "post=?", "arrears=24",
)
TURNS = range(len(CORPUS))


def choose(number: int, turn: int) -> str:
    """Give the text of one place: each turn another, so that in as many turns as there are texts each place has held each."""
    return f"{number} {CORPUS[(number * 7 + turn) % len(CORPUS)]}"


def fill(template: str, turn: int, name: str = "") -> str:
    """Put texts into the places of a template."""
    first, *parts = template.replace("NAME", name).split("TEXT")
    return first + "".join(json.dumps(choose(number, turn)) + part for number, part in enumerate(parts))


def fence(kind: str, text: str) -> str:
    return f"```{kind}\n{text}```\n\n"


def write_hostile_project(root: Path) -> Path:
    """Write two editions, a topic, two trees and a comparison for each text, a pack with as many cards, and a page with HTML."""
    write_project(root)
    names = [f"gift-{turn}" for turn in TURNS]
    scenario = f"tree: gift-0\ncases:\n  - {{story: {json.dumps(CORPUS[0])}, answers: {{post: junior}}, outcome: ask-first}}\n"
    provision = '### {} {{: binds="member officer" }}\n\nYou may keep a gift.\n\n'
    cards = "".join(
        f"## {choose(50, turn)} {{#card-{turn}}}\n\n{choose(51, turn)}\n\n{fence('card', fill(CARD, turn))}" for turn in TURNS
    )
    pages = {
        "our-protocol/index.md": f"---\n{fill(EDITION, 1)}---\n# Gifts\n\n{provision.format('1.1')}{provision.format('1.2')}"
                                 + "".join(fence("decision-tree", fill(DEFINITION, turn, names[turn])) for turn in TURNS) + fence("scenarios", scenario),
        "their-protocol/index.md": f"---\n{fill(EDITION, 2).replace('1.2', '2.1')}---\n# Theirs\n\n{provision.format('2.1')}"
                                   + "".join(fence("decision-tree", fill(OTHER, turn, names[turn])) for turn in TURNS),
        **{f"compare/{name}.md": f"# Compared\n\n{fence('comparison', fill(COMPARISON, turn, name))}" for turn, name in enumerate(names)},
        "compare/index.md": "---\ntemplate: comparisons.html\n---\n# Compare\n",
        "editions.md": "---\ntemplate: editions.html\n---\n# Editions\n",
        "workshops/index.md": "---\ntemplate: workshops.html\n---\n# Workshops\n",
        "workshops/cards.md": f"---\npack: cards\nfor: [officer]\nminutes: 60\n---\n# {choose(52, 0)}\n\n{choose(53, 0)}\n\n{cards}",
        "raw.md": f"# Raw\n\n{RAW}",
    }
    for name, text in pages.items():
        path = root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "topics.yml").write_text("".join(fill(TOPIC, turn, name) for turn, name in enumerate(names)), encoding="utf-8")
    config = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(config.replace("      topics: topics.yml\n", "      topics: topics.yml\n      compress: false\n"), encoding="utf-8")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "build").mkdir()
    (root / "build" / "cache").symlink_to(ROOT / "build" / "cache")
    return root


def run(root: Path, *words: str) -> None:
    """Run a verb on the project."""
    command = [sys.executable, "-c", "from decision_trees.cli import main; main()", *words, "--project", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="module")
def hostile_context(browser: Browser) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Give a reader's browser that notes each script that runs, each error and each request to another host."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(60_000)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(f"error: {error.error}"))
    context.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    context.on("request", lambda request: None if _is_here(request.url) else troubles.append(f"asks {request.url}"))
    context.on("console", lambda message: troubles.append(f"console: {message.text}") if message.type == "error" and "404" not in message.text else None)
    context.expose_function("ran", lambda _: troubles.append("a script ran"))
    yield context, troubles
    context.close()


@pytest.fixture
def hostile_page(hostile_context: tuple[BrowserContext, list[str]]) -> Iterator[tuple[Page, list[str]]]:
    """Give a page of that browser, and the list of what has happened since."""
    context, troubles = hostile_context
    troubles.clear()
    page = context.new_page()
    yield page, troubles
    page.close()


def _is_here(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:"))
