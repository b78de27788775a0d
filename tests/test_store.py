"""What is taken from earlier builds is what would be made anew, and whatever changes is made anew."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest

from decision_trees.authoring.files import make_settings
from decision_trees.authoring.project import Project, load_project
from decision_trees.authoring.store import KEPT, Store
from decision_trees.publishing.html import Site
from decision_trees.publishing.integrity import Seals
from decision_trees.publishing.site import list_files
from decision_trees.publishing.trees import splice_trees
from decision_trees.publishing.starter import list_starter_files

STARTER = dict(list_starter_files(date(2026, 11, 22)))
PAGE = "our-protocol/index.md"
SOURCES = {name.removeprefix("docs/"): text for name, text in STARTER.items() if name.startswith("docs/")}
TOPICS = STARTER["topics.yml"]


class Names(dict[str, str]):
    """A name for whatever a template loads."""

    def __missing__(self, name: str) -> str:
        return name


def load(sources: dict[str, str], topics: str = TOPICS, store: Store | None = None) -> Project:
    return load_project(sources, make_settings({}), topics, store)


def render(sources: dict[str, str], topics: str = TOPICS, store: Store | None = None, name: str = "Ours") -> dict[str, object]:
    project = load(sources, topics, store)
    site = Site(project, name, Names(), store or Store())
    places = "".join(f'<details class="tree" id="tree-{p.tree.topic}"></details>' for p in project.trees.values())
    return {**dict(list_files(site, Seals({}))), "page": splice_trees(site, places, PAGE), "findings": project.findings}


def test_a_result_is_made_once_for_the_same_inputs(tmp_path: Path) -> None:
    store, made = Store(tmp_path), []
    for inputs in (1, 1, 2, 1):
        assert store.recall("sums", inputs, lambda n=inputs: made.append(n) or n * 10) == inputs * 10  # type: ignore[misc, attr-defined]
    assert made == [1, 2]


def test_without_a_folder_nothing_is_kept() -> None:
    made: list[int] = []
    for _ in range(2):
        Store().recall("sums", 1, lambda: made.append(1))
    assert made == [1, 1]


@pytest.mark.parametrize("damage", [b"", b"\x80", b"no pickle at all", b"cos\nmissing_name\n."])
def test_a_damaged_entry_is_made_again(tmp_path: Path, damage: bytes) -> None:
    store = Store(tmp_path)
    store.recall("sums", 1, lambda: 10)
    entry = next((tmp_path / "sums").iterdir())
    entry.write_bytes(damage)
    assert store.recall("sums", 1, lambda: 10) == 10
    assert entry.read_bytes() != damage


def test_what_no_build_asks_for_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in (1, 2):
        store.recall("sums", number, lambda: 10)
    old, fresh = sorted((tmp_path / "sums").iterdir())
    os.utime(old, (0, time.time() - KEPT - 60))
    store.prune()
    assert list((tmp_path / "sums").iterdir()) == [fresh]


def test_a_folder_that_takes_nothing_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert Store(tmp_path / "file" / "cache").recall("sums", 1, lambda: 10) == 10


CHANGES = {
    "nothing": ("", ""),
    "the name of the edition": ("  name: ", "  name: New "),
    "the text of a provision": ("### 1.1", "### 1.1\n\nOne more sentence.\n"),
    "a line above": ("# ", "A line.\n\n# "),
    "a question": ("ask: ", "ask: Now, "),
    "an outcome": ("say: ", "say: Mind that "),
    "a story": ("story: ", "story: Once "),
    "an expectation that fails": ("outcome: ", "outcome: not-"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_build_from_the_store_equals_one_from_nothing(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    before = render(SOURCES, store=store)
    assert before == render(SOURCES)
    old, new = CHANGES[name]
    text = SOURCES[PAGE]
    assert old in text
    changed = {**SOURCES, PAGE: text.replace(old, new, 1)}
    assert render(changed, store=store) == render(changed)
    assert render(SOURCES, store=store) == before


def test_a_change_outside_the_edition_is_seen(tmp_path: Path) -> None:
    store = Store(tmp_path)
    render(SOURCES, store=store)
    assert render(SOURCES, TOPICS.replace("ask: ", "ask: Well, "), store) == render(SOURCES, TOPICS.replace("ask: ", "ask: Well, "))
    assert render(SOURCES, store=store, name="Theirs") == render(SOURCES, name="Theirs")
