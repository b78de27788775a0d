"""Say which provisions trees cite."""

from __future__ import annotations

import json
from pathlib import Path

import click

from decision_trees.publishing import exports
from decision_trees.verbs.terminal import JSON, PROJECT, read


@click.command("coverage")
@PROJECT
@JSON
def verb(root: Path, as_json: bool) -> None:
    """Say for each edition which provisions trees cite, and which need none."""
    rows = exports.list_coverage(read(root))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['edition']}: {len(row['cited'])} of {len(row['provisions'])} provisions cited, "  # type: ignore[arg-type]
                   f"{len(row['needs-no-tree'])} need no tree, open: {' '.join(row['open']) or 'none'}")  # type: ignore[arg-type]
