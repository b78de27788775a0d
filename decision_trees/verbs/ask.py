"""Walk a tree with answers."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from decision_trees.publishing import exports
from decision_trees.runtime.describe import describe
from decision_trees.runtime.engine import Asking, Rejected, advance
from decision_trees.verbs.terminal import JSON, PROJECT, find_tree, read


@click.command("ask")
@click.argument("tree")
@click.option("--answer", "-a", "answers", multiple=True, metavar="FACT=VALUE", help="An answer; may be repeated.")
@PROJECT
@JSON
def verb(tree: str, answers: tuple[str, ...], root: Path, as_json: bool) -> None:
    """Walk a tree with the answers given and say where they lead.

    Without --json and at a terminal, asks for what is missing.
    """
    diagram = find_tree(read(root), tree)
    given: dict[str, str] = {}
    for each in answers:
        name, is_pair, value = each.partition("=")
        if not is_pair:
            raise click.UsageError(f"--answer takes FACT=VALUE, not “{each}”.")
        given[name] = value
    is_dialogue = not as_json and sys.stdin.isatty()
    while True:
        position = advance(diagram, given)
        if isinstance(position, Asking) and position.fact in diagram.tree.fact_of and diagram.tree.fact_of[position.fact].today:
            given[position.fact] = date.today().isoformat()
            continue
        data = describe(diagram, given, position)
        if is_dialogue and isinstance(position, Asking):
            click.echo(_say_question(data))
            given[position.fact] = click.prompt(position.fact)
            continue
        break
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else exports.say(data))
    sys.exit(1 if isinstance(position, Rejected) else 0)


def _say_question(data: dict[str, object]) -> str:
    lines = [f"\n{data['ask']}"]
    if data["hint"]:
        lines.append(f"  {data['hint']}")
    for option in data["options"]:  # type: ignore[attr-defined]
        lines.append(f"  {option['name']:20} {option['label']}")
    return "\n".join(lines)
