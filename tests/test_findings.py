"""Every finding as its author meets it: a bad page for each code, which ends in what `decision-trees check` says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from decision_trees.authoring.files import make_settings
from decision_trees.authoring.findings import CODES, ERROR, REPORT, Finding, show
from decision_trees.authoring.project import Project, load_project

FOLDER = Path(__file__).resolve().parent / "bad"
CASES = {path.name.removesuffix(".md"): path for path in sorted(FOLDER.iterdir())}
"""Pages and folders by name: the code that they provoke, and for further ones a dot and what is particular."""
SEVERITIES = {"errors": ERROR, "reports": REPORT}
CALENDAR = {"name": "England", "country": "GB", "subdivision": "ENG", "from": 2015, "to": 2035}
EDITION = """---
edition:
  name: Anytown
  body: Anytown Council
  document: Protocol
  restates: Part 6
  source: No version is given.
  version: "1.0"
  issued: 2026-11-22
  roles: {member: Members, officer: Officers}
---
# Anytown
"""
_EXPECTED = re.compile(r"\n*<!-- (errors|reports)\n(.*?)\n-->\n?", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """A bad page of an edition, or a folder of pages: what goes in, and what is said of it by severity.

    A page's front matter may set `options`, as the plugin has them in mkdocs.yml, and `topics`, the text of the topics file.
    """

    sources: dict[str, str]
    options: dict[str, Any]
    topics: str
    expected: dict[str, str]


def read_case(path: Path) -> Case:
    if path.is_dir():
        texts = {page.relative_to(path).as_posix(): page.read_text(encoding="utf-8") for page in sorted(path.rglob("*.md"))}
    else:
        texts = {f"edition/{path.name}": path.read_text(encoding="utf-8")}
    sources = {name: _EXPECTED.sub("\n", text) for name, text in texts.items()}
    if path.is_file():
        page, text = next(iter(sources.items()))
        sources = {"edition/index.md": text} if re.match(r"---\nedition:", text) else {"edition/index.md": EDITION, page: text}
    first = next(iter(texts.values()))
    front = yaml.safe_load(first.split("---\n")[1]) if re.match(r"---\n(options|topics):", first) else {}
    return Case(
        sources, {"calendar": CALENDAR, **front.get("options", {})}, front.get("topics", ""),
        {severity: said for text in texts.values() for severity, said in _EXPECTED.findall(text)},
    )


def load_case(case: Case) -> Project:
    return load_project(case.sources, make_settings(case.options), case.topics)


def show_all(findings: tuple[Finding, ...], sources: dict[str, str], severity: str) -> str:
    return "\n\n".join(show(f, sources.get(f.span.page, "")) for f in findings if f.severity == severity)


@pytest.mark.parametrize("parser", ["libyaml", "python"])
@pytest.mark.parametrize("name", CASES)
def test_a_bad_page_is_told_every_mistake_at_once_with_place_cause_and_cure(
    name: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if parser == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    case = read_case(CASES[name])
    findings = load_case(case).findings
    assert name.partition(".")[0] in {finding.code for finding in findings}
    for said, severity in SEVERITIES.items():
        assert show_all(findings, case.sources, severity) == case.expected.get(said, ""), said
    assert [finding.message for finding in findings if not finding.hint] == []


def test_every_code_has_a_bad_page_of_its_name() -> None:
    assert {name for name in CASES if "." not in name} == CODES.keys()
