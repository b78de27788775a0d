"""The verbs of the command line.

Exit status: 0 clean, 1 findings, 2 used wrongly. Findings go to stderr.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import click

from decision_trees.authoring import findings as finding_text
from decision_trees.authoring.coverage import cover_project
from decision_trees.authoring.amendments.difference import compare_versions
from decision_trees.authoring.files import NoProject, read_configuration, read_project
from decision_trees.authoring.findings import ERROR, Finding, suggest
from decision_trees.authoring.overlaps import list_overlaps
from decision_trees.authoring.project import Project
from decision_trees.authoring.scenarios import run_scenario
from decision_trees.authoring.suggestions import suggest_scenarios, write_suggestions
from decision_trees.authoring.store import FOLDER, Store
from decision_trees.authoring.amendments.versions import open_version, read_version
from decision_trees.authoring.walk import build_walk
from decision_trees.publishing import bundle, exports, reports, whole
from decision_trees.publishing.assets import collect_assets
from decision_trees.publishing.bundle import MissingModule
from decision_trees.publishing.classic import NotConvertible
from decision_trees.publishing.courses import Options, TooLarge
from decision_trees.publishing.html import Site
from decision_trees.publishing.learning import build_package
from decision_trees.publishing.packs import describe_pack, list_packs
from decision_trees.publishing.portable import START, write_portable
from decision_trees.publishing.schema import make_schema
from decision_trees.publishing.starter import list_starter_files
from decision_trees.runtime.describe import describe
from decision_trees.runtime.engine import Asking, Rejected, advance
from decision_trees.runtime.model import Diagram

_PROJECT = click.option("--project", "root", type=click.Path(path_type=Path, file_okay=False), default=Path("."),
                        help="The folder that holds mkdocs.yml.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mkdocs-decision-trees")
def main() -> None:
    """Check, build and ask decision trees: published rules that answer back."""


@main.command()
@_PROJECT
@_JSON
@click.option("--reports", is_flag=True, help="Also show reports for review: hard questions, twin options, provisions without a tree.")
def check(root: Path, as_json: bool, reports: bool) -> None:
    """Check every page, definition and scenario."""
    project = _read(root)
    shown = [finding for finding in project.findings if reports or finding.severity == ERROR]
    if as_json:
        click.echo(json.dumps([finding_text.to_data(finding) for finding in shown], ensure_ascii=False, indent=2))
    else:
        _show(shown, project.sources)
        click.echo(_count(project))
    sys.exit(1 if project.errors else 0)


@main.command("list")
@_PROJECT
@_JSON
@click.option("--packs", "is_packs", is_flag=True, help="List the packs of workshop cards instead.")
def list_(root: Path, as_json: bool, is_packs: bool) -> None:
    """List the trees, or the packs of cards."""
    project = _read(root)
    rows = list_packs(project) if is_packs else exports.list_trees(project)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(str(row["id"])) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['id']:{width}}  {row['title'] if is_packs else row['ask']}")


@main.command()
@click.argument("tree")
@click.option("--answer", "-a", "answers", multiple=True, metavar="FACT=VALUE", help="An answer; may be repeated.")
@_PROJECT
@_JSON
def ask(tree: str, answers: tuple[str, ...], root: Path, as_json: bool) -> None:
    """Walk a tree with the answers given and say where they lead.

    Without --json and at a terminal, asks for what is missing.
    """
    diagram = _find_tree(_read(root), tree)
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


@main.command()
@_PROJECT
@_JSON
@click.option("--coverage", "is_coverage", is_flag=True, help="List what no scenario takes: states, edges, rules, duties, provisions.")
@click.option("--overlaps", "is_overlaps", is_flag=True, help="List the rules that hold for the same answers, which of them wins, and an example.")
@click.option("--suggest", "wanted", metavar="TREE", default="",
              help="Instead, print scenarios for the edges of TREE that no scenario takes: YAML to be reviewed.")
def test(root: Path, as_json: bool, is_coverage: bool, is_overlaps: bool, wanted: str) -> None:
    """Run every scenario and every card of a workshop, and say how much of the trees the scenarios take.

    A failure comes with the path that its answers take: each answer in the order of the questions, the end, and the
    rule that decides.
    """
    project = _read(root)
    if wanted:
        _print_suggestions(project, wanted, as_json)
        return
    diagrams = project.diagrams()
    known = set(project.findings)
    results = [(each, [found for found in run_scenario(each, diagrams)[1] if found in known]) for each in project.scenarios]
    failed = [(each, findings) for each, findings in results if findings]
    waiting = sum(each.tree not in diagrams and not findings for each, findings in results)
    paths = {each.span: reports.say_path(diagrams[each.tree], each.answers) for each, _ in failed if each.tree in diagrams}
    covered = cover_project(project)
    failed_cards = [finding for finding in project.findings if finding.code == "card-failed"]
    overlaps = [(id, each) for id, tree in project.trees.items() for each in list_overlaps(tree.compiled)] if is_overlaps else []
    if as_json:
        data: dict[str, object] = {
            "scenarios": len(project.scenarios), "waiting": waiting,
            "failed": [
                {**finding_text.to_data(finding), "tree": each.tree, "path": paths.get(each.span, "")}
                for each, findings in failed for finding in findings
            ],
            "cards": _count_cards(project), "failed_cards": [finding_text.to_data(finding) for finding in failed_cards],
            "coverage": {id: reports.describe_coverage(each) for id, each in covered.items()},
        }
        if is_overlaps:
            data["overlaps"] = [reports.describe_overlap(*each) for each in overlaps]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for each, findings in failed:
            _show(findings, project.sources)
            if each.span in paths:
                click.echo(f"      path: {paths[each.span]}\n", err=True)
        _show(failed_cards, project.sources)
        for id, overlap in overlaps:
            click.echo(reports.say_overlap(id, overlap))
        for said in (reports.say_missing(each) for each in covered.values() if is_coverage):
            if said:
                click.echo(said)
        click.echo(f"{_number(len(project.scenarios), 'scenario')}, {len(failed)} failed. {reports.say_coverage(covered.values())}")
        if project.packs:
            click.echo(f"{_number(_count_cards(project), 'card')}, {len(failed_cards)} failed.")
        if waiting:
            click.echo(f"{_number(waiting, 'scenario')} could not run: the tree has to be mended first, as decision-trees check says.", err=True)
    sys.exit(1 if failed or waiting or failed_cards else 0)


@main.command()
@click.argument("old")
@click.argument("new")
@_PROJECT
@_JSON
def diff(old: str, new: str, root: Path, as_json: bool) -> None:
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
        _show(version.findings, version.sources)
    if any(version.findings for version in versions):
        click.echo("Not compared: a version has a tree that has to be mended first.", err=True)
        sys.exit(2)
    difference = compare_versions(versions[0].version, versions[1].version)
    click.echo(json.dumps(reports.describe_difference(difference), ensure_ascii=False, indent=2) if as_json
               else reports.say_difference(difference))
    sys.exit(1 if difference.is_behaviour else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
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


@main.command()
def schema() -> None:
    """Print the JSON Schema of the notation, for editors.

    An editor that knows it checks a tree's YAML file while you type; the page then names the file in its fence:
    ```decision-tree file=trees/attend.yml. The site has the schema too, as /notation.schema.json.
    """
    click.echo(json.dumps(make_schema(), ensure_ascii=False, indent=2))


@main.command()
@_PROJECT
@_JSON
def coverage(root: Path, as_json: bool) -> None:
    """Say for each edition which provisions trees cite, and which need none."""
    rows = exports.list_coverage(_read(root))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['edition']}: {len(row['cited'])} of {len(row['provisions'])} provisions cited, "  # type: ignore[arg-type]
                   f"{len(row['needs-no-tree'])} need no tree, open: {' '.join(row['open']) or 'none'}")  # type: ignore[arg-type]


@main.command()
@click.argument("tree")
@click.option("--format", "form", type=click.Choice(list(whole.FORMATS)), default="outline", show_default=True,
              help="A flowchart, a map, an outline, or the decision table as Markdown or for a spreadsheet.")
@_PROJECT
def graph(tree: str, form: str, root: Path) -> None:
    """Print a whole tree."""
    project = _read(root)
    _find_tree(project, tree)
    click.echo(whole.FORMATS[form](Site(project), tree), nl=False)


@main.command()
@click.argument("pack")
@click.option("--scorm", type=click.Choice(["1.2", "2004"]), help="A package for learning platforms: SCORM 1.2, or 2004 in its 4th edition.")
@click.option("--xapi", is_flag=True, help="A package for a record store: xAPI statements.")
@click.option("--random", "is_random", is_flag=True, help="Give the cards in another order at each attempt.")
@click.option("--pass", "pass_mark", type=click.IntRange(0, 100), help="The pass mark in per cent, if not the pack's own.")
@click.option("--activity", default="", metavar="IRI", help="The address by which xAPI statements name the course.")
@click.option("--out", "-o", type=click.Path(path_type=Path, dir_okay=False), help="The file to write, if not PACK-scorm-1.2.zip or its like here.")
@_PROJECT
def workshop(
    pack: str, scorm: str | None, xapi: bool, is_random: bool, pass_mark: int | None, activity: str, out: Path | None, root: Path,
) -> None:
    """Make a package of a workshop's cards for a learning platform.

    The zip runs alone, engine and all. Which packs there are, `decision-trees list --packs` says.
    """
    if bool(scorm) == xapi:
        raise click.UsageError("Say which package is wanted: --scorm 1.2, --scorm 2004, or --xapi.")
    if activity and not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", activity):
        raise click.UsageError(f"--activity takes an absolute address like https://council.example/workshop/{pack}, not “{activity}”.")
    project = _read(root)
    if project.errors:
        _show(project.errors, project.sources)
        click.echo(f"No package was made: {_number(len(project.errors), 'finding')} to mend first.", err=True)
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
    click.echo(f"{path}: {_number(len(project.packs[pack].cards), 'card')}, {len(data) / 1_000_000:.1f} MB")


@main.command()
@_PROJECT
@click.option("--strict/--no-strict", default=True, help="Fail on warnings of MkDocs too.")
@click.option("--offline", is_flag=True, help="Also pack the site into a zip for a memory stick, beside its folder.")
def build(root: Path, strict: bool, offline: bool) -> None:
    """Build the site with MkDocs.

    With --offline the site is packed too: into a zip that works from files, without a server or a network.
    """
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    gc.disable()  # all that is read stays, and looking for garbage in it takes a sixth of the time
    try:
        config = load_config(str(root / "mkdocs.yml"), strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        build_site(config)
        if offline:
            folder = Path(config.site_dir)
            target = folder.with_name(f"{folder.name}.zip")
            size = write_portable(folder, target, config.site_name)
            click.echo(f"{target} holds the site for a memory stick, {size / 1e6:.1f} MB. Unpack it there; readers open “{START}”.")
    except (Abort, NotConvertible) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)


def _read(root: Path) -> Project:
    gc.disable()  # as above
    try:
        return read_project(read_configuration(root.resolve()), Store(root / FOLDER))
    except NoProject as problem:
        raise click.UsageError(str(problem)) from problem


def _find_tree(project: Project, name: str) -> Diagram:
    if name not in project.trees:
        raise click.UsageError(f"There is no tree “{name}”. {suggest(name, project.trees)}")
    return project.trees[name].diagram


def _print_suggestions(project: Project, id: str, as_json: bool) -> None:
    diagram = _find_tree(project, id)
    suggestions = suggest_scenarios(project.trees[id], build_walk(diagram), project.scenarios)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(suggestions), ensure_ascii=False, indent=2))
    elif not suggestions.drafts:
        click.echo("Scenarios take every edge already.", err=True)
    if suggestions.drafts and not as_json:
        click.echo(write_suggestions(diagram.tree, suggestions))


def _show(shown: Iterable[Finding], sources: Mapping[str, str]) -> None:
    for finding in shown:
        click.echo(finding_text.show(finding, sources.get(finding.span.page, "")) + "\n", err=True)


def _count(project: Project) -> str:
    provisions = sum(len(found) for found in project.provisions.values())
    counted = {"edition": len(project.editions), "provision": provisions, "tree": len(project.trees), "scenario": len(project.scenarios)}
    counted |= {"card": _count_cards(project)} if project.packs else {}
    return f"{', '.join(map(_number, counted.values(), counted))}: {_number(len(project.errors), 'error')}"


def _count_cards(project: Project) -> int:
    return sum(len(pack.cards) for pack in project.packs.values())


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _say_question(data: dict[str, object]) -> str:
    lines = [f"\n{data['ask']}"]
    if data["hint"]:
        lines.append(f"  {data['hint']}")
    for option in data["options"]:  # type: ignore[attr-defined]
        lines.append(f"  {option['name']:20} {option['label']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
