"""Reports for the terminal and as data: what a version changes, what scenarios take, which rules overlap."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from decision_trees.authoring.amendments.common_space import End, Witness
from decision_trees.authoring.coverage import Coverage, list_deciding
from decision_trees.authoring.amendments.difference import ProjectDifference, ProvisionChange, TreeDifference
from decision_trees.authoring.overlaps import Overlap
from decision_trees.authoring.amendments.rewording import NameChange
from decision_trees.authoring.walk import build_walk, follow
from decision_trees.publishing.urls import tree_url
from decision_trees.runtime.answers import read_answers
from decision_trees.runtime.engine import Asking, Open, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram

Row = dict[str, object]


def write_command(tree: str, answers: Mapping[str, str]) -> str:
    """Write answers as a command that walks them."""
    return " ".join(["decision-trees ask", tree, *(f"--answer {name}={text}" for name, text in answers.items())])


def write_link(tree: str, answers: Mapping[str, str]) -> str:
    """Write answers as a link to the tree's page, from the site's root."""
    return f"/{tree_url(tree)}#" + "&".join(f"{name}={text}" for name, text in answers.items())


# Differences -------------------------------------------------------------------------


def describe_difference(difference: ProjectDifference) -> Row:
    """Give a difference as data. Every witness has its answers, its command and its link, by version."""
    return {
        "behaviour": difference.is_behaviour, "added": list(difference.added), "removed": list(difference.removed),
        "trees": [_describe_tree(tree) for tree in difference.trees],
        "provisions": [dataclasses.asdict(change) for change in difference.provisions],
    }


def _describe_tree(tree: TreeDifference) -> Row:
    return {
        "id": tree.id, "ask": tree.ask, "behaviour": tree.is_behaviour,
        "ends": [
            {"old": dataclasses.asdict(change.old), "new": dataclasses.asdict(change.new),
             "witness": _describe_witness(tree.id, change.witness), "lost": list(change.lost), "gained": list(change.gained)}
            for change in tree.ends
        ],
        "duties": [
            {"say": change.say, "comes": change.comes, "witness": _describe_witness(tree.id, change.witness)} for change in tree.duties
        ],
        "unsettled": list(tree.unsettled), "names": [dataclasses.asdict(change) for change in tree.names],
        "texts": [dataclasses.asdict(change) for change in tree.texts],
        "cited": list(tree.cited), "uncited": list(tree.uncited), "rewritten": tree.is_rewritten,
    }


def _describe_witness(tree: str, witness: Witness) -> Row:
    return {
        version: {"answers": dict(answers), "command": write_command(tree, answers), "link": write_link(tree, answers)}
        for version, answers in (("old", witness.old), ("new", witness.new))
    }


def say_difference(difference: ProjectDifference) -> str:
    """Say a difference for a terminal: behaviour first, then words."""
    lines = [f"Tree added: {id}" for id in difference.added] + [f"Tree removed: {id}" for id in difference.removed]
    for tree in difference.trees:
        lines += ["", *_say_tree(tree)]
    lines += ["", *(line for change in difference.provisions for line in _say_provision(change))]
    behaving = sum(tree.is_behaviour for tree in difference.trees) + len(difference.added) + len(difference.removed)
    count = len(difference.trees) + len(difference.added) + len(difference.removed)
    lines += ["", f"{_count(count, 'tree')} changed, {behaving} in behaviour; {_count(len(difference.provisions), 'provision')} changed"]
    return "\n".join(lines).strip("\n").replace("\n\n\n", "\n\n")


def _say_tree(tree: TreeDifference) -> Iterator[str]:
    yield f"{tree.id}: {tree.ask}"
    for end in tree.ends:
        yield f"  Ends elsewhere: {_say_end(end.old)} -> {_say_end(end.new)}"
        yield from _say_witness(tree.id, end.witness)
        yield from (f"    no longer: {say}" for say in end.lost)
        yield from (f"    and now: {say}" for say in end.gained)
    for duty in tree.duties:
        yield f"  A duty {'comes' if duty.comes else 'goes'}: {duty.say}"
        yield from _say_witness(tree.id, duty.witness)
    yield from (f"  Unsettled: {say}" for say in tree.unsettled)
    yield from (f"  {_say_name(change)}" for change in tree.names)
    for text in tree.texts:
        yield f"  Text of {text.what}, {text.key}:"
        yield from (f"    {mark} {words}" for mark, words in (("-", text.old), ("+", text.new)) if words)
    if tree.cited:
        yield f"  Now cites {', '.join(tree.cited)}"
    if tree.uncited:
        yield f"  No longer cites {', '.join(tree.uncited)}"
    if tree.is_rewritten and not tree.is_behaviour:
        yield "  Its rules are written in another way, to the same effect"


def _say_end(end: End) -> str:
    return f"{end.outcome} ({end.verdict})" if end.outcome else "rejected, or not to be answered"


def _say_witness(tree: str, witness: Witness) -> Iterator[str]:
    for version, answers in (("old: ", witness.old), ("new: ", witness.new)) if witness.old != witness.new else (("", witness.new),):
        yield f"    {version}{write_command(tree, answers)}"
        yield f"    {version}{write_link(tree, answers)}"


def _say_name(change: NameChange) -> str:
    what = change.kind.capitalize()
    if change.old and change.new:
        return f"{what} renamed: {change.old} -> {change.new}"
    return f"{what} added: {change.new}" if change.new else f"{what} removed: {change.old}"


def _say_provision(change: ProvisionChange) -> Iterator[str]:
    done = "changed" if change.old and change.new else "added" if change.new else "removed"
    trees = f"; cited by {', '.join(change.trees)}" if change.trees else ""
    yield f"Provision {done}: {change.edition} {change.provision}{trees}"
    yield from (f"    {mark} {words}" for mark, words in (("-", change.old), ("+", change.new)) if words)


# Scenarios ---------------------------------------------------------------------------


def say_path(diagram: Diagram, answers: Mapping[str, str]) -> str:
    """Say in a line which way answers take through the walk, where they end, and by which rule."""
    steps = ["=".join(edge.answer) for _, edge in follow(build_walk(diagram), diagram, answers)]
    match position := advance(diagram, answers):
        case Reached(outcome):
            scope = diagram.tree.scope(read_answers(diagram.tree, answers).values)
            rules = list_deciding(diagram.tree.rules, scope)
            end = f"{outcome} ({diagram.tree.outcome_of[outcome].verdict}{f', by rule {rules[-1].number}' if rules else ''})"
        case Asking(fact):
            end = f"asks for {fact}"
        case Open(fact):
            end = f"open at {fact}"
        case Rejected():
            return "rejected: " + " ".join(problem.say for problem in position.problems)
    return " -> ".join([*steps, end])


def describe_coverage(coverage: Coverage) -> Row:
    """Give what the scenarios of a tree take and miss as data."""
    return {
        "scenarios": coverage.scenarios,
        **{name: {"taken": len(part.taken), "missing": list(part.missing)} for name, part in coverage.parts.items()},
        "examples": {edge: dict(answers) for edge, answers in coverage.examples.items()},
    }


def say_coverage(coverages: Iterable[Coverage]) -> str:
    """Say in a line how much of all trees the scenarios take."""
    rows = list(coverages)
    said = []
    for name in rows[0].parts if rows else ():
        taken = sum(len(row.parts[name].taken) for row in rows)
        said.append(f"{taken} of {taken + sum(len(row.parts[name].missing) for row in rows)} {name}")
    return f"They take {', '.join(said)}." if said else "There is no tree."


def say_missing(coverage: Coverage) -> str:
    """List what the scenarios of a tree miss; nothing if they miss nothing."""
    lines = []
    for name, part in coverage.parts.items():
        for each in part.missing:
            example = coverage.examples.get(each) if name == "edges" else None
            lines.append(f"  no scenario takes {_ONE[name]} {each}" + (f"   {write_command(coverage.tree, example)}" if example else ""))
    return "\n".join([coverage.tree, *lines]) if lines else ""


_ONE = {"states": "state", "edges": "edge", "rules": "rule", "duties": "duty", "provisions": "provision"}


def describe_overlap(tree: str, overlap: Overlap) -> Row:
    """Give an overlap of two rules as data."""
    return {"tree": tree, **dataclasses.asdict(overlap), "command": write_command(tree, overlap.answers),
            "link": write_link(tree, overlap.answers)}


def say_overlap(tree: str, overlap: Overlap) -> str:
    """Say in two lines which of two rules wins, with an example."""
    return (f"{tree}: rule {overlap.winner} ({overlap.outcome}) wins over rule {overlap.other}\n"
            f"    {write_command(tree, overlap.answers)}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
