"""The compiled pages and the engine agree on every path of every tree: where it ends, and which duties come with it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.runtime.engine import Asking, Reached, advance
from tests.conftest import ROOT

PROJECT = read_project(read_configuration(ROOT))
VOID = {"meta", "link", "input", "br", "hr", "img", "use", "path", "circle"}


class Page(HTMLParser):
    """The walk as a reader without script can follow it: nothing but the HTML of a tree's page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.first = ""
        self.links: dict[str, list[tuple[str, str]]] = {}
        self.duties: dict[str, dict[int, str]] = {}
        self.open: set[str] = set()
        self._state = self._outcome = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "section" and "data-state" in given:
            self._state, self._outcome = given["data-state"], ""
            self.first = self.first or self._state
            self.links[self._state] = []
            assert given["id"] == self._state
        elif tag == "section" and "data-open" in given:
            self._state = self._outcome = ""
            self.open.add(given["id"])
        elif tag == "section" and "data-outcome" in given:
            self._state, self._outcome = "", given["data-outcome"]
            self.duties[self._outcome] = {}
        elif tag == "a" and self._state and "data-answer" in given:
            self.links[self._state].append((given["data-answer"], given["href"].removeprefix("#")))
        elif tag == "li" and "data-duty" in given:
            self.duties[self._outcome][int(given["data-duty"])] = given["data-status"]

    def walk(self) -> list[tuple[dict[str, str], str]]:
        """List every path: its answers and the outcome it ends at."""
        if not self.first:
            return [({}, next(iter(self.duties)))]
        paths: list[tuple[dict[str, str], str]] = []
        todo: list[tuple[str, dict[str, str]]] = [(self.first, {})]
        while todo:
            state, answers = todo.pop()
            for answer, target in self.links[state]:
                name, _, value = answer.partition("=")
                if value == "?":
                    assert target in self.open
                elif target.startswith("outcome-"):
                    paths.append(({**answers, name: value}, target.removeprefix("outcome-")))
                else:
                    todo.append((target, {**answers, name: value}))
            assert len(paths) < 200_000
        return paths


@pytest.mark.parametrize("tree", sorted(PROJECT.trees))
def test_every_path_ends_alike_with_the_same_duties(tree: str, site: Path) -> None:
    page = Page((site / "trees" / tree / "index.html").read_text(encoding="utf-8"))
    diagram = PROJECT.trees[tree].diagram
    paths = page.walk()
    assert {outcome for _, outcome in paths} == {o.name for o in diagram.tree.outcomes}
    for answers, outcome in paths:
        position = advance(diagram, answers)
        if isinstance(position, Asking):
            assert position.settled == outcome, (answers, position)
            continue
        assert isinstance(position, Reached), (answers, position)
        assert position.outcome == outcome, (answers, position)
        shown = page.duties[outcome]
        for duty in position.duties:
            assert shown.get(duty.number) in (("always", "depends") if duty.certain else ("depends",)), (answers, duty)
        due = {duty.number for duty in position.duties if duty.certain}
        assert {number for number, status in shown.items() if status == "always"} <= due, answers


def test_every_provision_stands_once_in_the_built_pages(site: Path) -> None:
    for edition, provisions in PROJECT.provisions.items():
        text = "".join(p.read_text(encoding="utf-8") for p in (site / edition).rglob("index.html"))
        for number in provisions:
            assert len(re.findall(rf'\sid="{re.escape(number)}"', text)) == 1, f"{edition} {number}"
