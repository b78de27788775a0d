"""Make a package for a learning platform."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from decision_trees.authoring.files import read_configuration
from decision_trees.authoring.findings import suggest
from decision_trees.publishing import bundle
from decision_trees.publishing.assets import collect_assets
from decision_trees.publishing.bundle import MissingModule
from decision_trees.publishing.courses import Options, TooLarge
from decision_trees.publishing.html import Site
from decision_trees.publishing.learning import build_package
from decision_trees.publishing.packs import describe_pack
from decision_trees.verbs.terminal import PROJECT, read, say_number, show


@click.command("workshop")
@click.argument("pack")
@click.option("--scorm", type=click.Choice(["1.2", "2004"]), help="A package for learning platforms: SCORM 1.2, or 2004 in its 4th edition.")
@click.option("--xapi", is_flag=True, help="A package for a record store: xAPI statements.")
@click.option("--random", "is_random", is_flag=True, help="Give the cards in another order at each attempt.")
@click.option("--pass", "pass_mark", type=click.IntRange(0, 100), help="The pass mark in per cent, if not the pack's own.")
@click.option("--activity", default="", metavar="IRI", help="The address by which xAPI statements name the course.")
@click.option("--out", "-o", type=click.Path(path_type=Path, dir_okay=False), help="The file to write, if not PACK-scorm-1.2.zip or its like here.")
@PROJECT
def verb(
    pack: str, scorm: str | None, xapi: bool, is_random: bool, pass_mark: int | None, activity: str, out: Path | None, root: Path,
) -> None:
    """Make a package of a workshop's cards for a learning platform.

    The zip runs alone, engine and all. Which packs there are, `decision-trees list --packs` says.
    """
    if bool(scorm) == xapi:
        raise click.UsageError("Say which package is wanted: --scorm 1.2, --scorm 2004, or --xapi.")
    if activity and not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", activity):
        raise click.UsageError(f"--activity takes an absolute address like https://council.example/workshop/{pack}, not “{activity}”.")
    project = read(root)
    if project.errors:
        show(project.errors, project.sources)
        click.echo(f"No package was made: {say_number(len(project.errors), 'finding')} to mend first.", err=True)
        sys.exit(1)
    if pack not in project.packs:
        raise click.UsageError(f"There is no pack “{pack}”. {suggest(pack, project.packs) or 'This project has no packs.'}")
    options = Options("xapi" if xapi else f"scorm{(scorm or '').replace('.', '')}", is_random, pass_mark, activity)
    modules = str(read_configuration(root.resolve()).options.get("modules", "node_modules"))
    try:
        assets = collect_assets(root / modules, root / bundle.CACHE)
        site = Site(project, assets=assets.names)
        data = build_package(site, assets, describe_pack(site, project.packs[pack], "./"), options)
    except (MissingModule, TooLarge) as problem:
        raise click.UsageError(str(problem)) from problem
    path = out or Path(f"{pack}-{'xapi' if xapi else f'scorm-{scorm}'}.zip")
    path.write_bytes(data)
    click.echo(f"{path}: {say_number(len(project.packs[pack].cards), 'card')}, {len(data) / 1_000_000:.1f} MB")
