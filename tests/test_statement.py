"""The accessibility statement says what was tested: each check names tests that are there, and each such test has its check."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from decision_trees.publishing.statement import CHECKS, Publisher, read_publisher
from tests.conftest import ROOT

TESTS = ROOT / "tests"
NAMED = {name for check in CHECKS for name in check.tests}


def list_tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    file = path.relative_to(TESTS).as_posix()
    return {f"{file}::{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_check_names_tests_that_are_there() -> None:
    assert all(check.tests for check in CHECKS)
    there = {name for file in {name.partition("::")[0] for name in NAMED} for name in list_tests(TESTS / file)}
    assert there >= NAMED, NAMED - there


def test_every_test_of_accessibility_is_told_of() -> None:
    there = {name for path in TESTS.glob("browser/test_accessibility*.py") for name in list_tests(path)}
    assert there <= NAMED, there - NAMED


def test_the_page_tells_of_every_check(site: Path) -> None:
    page = (site / "accessibility" / "index.html").read_text(encoding="utf-8")
    assert all(check.says in page and check.means in page for check in CHECKS)


def test_every_footer_leads_to_the_statement(site: Path) -> None:
    lacking = []
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if "<footer class=" in text and ">Accessibility</a>" not in text:
            lacking.append(path)
    assert lacking == []


@pytest.mark.parametrize(("contact", "link"), [
    ("rules@example.org", "mailto:rules@example.org"), ("https://example.org/contact", "https://example.org/contact"), ("", ""),
])
def test_a_contact_is_an_address_to_write_to_or_a_page(contact: str, link: str) -> None:
    publisher = read_publisher({"name": "Example Council", "contact": contact})
    assert publisher == Publisher("Example Council", contact)
    assert publisher.link == link


@pytest.mark.parametrize(("options", "words"), [
    ({"email": "a@b.uk"}, "email is not known"), ({"contact": "javascript:alert(1)"}, "neither an e-mail address nor a web address"),
    ({"contact": "the clerk"}, "neither"),
])
def test_what_is_no_contact_is_told(options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_publisher(options)
