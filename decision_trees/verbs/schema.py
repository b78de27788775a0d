"""Print the JSON Schema of the notation."""

from __future__ import annotations

import json

import click

from decision_trees.publishing.schema import make_schema


@click.command("schema")
def verb() -> None:
    """Print the JSON Schema of the notation, for editors.

    An editor that knows it checks a tree's YAML file while you type; the page then names the file in its fence:
    ```decision-tree file=trees/attend.yml. The site has the schema too, as /notation.schema.json.
    """
    click.echo(json.dumps(make_schema(), ensure_ascii=False, indent=2))
