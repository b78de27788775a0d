"""A project to begin with: one edition of two provisions, with a tree and its scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from string import Template

PROJECT = "project"
_HIDDEN = {"gitignore": ".gitignore"}


def list_starter_files(today: date) -> Iterator[tuple[str, str]]:
    """Give each file of a new project by its path in the project's folder. `today` is the day its edition is issued."""
    review = today.replace(year=today.year + 1, day=min(today.day, 28))  # no year lacks the 28th of a month
    for path, file in _list_files(resources.files(__name__) / PROJECT, ""):
        text = file.read_text(encoding="utf-8")
        yield path, Template(text).substitute(today=today.isoformat(), review=review.isoformat()) if path.endswith(".md") else text


def _list_files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = path + _HIDDEN.get(each.name, each.name)
        if each.is_dir():
            yield from _list_files(each, f"{name}/")
        else:
            yield name, each
