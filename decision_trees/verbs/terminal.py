"""What the verbs share: options, reading a project, showing findings."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from decision_trees.authoring import findings as finding_text
from decision_trees.authoring.files import NoProject, read_configuration, read_project
from decision_trees.authoring.findings import Finding, suggest
from decision_trees.authoring.project import Project
from decision_trees.authoring.store import FOLDER, Store
from decision_trees.runtime.model import Diagram

PROJECT = click.option("--project", "root", type=click.Path(path_type=Path, file_okay=False), default=Path("."),
                        help="The folder that holds mkdocs.yml.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def read(root: Path) -> Project:
    """Read and check the project in a folder. Raises UsageError if there is none."""
    gc.disable()  # all that is read stays, and looking for garbage in it takes a sixth of the time
    try:
        project = read_project(read_configuration(root.resolve()), Store(root / FOLDER))
    except NoProject as problem:
        raise click.UsageError(str(problem)) from problem
    gc.freeze()  # nor does the end of the program look there
    return project


def find_tree(project: Project, name: str) -> Diagram:
    """Give a tree by its id. Raises UsageError, with what it may have been meant to be."""
    if name not in project.trees:
        raise click.UsageError(f"There is no tree “{name}”. {suggest(name, project.trees)}")
    return project.trees[name].diagram


def show(shown: Iterable[Finding], sources: Mapping[str, str]) -> None:
    """Print findings with the lines they are about."""
    for finding in shown:
        click.echo(finding_text.show(finding, sources.get(finding.span.page, "")) + "\n", err=True)


def count_cards(project: Project) -> int:
    """Count the cards of all packs."""
    return sum(len(pack.cards) for pack in project.packs.values())


def say_number(count: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
