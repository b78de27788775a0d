"""What tests make: a compiled tree from a definition's text, and a small project on disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from decision_trees.authoring.calendars import make_calendar
from decision_trees.authoring.compiler import compile_tree, freeze
from decision_trees.authoring.notation import Definition, Parsed, parse
from decision_trees.authoring.project import PublishedTree
from decision_trees.publishing.starter import list_starter_files

ENGLAND = make_calendar("England", "GB", "ENG", 2015, 2035)
PAGE = "docs/our-protocol/index.md"
"""The page of a small project that holds its provisions, its tree and its scenarios."""


def publish(text: str) -> PublishedTree:
    """Compile a definition that has no mistakes."""
    parsed = parse(Definition("page.md", 1, text, "edition"), ENGLAND)
    assert isinstance(parsed, Parsed), parsed
    compiled = compile_tree(parsed.tree)
    return PublishedTree(parsed, compiled, freeze(compiled))


def write_project(folder: Path, *edits: tuple[str, str]) -> Path:
    """Write the project that `new` begins with, its page edited: each edit is a text and what stands in its place."""
    for name, text in list_starter_files(date(2026, 11, 22)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    edit_page(folder, *edits)
    return folder


def edit_page(folder: Path, *edits: tuple[str, str]) -> None:
    """Put other texts into the page of a small project; each must stand in it."""
    text = (folder / PAGE).read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after)
    (folder / PAGE).write_text(text, encoding="utf-8")
