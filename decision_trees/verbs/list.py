"""List the trees, or the packs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from decision_trees.publishing import exports
from decision_trees.publishing.packs import list_packs
from decision_trees.verbs.terminal import JSON, PROJECT, read


@click.command("list")
@PROJECT
@JSON
@click.option("--packs", "is_packs", is_flag=True, help="List the packs of workshop cards instead.")
def verb(root: Path, as_json: bool, is_packs: bool) -> None:
    """List the trees, or the packs of cards."""
    project = read(root)
    rows = list_packs(project) if is_packs else exports.list_trees(project)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(str(row["id"])) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['id']:{width}}  {row['title'] if is_packs else row['ask']}")
