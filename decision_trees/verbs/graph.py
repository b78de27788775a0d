"""Print a whole tree."""

from __future__ import annotations

from pathlib import Path

import click

from decision_trees.publishing import whole
from decision_trees.publishing.html import Site
from decision_trees.verbs.terminal import PROJECT, find_tree, read


@click.command("graph")
@click.argument("tree")
@click.option("--format", "form", type=click.Choice(list(whole.FORMATS)), default="outline", show_default=True,
              help="A flowchart, a map, an outline, or the decision table as Markdown or for a spreadsheet.")
@PROJECT
def verb(tree: str, form: str, root: Path) -> None:
    """Print a whole tree."""
    project = read(root)
    find_tree(project, tree)
    click.echo(whole.FORMATS[form](Site(project), tree), nl=False)
