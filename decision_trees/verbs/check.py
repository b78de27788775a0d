"""Check every page, definition and scenario."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from decision_trees.authoring import findings as finding_text
from decision_trees.authoring.findings import ERROR
from decision_trees.authoring.project import Project
from decision_trees.verbs.terminal import JSON, PROJECT, count_cards, read, say_number, show


@click.command("check")
@PROJECT
@JSON
@click.option("--reports", is_flag=True, help="Also show reports for review: hard questions, twin options, provisions without a tree.")
def verb(root: Path, as_json: bool, reports: bool) -> None:
    """Check every page, definition and scenario."""
    project = read(root)
    shown = [finding for finding in project.findings if reports or finding.severity == ERROR]
    if as_json:
        click.echo(json.dumps([finding_text.to_data(finding) for finding in shown], ensure_ascii=False, indent=2))
    else:
        show(shown, project.sources)
        click.echo(_count(project))
    sys.exit(1 if project.errors else 0)


def _count(project: Project) -> str:
    provisions = sum(len(found) for found in project.provisions.values())
    counted = {"edition": len(project.editions), "provision": provisions, "tree": len(project.trees), "scenario": len(project.scenarios)}
    counted |= {"card": count_cards(project)} if project.packs else {}
    return f"{', '.join(map(say_number, counted.values(), counted))}: {say_number(len(project.errors), 'error')}"
