"""Changing one answer never loses a later one that still counts: over all trees, in the engine and on the compiled page."""

from __future__ import annotations

from random import Random

import pytest

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.walk import State, Walk, build_walk
from decision_trees.runtime.engine import Asking, Reached, Rejected, advance
from tests.conftest import ROOT

PROJECT = read_project(read_configuration(ROOT))
Answers = dict[str, str]
TRIES, KEPT = 40, 3
"""Random walks through a tree, and how many of the longest are then changed at every answer."""


def walk_at_random(walk: Walk, random: Random) -> list[tuple[State, Answers]]:
    """Give the states of one path to an end, each with its answer."""
    states = {state.id: state for state in walk.states}
    found, state = [], walk.states[0]
    while True:
        edge = random.choice(state.edges)
        found.append((state, dict([edge.answer])))
        if edge.is_end:
            return found
        state = states[edge.to]


def follow(walk: Walk, answers: Answers) -> tuple[str, list[str]]:
    """Follow the compiled links as a page does: where they end (a state's id or an outcome) and the answers come by."""
    states = {state.id: state for state in walk.states}
    state, used = walk.states[0], list[str]()
    while True:
        edge = next((e for e in state.edges if answers.get(e.answer[0]) == e.answer[1]), None)
        if edge is None:
            return state.id, used
        used.append(edge.answer[0])
        if edge.is_end:
            return edge.to, used
        state = states[edge.to]


def list_walks(tree: str) -> tuple[Walk, list[list[tuple[State, Answers]]]]:
    walk = build_walk(PROJECT.trees[tree].diagram)
    if not walk.states:
        return walk, []
    random = Random(tree)
    paths = {repr([answer for _, answer in path]): path for path in (walk_at_random(walk, random) for _ in range(TRIES))}
    return walk, sorted(paths.values(), key=len, reverse=True)[:KEPT]


@pytest.mark.parametrize("tree", sorted(PROJECT.trees))
def test_a_changed_answer_loses_no_other_that_still_counts(tree: str) -> None:
    diagram = PROJECT.trees[tree].diagram
    walk, paths = list_walks(tree)
    for path in paths:
        answers = {name: text for _, answer in path for name, text in answer.items()}
        before = advance(diagram, answers)
        for state, answer in path:
            for edge in state.edges:
                name, text = edge.answer
                if answer == {name: text}:
                    continue
                changed = {**answers, name: text}
                after = advance(diagram, changed)
                if isinstance(after, Rejected):  # the two contradict each other, and the reader is told which
                    assert after.problems
                    continue
                assert {*after.used, *after.unused} == set(changed), "every answer is kept, as used or as no longer needed"
                if isinstance(after, Asking):
                    assert after.fact not in changed, "what is answered is not asked again"
                needed = {each: changed[each] for each in after.used}
                again = advance(diagram, needed)
                assert type(again) is type(after), "what is no longer needed is not used in secret"
                if isinstance(after, Reached) and isinstance(again, Reached):
                    assert (again.outcome, again.duties) == (after.outcome, after.duties)
                end, used = follow(walk, changed)
                if end not in {s.id for s in walk.states} and isinstance(after, Reached):
                    assert end == after.outcome, "the page and the engine agree"
                    assert set(used) <= set(changed)
                assert advance(diagram, {**changed, **answer}) == before, "changing it back restores the whole walk"


def test_some_walks_have_eight_questions_or_more() -> None:
    assert sum(len(path) >= 8 for tree in PROJECT.trees for path in list_walks(tree)[1]) >= 3
