"""Comparisons: every topic that three editions answer, held to the trees."""

from __future__ import annotations

from itertools import product

import pytest

from decision_trees.authoring.project import Project
from decision_trees.runtime.compare import compare, make_tree, translate
from decision_trees.runtime.engine import Asking, Rejected, advance
from decision_trees.runtime.model import UNSURE
from tests.test_agreement import PROJECT

TOPICS = sorted(PROJECT.comparisons)


def test_every_topic_that_three_editions_answer_is_compared(project: Project) -> None:
    answered: dict[str, set[str]] = {}
    for published in project.trees.values():
        answered.setdefault(published.tree.topic, set()).add(published.tree.edition)
    wanted = {topic for topic, editions in answered.items() if len(editions) >= 3}
    assert wanted <= set(project.comparisons)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_first_case_ends_in_every_edition_and_they_part(topic: str) -> None:
    comparison = PROJECT.comparisons[topic].comparison
    diagrams = {e: PROJECT.trees[f"{e}/{topic}"].diagram for e in comparison.editions}
    found = compare(comparison, diagrams, dict(comparison.case))
    editions = found["editions"]
    assert isinstance(editions, dict)
    assert {e: position["position"] for e, position in editions.items()} == dict.fromkeys(comparison.editions, "reached")
    assert found["asking"] is None


@pytest.mark.parametrize("topic", TOPICS)
def test_every_edition_that_answers_is_compared_and_says_something(topic: str) -> None:
    compared = PROJECT.comparisons[topic]
    answering = {p.tree.edition for p in PROJECT.trees.values() if p.tree.topic == topic}
    assert set(compared.comparison.editions) == answering
    for edition in answering:
        assert any(edition in point.said for point in compared.points), edition


@pytest.mark.parametrize("topic", TOPICS)
def test_a_walk_through_the_union_ends_whatever_is_answered_first(topic: str) -> None:
    """Answer each question of the union with its first, then its last option: every edition ends, nothing is rejected."""
    comparison = PROJECT.comparisons[topic].comparison
    diagrams = {e: PROJECT.trees[f"{e}/{topic}"].diagram for e in comparison.editions}
    for choice in (0, -1):
        answers: dict[str, str] = {}
        for _ in range(80):
            asking = compare(comparison, diagrams, answers)["asking"]
            if asking is None:
                break
            assert isinstance(asking, dict)
            options = [option["name"] for option in asking["options"]]
            answers[asking["fact"]] = options[choice] if options else "2026-11-20" if asking["kind"] == "date" else "3"
        else:
            pytest.fail(f"still asking after 80 answers: {answers}")
        for edition in comparison.editions:
            position = advance(diagrams[edition], translate(comparison, edition, answers))
            assert not isinstance(position, (Asking, Rejected)), (edition, answers, position)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_shared_answer_becomes_an_answer_that_the_edition_takes(topic: str) -> None:
    comparison = PROJECT.comparisons[topic].comparison
    tree = make_tree(comparison)
    for fact, edition in product(tree.facts, comparison.editions):
        diagram = PROJECT.trees[f"{edition}/{topic}"].diagram
        for text in [*(option.name for option in fact.options), UNSURE]:
            own = translate(comparison, edition, {fact.name: text})
            assert not isinstance(advance(diagram, own), Rejected), (edition, fact.name, text, own)
