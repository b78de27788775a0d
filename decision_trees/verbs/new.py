"""Begin a project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from decision_trees.publishing.starter import list_starter_files


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
def verb(folder: Path) -> None:
    """Begin a project in a new or empty FOLDER.

    It holds an edition of two provisions, a tree, its scenarios and the settings. What it holds is clean: check, test
    and build it at once, then put your own protocol in its place.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"{folder} is not an empty folder, and nothing in it is touched.")
    for name, text in list_starter_files(date.today()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    click.echo(f"{folder} holds a project. Next:\n  cd {folder}\n  decision-trees check\n"
               "  npm install --ignore-scripts\n  decision-trees build")
