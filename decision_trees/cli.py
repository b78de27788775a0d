"""The verbs of the command line.

Exit status: 0 clean, 1 findings, 2 used wrongly. Findings go to stderr.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from decision_trees.authoring import findings as finding_text
from decision_trees.authoring.files import NoProject, read_configuration, read_project
from decision_trees.authoring.findings import ERROR, Finding, suggest
from decision_trees.authoring.project import Project
from decision_trees.publishing import exports, whole
from decision_trees.publishing.html import Site
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
        _show(shown, project)
        click.echo(_count(project))
    sys.exit(1 if project.errors else 0)


@main.command("list")
@_PROJECT
@_JSON
def list_(root: Path, as_json: bool) -> None:
    """List the trees."""
    rows = exports.list_trees(_read(root))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(str(row["id"])) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['id']:{width}}  {row['ask']}")


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
def test(root: Path, as_json: bool) -> None:
    """Run every scenario."""
    project = _read(root)
    failed = [finding for finding in project.findings if finding.code in ("scenario-failed", "unknown-tree")]
    if as_json:
        click.echo(json.dumps({"scenarios": len(project.scenarios),
                               "failed": [finding_text.to_data(finding) for finding in failed]}, ensure_ascii=False, indent=2))
    else:
        _show(failed, project)
        click.echo(f"{len(project.scenarios)} scenarios, {len({f.span for f in failed})} failed")
    sys.exit(1 if failed else 0)


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
@_PROJECT
@click.option("--strict/--no-strict", default=True, help="Fail on warnings of MkDocs too.")
def build(root: Path, strict: bool) -> None:
    """Build the site with MkDocs."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        config = load_config(str(root / "mkdocs.yml"), strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        build_site(config)
    except Abort as abort:
        click.echo(str(abort), err=True)
        sys.exit(1)


def _read(root: Path) -> Project:
    try:
        return read_project(read_configuration(root.resolve()))
    except NoProject as problem:
        raise click.UsageError(str(problem)) from problem


def _find_tree(project: Project, name: str) -> Diagram:
    if name not in project.trees:
        raise click.UsageError(f"There is no tree “{name}”. {suggest(name, project.trees)}")
    return project.trees[name].diagram


def _show(shown: Iterable[Finding], project: Project) -> None:
    for finding in shown:
        click.echo(finding_text.show(finding, project.sources.get(finding.span.page, "")) + "\n", err=True)


def _count(project: Project) -> str:
    provisions = sum(len(found) for found in project.provisions.values())
    return (f"{len(project.editions)} editions, {provisions} provisions, {len(project.trees)} trees, "
            f"{len(project.scenarios)} scenarios: {len(project.errors)} errors")


def _say_question(data: dict[str, object]) -> str:
    lines = [f"\n{data['ask']}"]
    if data["hint"]:
        lines.append(f"  {data['hint']}")
    for option in data["options"]:  # type: ignore[attr-defined]
        lines.append(f"  {option['name']:20} {option['label']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
