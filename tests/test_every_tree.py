"""The project's own trees: the engine and the rules as written agree, and no answer is lost when another changes."""

from __future__ import annotations

import random
from functools import cache

import pytest

from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.runtime.answers import write_answer
from decision_trees.runtime.engine import Asking, Position, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram, Fact
from tests.conftest import ROOT
from tests.naive import read_rules
from tests.test_properties import HOLIDAYS

PROJECT = read_project(read_configuration(ROOT))
WALKS = 5
TREES = sorted(PROJECT.trees)


@cache
def list_values(tree: str, name: str) -> tuple[str, ...]:
    """List answers to a question: every option; of a quantity both sides of every cut, the ends, and some between."""
    diagram = PROJECT.trees[tree].diagram
    fact = diagram.tree.fact_of.get(name)
    if fact is None:
        return ("yes", "no")
    chance = random.Random(name)
    options = [option.name for option in fact.options]
    if fact.kind == "choice":
        return tuple(options)
    if fact.kind == "many":
        some = [",".join(o for o in options if chance.random() < 0.4) for _ in range(6)]
        return ("none", *options, *(each for each in some if each), ",".join(options))
    ends = {fact.low, fact.high}
    for variable in diagram.variables:
        if variable.fact == name:
            ends |= {end + move for low, high in variable.spans for end in (low, high) for move in (0, -fact.step, fact.step)}
    near = chance.randrange(fact.low, fact.high + 1)
    ends |= {near + move * fact.step for move in (0, 1, 5, 14, 20, 30)}
    return tuple(dict.fromkeys(_write(fact, value) for value in sorted(ends) if fact.low <= value <= fact.high))


def _write(fact: Fact, value: int) -> str:
    value -= (value - fact.low) % fact.step
    return write_answer(fact, (value, value))


def walk(diagram: Diagram, chance: random.Random) -> tuple[dict[str, str], Position]:
    """Answer at random until nothing is asked any more."""
    answers: dict[str, str] = {}
    position = advance(diagram, answers)
    while isinstance(position, Asking):
        answers[position.fact] = chance.choice(list_values(diagram.tree.id, position.fact))
        position = advance(diagram, answers)
    return answers, position


@pytest.mark.parametrize("tree", TREES)
def test_the_engine_decides_as_the_rules_read(tree: str) -> None:
    published = PROJECT.trees[tree]
    rules = read_rules(published.parsed.definition.text, HOLIDAYS)
    chance = random.Random(tree)
    for _ in range(20):
        answers = {fact.name: chance.choice(list_values(tree, fact.name)) for fact in published.tree.facts}
        position = advance(published.diagram, answers)
        assert isinstance(position, Rejected) is rules.is_rejected(answers), answers
        if isinstance(position, Rejected):
            continue
        outcome, _ = rules.decide(answers)
        assert isinstance(position, Reached), answers
        assert position.outcome == outcome, answers
        assert {due.number for due in position.duties if due.certain} == rules.list_duties(answers, outcome), answers


@pytest.mark.parametrize("tree", TREES)
def test_changing_one_answer_loses_none_and_changing_it_back_restores_all(tree: str) -> None:
    diagram = PROJECT.trees[tree].diagram
    chance = random.Random(tree)
    for _ in range(WALKS):
        answers, position = walk(diagram, chance)
        for name in answers:
            for value in list_values(tree, name)[:8]:
                changed = {**answers, name: value}
                elsewhere = advance(diagram, changed)
                if not isinstance(elsewhere, Rejected):
                    assert {*elsewhere.used, *elsewhere.unused} == set(answers), (changed, elsewhere)
                assert advance(diagram, {**changed, name: answers[name]}) == position
