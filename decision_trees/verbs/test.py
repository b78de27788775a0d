"""Run every scenario."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import click

from decision_trees.authoring import findings as finding_text
from decision_trees.authoring.coverage import cover_project
from decision_trees.authoring.overlaps import list_overlaps
from decision_trees.authoring.project import Project
from decision_trees.authoring.scenarios import run_scenario
from decision_trees.authoring.suggestions import suggest_scenarios, write_suggestions
from decision_trees.authoring.walk import build_walk
from decision_trees.publishing import reports
from decision_trees.verbs.terminal import JSON, PROJECT, count_cards, find_tree, read, say_number, show


@click.command("test")
@PROJECT
@JSON
@click.option("--coverage", "is_coverage", is_flag=True, help="List what no scenario takes: states, edges, rules, duties, provisions.")
@click.option("--overlaps", "is_overlaps", is_flag=True, help="List the rules that hold for the same answers, which of them wins, and an example.")
@click.option("--suggest", "wanted", metavar="TREE", default="",
              help="Instead, print scenarios for the edges of TREE that no scenario takes: YAML to be reviewed.")
def verb(root: Path, as_json: bool, is_coverage: bool, is_overlaps: bool, wanted: str) -> None:
    """Run every scenario and every card of a workshop, and say how much of the trees the scenarios take.

    A failure comes with the path that its answers take: each answer in the order of the questions, the end, and the
    rule that decides.
    """
    project = read(root)
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
            "cards": count_cards(project), "failed_cards": [finding_text.to_data(finding) for finding in failed_cards],
            "coverage": {id: reports.describe_coverage(each) for id, each in covered.items()},
        }
        if is_overlaps:
            data["overlaps"] = [reports.describe_overlap(*each) for each in overlaps]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for each, findings in failed:
            show(findings, project.sources)
            if each.span in paths:
                click.echo(f"      path: {paths[each.span]}\n", err=True)
        show(failed_cards, project.sources)
        for id, overlap in overlaps:
            click.echo(reports.say_overlap(id, overlap))
        for said in (reports.say_missing(each) for each in covered.values() if is_coverage):
            if said:
                click.echo(said)
        click.echo(f"{say_number(len(project.scenarios), 'scenario')}, {len(failed)} failed. {reports.say_coverage(covered.values())}")
        if project.packs:
            click.echo(f"{say_number(count_cards(project), 'card')}, {len(failed_cards)} failed.")
        if waiting:
            click.echo(f"{say_number(waiting, 'scenario')} could not run: the tree has to be mended first, as decision-trees check says.", err=True)
    sys.exit(1 if failed or waiting or failed_cards else 0)


def _print_suggestions(project: Project, id: str, as_json: bool) -> None:
    diagram = find_tree(project, id)
    suggestions = suggest_scenarios(project.trees[id], build_walk(diagram), project.scenarios)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(suggestions), ensure_ascii=False, indent=2))
    elif not suggestions.drafts:
        click.echo("Scenarios take every edge already.", err=True)
    if suggestions.drafts and not as_json:
        click.echo(write_suggestions(diagram.tree, suggestions))
