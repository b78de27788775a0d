"""Two versions of a tree differ where they do, nowhere else, and every difference is shown by answers that prove it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_trees.authoring.amendments.common_space import REJECTED, End
from decision_trees.authoring.compiler import BUDGET, compile_tree, freeze
from decision_trees.authoring.amendments.difference import (
    ProjectDifference, TreeDifference, Version, compare_trees, compare_versions, find_end,
)
from decision_trees.authoring.files import read_configuration, read_project
from decision_trees.authoring.notation import Parsed
from decision_trees.authoring.project import PublishedTree
from decision_trees.authoring.walk import build_walk, list_paths
from decision_trees.publishing.reports import say_difference
from decision_trees.runtime.engine import Reached, advance
from decision_trees.runtime.model import Tree
from tests import strategies
from tests.conftest import ROOT
from tests.making import ENGLAND, publish
from tests.naive import Rules, read_rules
from tests.strategies import Case

PROJECT = read_project(read_configuration(ROOT))
FOLDER = Path(__file__).resolve().parent / "differences"
CASES = sorted(path.stem for path in FOLDER.glob("*.yml") if not path.name.endswith(".tree.yml"))
HOLIDAYS = frozenset(date.fromordinal(day) for day in ENGLAND.holidays)


def publish_tree(parsed: Parsed, tree: Tree) -> PublishedTree:
    compiled = compile_tree(tree)
    return PublishedTree(replace(parsed, tree=tree), compiled, freeze(compiled))


def check_proofs(difference: TreeDifference, old: PublishedTree, new: PublishedTree) -> None:
    """Walk every witness on both versions: it must show what it stands for."""
    for change in difference.ends:
        assert find_end(old.diagram, advance(old.diagram, change.witness.old)) == change.old
        assert find_end(new.diagram, advance(new.diagram, change.witness.new)) == change.new
        assert change.old != change.new
    for duty in difference.duties:
        positions = advance(old.diagram, duty.witness.old), advance(new.diagram, duty.witness.new)
        certain = [isinstance(p, Reached) and duty.say in [due.say for due in p.duties if due.certain] for p in positions]
        assert certain == [not duty.comes, duty.comes], duty


# Cases as files -------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_the_report_says_what_an_edit_changes(name: str) -> None:
    case = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    text = (FOLDER / f"{case['base']}.tree.yml").read_text(encoding="utf-8")
    old = publish(text)
    for before, after in case["edits"]:
        assert before in text
        text = text.replace(before, after)
    new = publish(text)
    difference = compare_trees(old, new, BUDGET)
    check_proofs(difference, old, new)
    report = say_difference(ProjectDifference((), (), () if difference.is_empty else (difference,), ()))
    assert report + "\n" == case["report"]


# The project's own trees ------------------------------------------------------------------


@pytest.mark.parametrize("id", sorted(PROJECT.trees))
def test_a_tree_does_not_differ_from_itself(id: str) -> None:
    assert compare_trees(PROJECT.trees[id], PROJECT.trees[id], BUDGET).is_empty


def list_edits(tree: Tree) -> Iterator[Tree]:
    """List versions of a tree with one thing different: another end, a rule less, two rules in the other order, ..."""
    names = [outcome.name for outcome in tree.outcomes]
    rules, outcomes, duties = tree.rules, tree.outcomes, tree.duties
    for i, rule in enumerate(rules):
        for name in names:
            if rule.then and name != rule.then:
                yield replace(tree, rules=(*rules[:i], replace(rule, then=name), *rules[i + 1 :]))
        if rule.when is not None:
            yield replace(tree, rules=(*rules[:i], *rules[i + 1 :]))
            if rules[i + 1].when is not None:
                yield replace(tree, rules=(*rules[:i], rules[i + 1], rule, *rules[i + 2 :]))
    for i, outcome in enumerate(outcomes):
        verdict = "no" if outcome.verdict != "no" else "yes"
        yield replace(tree, outcomes=(*outcomes[:i], replace(outcome, verdict=verdict), *outcomes[i + 1 :]))
    for i, duty in enumerate(duties):
        yield replace(tree, duties=(*duties[:i], *duties[i + 1 :]))
        yield replace(tree, duties=(*duties[:i], replace(duty, when=None), *duties[i + 1 :]))


@pytest.mark.parametrize("id", sorted(PROJECT.trees))
def test_an_edit_moves_the_answers_that_the_walks_of_both_versions_find(id: str) -> None:
    old = PROJECT.trees[id]
    new = publish_tree(old.parsed, random.Random(id).choice(list(list_edits(old.tree))))
    difference = compare_trees(old, new, BUDGET)
    check_proofs(difference, old, new)
    assert difference.unsettled == ()
    walked = set()
    for walk in (build_walk(old.diagram), build_walk(new.diagram)):
        for answers, _ in list_paths(walk):
            ends = find_end(old.diagram, advance(old.diagram, answers)), find_end(new.diagram, advance(new.diagram, answers))
            if None not in ends and ends[0] != ends[1]:
                walked.add(ends)
    assert walked <= {(change.old, change.new) for change in difference.ends}


# Any trees ---------------------------------------------------------------------------------


def judge(rules: Rules, answers: dict[str, str]) -> End:
    if rules.is_rejected(answers):
        return REJECTED
    outcome = rules.decide(answers)[0]
    return End(outcome, rules.data["outcomes"][outcome]["verdict"])


def tell_duties_apart(data: dict[str, object]) -> dict[str, object]:
    duties = data.get("also", [])
    assert isinstance(duties, list)
    return {**data, "also": [{**duty, "say": f"Duty {chr(65 + i) * 20}."} for i, duty in enumerate(duties)]}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_all_answers_to_any_two_versions_move_as_the_report_says(data: st.DataObject) -> None:
    case = data.draw(strategies.cases(small=True))
    texts = [strategies.render(tell_duties_apart(each)) for each in (case.data, data.draw(strategies.varied(case)))]
    old, new = (publish(text) for text in texts)
    difference = compare_trees(old, new, BUDGET)
    check_proofs(difference, old, new)
    assert difference.unsettled == ()
    moved, comes, goes = set(), set(), set()
    rules = [read_rules(text, HOLIDAYS) for text in texts]
    for answers in case.list_answers(limit=10_000):
        ends = judge(rules[0], answers), judge(rules[1], answers)
        if ends[0] != ends[1]:
            moved.add(ends)
        elif ends[0] != REJECTED:
            due = [each.list_duties(answers, end.outcome) for each, end in zip(rules, ends, strict=True)]
            goes |= due[0] - due[1]
            comes |= due[1] - due[0]
    assert {(change.old, change.new) for change in difference.ends} == moved
    assert {duty.say for duty in difference.duties if duty.comes} == {old.tree.duties[i].say for i in comes}
    assert {duty.say for duty in difference.duties if not duty.comes} == {old.tree.duties[i].say for i in goes}


@settings(max_examples=150, deadline=None)
@given(strategies.cases(), strategies.cases())
def test_trees_that_share_nothing_but_names_are_compared_too(one: Case, other: Case) -> None:
    old, new = publish(one.text), publish(other.text)
    check_proofs(compare_trees(old, new, BUDGET), old, new)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_definition_that_means_the_same_moves_nothing(data: st.DataObject) -> None:
    case = data.draw(strategies.cases())
    difference = compare_trees(publish(case.text), publish(strategies.render(data.draw(strategies.rewritten(case)))), BUDGET)
    assert not difference.is_behaviour


# Projects ------------------------------------------------------------------------------------


def test_a_project_says_which_trees_and_provisions_come_go_and_change() -> None:
    tree = publish((FOLDER / "attend.tree.yml").read_text(encoding="utf-8"))
    turned = publish((FOLDER / "attend.tree.yml").read_text(encoding="utf-8").replace("offered is no", "offered is yes"))
    reply = publish((FOLDER / "reply.tree.yml").read_text(encoding="utf-8"))
    old = Version({"a": tree, "b": reply}, {("edition", "6.30"): "Go.", ("edition", "6.31"): "Offer."}, BUDGET)
    new = Version({"a": turned, "c": reply}, {("edition", "6.30"): "Stay.", ("edition", "6.33"): "Wait."}, BUDGET)
    difference = compare_versions(old, new)
    assert (difference.added, difference.removed) == (("edition/reply",), ("edition/reply",))
    assert [(each.id, each.is_behaviour) for each in difference.trees] == [("edition/attend", True)]
    assert [(each.provision, each.old, each.new, each.trees) for each in difference.provisions] == [
        ("6.30", "Go.", "Stay.", ("edition/attend",)), ("6.33", "", "Wait.", ()), ("6.31", "Offer.", "", ("edition/attend",)),
    ]


def test_two_trees_too_large_to_be_compared_are_said_to_be_unsettled() -> None:
    tree = publish((FOLDER / "attend.tree.yml").read_text(encoding="utf-8"))
    difference = compare_trees(tree, tree, 3)
    assert difference.is_behaviour
    assert difference.unsettled == ("Compared in one diagram the two need more than 3 states.",)
