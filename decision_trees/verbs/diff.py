"""Compare two versions."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from decision_trees.authoring.amendments.difference import compare_versions
from decision_trees.authoring.amendments.versions import open_version, read_version
from decision_trees.authoring.files import NoProject
from decision_trees.publishing import reports
from decision_trees.verbs.terminal import JSON, PROJECT, show


@click.command("diff")
@click.argument("old")
@click.argument("new")
@PROJECT
@JSON
def verb(old: str, new: str, root: Path, as_json: bool) -> None:
    """Say what a new version changes, in words and in behaviour.

    OLD and NEW are two folders with a project, two files of one (a page, or YAML with a tree), or revisions in git,
    written REV: for the whole project and REV:PATH for a file, with PATH from the project's folder:

    \b
      decision-trees diff HEAD: .
      decision-trees diff v1.0:docs/nottingham/index.md docs/nottingham/index.md

    Every path of both versions is compared. Each change comes with answers that show it, as a command and as a link.
    Exits with 0 if no answer ends elsewhere and no duty comes or goes, with 1 if one does, with 2 if a version can't be
    compared.
    """  # noqa: D301
    try:
        with open_version(old, root) as before, open_version(new, root) as after:
            versions = [read_version(*before), read_version(*after)]
    except NoProject as problem:
        raise click.UsageError(str(problem)) from problem
    if versions[0].is_file is not versions[1].is_file:
        raise click.UsageError("Compare a file with a file, or a folder with a folder.")
    for version in versions:
        show(version.findings, version.sources)
    if any(version.findings for version in versions):
        click.echo("Not compared: a version has a tree that has to be mended first.", err=True)
        sys.exit(2)
    difference = compare_versions(versions[0].version, versions[1].version)
    click.echo(json.dumps(reports.describe_difference(difference), ensure_ascii=False, indent=2) if as_json
               else reports.say_difference(difference))
    sys.exit(1 if difference.is_behaviour else 0)
