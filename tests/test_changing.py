"""Changing one answer never loses a later one that still counts: over all trees, in the engine and on the compiled page.

A walk's states forget the answers that led to them, so what comes after a change depends on the state, the new answer and
the later ones, and not on the way there. Each state is therefore come to by one path, and there each answer is changed into
each other, with the longest rest of a walk behind it. That work grows with the states. Where a tree has few paths, every
change of every one of them is tried as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.walk import Edge, State, Walk, build_walk, list_paths
from decision_trees.runtime.engine import Asking, Position, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram
from tests.conftest import ROOT

PROJECT = read_project(read_configuration(ROOT))
WALKS = {id: build_walk(each.diagram) for id, each in PROJECT.trees.items()}
Answers = dict[str, str]
FEW = 200
"""Paths of a tree of which every one is tried."""


def find_ways(walk: Walk) -> dict[str, list[Edge]]:
    """Give for each state the edges of one shortest path to it."""
    states = {state.id: state for state in walk.states}
    ways: dict[str, list[Edge]] = {walk.states[0].id: []}
    todo = [walk.states[0].id]
    for id in todo:
        for edge in states[id].edges:
            if not edge.is_end and edge.to not in ways:
                ways[edge.to] = [*ways[id], edge]
                todo.append(edge.to)
    return ways


def find_rests(walk: Walk) -> dict[str, list[Edge]]:
    """Give for each state the edges of one longest path from it to an end."""
    states = {state.id: state for state in walk.states}
    rests: dict[str, list[Edge]] = {}
    todo = [walk.states[0].id]
    while todo:
        missing = [edge.to for edge in states[todo[-1]].edges if not edge.is_end and edge.to not in rests]
        if missing:
            todo += missing
            continue
        state = states[todo.pop()]
        rests[state.id] = max(([edge, *(() if edge.is_end else rests[edge.to])] for edge in state.edges), key=len)
    return rests


def list_changes(walk: Walk) -> Iterator[tuple[Answers, tuple[str, str]]]:
    """List walks to an end, each with one of its answers changed."""
    states = {state.id: state for state in walk.states}
    rests = find_rests(walk)
    for id, way in find_ways(walk).items():
        for edge in states[id].edges:
            answers = dict(each.answer for each in [*way, edge, *(() if edge.is_end else rests[edge.to])])
            yield from ((answers, other.answer) for other in states[id].edges if other is not edge)
    if count_paths(walk) <= FEW:
        for answers, _ in list_paths(walk):
            for state, edge in follow(walk, answers)[1]:
                yield from ((answers, other.answer) for other in state.edges if other is not edge)


def count_paths(walk: Walk) -> int:
    counts: dict[str, int] = {}
    states = {state.id: state for state in walk.states}
    todo = [walk.states[0].id]
    while todo:
        missing = [edge.to for edge in states[todo[-1]].edges if not edge.is_end and edge.to not in counts]
        if missing:
            todo += missing
            continue
        state = states[todo.pop()]
        counts[state.id] = sum(1 if edge.is_end else counts[edge.to] for edge in state.edges)
    return counts[walk.states[0].id]


def follow(walk: Walk, answers: Answers) -> tuple[str, list[tuple[State, Edge]]]:
    """Follow the compiled links as a page does: where they end (a state's id or an outcome) and the steps to there."""
    states = {state.id: state for state in walk.states}
    state, steps = walk.states[0], list[tuple[State, Edge]]()
    while True:
        edge = next((e for e in state.edges if answers.get(e.answer[0]) == e.answer[1]), None)
        if edge is None:
            return state.id, steps
        steps.append((state, edge))
        if edge.is_end:
            return edge.to, steps
        state = states[edge.to]


class Engine:
    """The engine, each set of answers put to it once."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.known: dict[tuple[tuple[str, str], ...], Position] = {}

    def ask(self, answers: Answers) -> Position:
        key = tuple(answers.items())
        if key not in self.known:
            self.known[key] = advance(self.diagram, answers)
        return self.known[key]


@pytest.mark.parametrize("tree", sorted(PROJECT.trees))
def test_a_changed_answer_loses_no_other_that_still_counts(tree: str) -> None:
    walk, engine = WALKS[tree], Engine(PROJECT.trees[tree].diagram)
    ids = {state.id for state in walk.states}
    changes = list(list_changes(walk)) if walk.states else []
    assert len(changes) >= sum(len(state.edges) * (len(state.edges) - 1) for state in walk.states), "every change at every state"
    for answers, (name, text) in changes:
        changed = {**answers, name: text}
        after = engine.ask(changed)
        if isinstance(after, Rejected):  # the two contradict each other, and the reader is told which
            assert after.problems
            continue
        assert {*after.used, *after.unused} == set(changed), "every answer is kept, as used or as no longer needed"
        if isinstance(after, Asking):
            assert after.fact not in changed, "what is answered is not asked again"
        again = engine.ask({each: changed[each] for each in after.used})
        assert type(again) is type(after), "what is no longer needed is not used in secret"
        if isinstance(after, Reached) and isinstance(again, Reached):
            assert (again.outcome, again.duties) == (after.outcome, after.duties)
        end, steps = follow(walk, changed)
        if end not in ids and isinstance(after, Reached):
            assert end == after.outcome, "the page and the engine agree"
        assert {edge.answer[0] for _, edge in steps} <= set(changed)


@pytest.mark.parametrize("tree", sorted(PROJECT.trees))
def test_a_kept_answer_is_taken_wherever_it_is_asked_for(tree: str) -> None:
    """So whichever way a change leads, a question that was answered is passed, whatever was answered to it."""
    for state in WALKS[tree].states:
        values = [edge.answer[1] for edge in state.edges]
        assert len(values) == len(set(values)), "an answer takes one link, not two"
        variable = state.variable
        if variable.kind == "choice":
            assert sorted(values) == sorted(variable.options)
        elif variable.kind == "interval":
            assert values[0].startswith("..") and values[-1].endswith(".."), "from the least to the most"  # noqa: PT018
        else:
            assert sorted(values) == ["no", "yes"]


def test_some_walks_have_eight_questions_or_more() -> None:
    assert sum(len(rest) >= 8 for walk in WALKS.values() if walk.states for rest in [find_rests(walk)[walk.states[0].id]]) >= 3
