"""Scenarios for the edges of a walk that no scenario takes yet: drafts, which somebody must hold against the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import yaml

from decision_trees.authoring.coverage import Step
from decision_trees.authoring.project import PublishedTree
from decision_trees.authoring.scenarios import Scenario
from decision_trees.authoring.walk import Edge, State, Walk, follow
from decision_trees.authoring.witness import Memo, fill_values, settle_values, write_values
from decision_trees.runtime.answers import read_answers, say_answer
from decision_trees.runtime.engine import Asking, Reached, advance
from decision_trees.runtime.model import NONE, Tree

MANY_WAYS = 300
"""Ways through an edge that are tried before it is taken for impossible."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A draft: answers, and where the tree takes them now."""

    story: str
    answers: Mapping[str, str]
    outcome: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Drafts that take every edge not yet taken, and the edges that no answers were found for."""

    drafts: tuple[Suggestion, ...]
    impossible: tuple[Step, ...]


def suggest_scenarios(published: PublishedTree, walk: Walk, scenarios: Iterable[Scenario]) -> Suggestions:
    """Draft scenarios until every edge is taken, each through as many open edges as its way allows."""
    diagram = published.diagram
    own = [scenario.answers for scenario in scenarios if scenario.tree == published.tree.id]
    left = {(state.id, edge.answer): None for state in walk.states for edge in state.edges}
    for answers in own:
        _take(left, walk, published, answers)
    if not walk.states:
        return Suggestions(() if own else (Suggestion("", {}, walk.only),), ())
    drafts: list[Suggestion] = []
    impossible: list[Step] = []
    memo: Memo = {}
    while left:
        target = next(iter(left))
        for way in islice(_list_ways(walk, target, left), MANY_WAYS):
            draft = _find_answers(published, way, memo)
            position = advance(diagram, draft or {})
            if draft is not None and isinstance(position, Reached):
                _take(left, walk, published, draft)
                if target not in left:
                    drafts.append(Suggestion(_tell(published.tree, draft), draft, position.outcome))
                    break
        else:
            del left[target]
            impossible.append((target[0], "=".join(target[1])))
    return Suggestions(tuple(drafts), tuple(impossible))


def write_suggestions(tree: Tree, suggestions: Suggestions) -> str:
    """Write drafts as the YAML of a scenarios fence."""
    cases = [
        {"story": draft.story,
         "answers": _Answers({name: _part_answer(tree, name, text) for name, text in draft.answers.items()}),
         "outcome": draft.outcome}
        for draft in suggestions.drafts
    ]
    lines = [
        "# Drafts. Each says where the tree leads now: check that the protocol leads there, then tell the story.",
        *(f"# No answers were found that take {edge} at {state}." for state, edge in suggestions.impossible),
        yaml.dump({"tree": tree.topic, "cases": cases}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110),
    ]
    return "\n".join(lines).rstrip("\n")


class _Answers(dict[str, object]):
    """Answers, which stand on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)  # lists are set in, as authors write them


_Dumper.add_representer(_Answers, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True))
_Left = dict[tuple[str, tuple[str, str]], None]


def _take(left: _Left, walk: Walk, published: PublishedTree, answers: Mapping[str, str]) -> None:
    for state, edge in follow(walk, published.diagram, answers):
        left.pop((state.id, edge.answer), None)


def _list_ways(walk: Walk, target: tuple[str, tuple[str, str]], left: _Left) -> Iterator[list[Edge]]:
    """List the ways from the first state through the target to an end: short before it, and along open edges after it."""
    states = {state.id: state for state in walk.states}
    order = {state.id: place for place, state in enumerate(walk.states)}
    leads = {target[0]}
    while more := {s.id for s in walk.states if s.id not in leads and any(e.to in leads for e in s.edges)}:
        leads |= more

    def before(state: str) -> Iterator[list[Edge]]:
        if state == target[0]:
            yield []
        for edge in sorted(states[state].edges, key=lambda e: order.get(e.to, -1), reverse=True) if state != target[0] else ():
            if edge.to in leads:
                yield from ([edge, *rest] for rest in before(edge.to))

    def after(edge: Edge) -> Iterator[list[Edge]]:
        if edge.is_end:
            yield []
            return
        state: State = states[edge.to]
        for each in sorted(state.edges, key=lambda e: (state.id, e.answer) not in left):
            yield from ([each, *rest] for rest in after(each))

    edge = next(edge for edge in states[target[0]].edges if edge.answer == target[1])
    for head in before(walk.states[0].id):
        for tail in islice(after(edge), 10):
            yield [*head, edge, *tail]


def _find_answers(published: PublishedTree, way: list[Edge], memo: Memo) -> dict[str, str] | None:
    """Give answers for a way, with what the outcome's text and duties still ask for filled in."""
    tree = published.tree
    known: dict[str, object] = {}
    for edge in way:
        known |= read_answers(tree, dict([edge.answer])).values
    values = settle_values(known, [tree], memo).values
    if values is None:
        return None
    plain = fill_values(values, [tree])
    while isinstance(position := advance(published.diagram, write_values(values, [tree])), Asking) and position.fact in plain:
        values = {**values, position.fact: plain[position.fact]}
    return write_values(values, [tree])


def _tell(tree: Tree, answers: Mapping[str, str]) -> str:
    """Tell the case in the words of the questions and their answers."""
    values = read_answers(tree, answers).values
    return " ".join(f"{tree.fact_of[name].ask} {say_answer(tree.fact_of[name], values[name]).rstrip('.')}." for name in answers)


def _part_answer(tree: Tree, name: str, text: str) -> object:
    return text.split(",") if tree.fact_of[name].kind == "many" and text != NONE else text
