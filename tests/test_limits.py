"""The largest and the deepest that the notation admits compiles on a small stack, and one step more is a finding."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from decision_trees.authoring import grammar
from decision_trees.authoring.analysis import check_tree
from decision_trees.authoring.compiler import BUDGET, freeze
from decision_trees.authoring.notation import MANY_FACTS, Definition, Parsed, parse
from decision_trees.authoring.walk import build_walk
from decision_trees.runtime import browser
from decision_trees.runtime.diagram import Space
from decision_trees.runtime.engine import Asking, Reached, advance
from decision_trees.runtime.explain import explain
from decision_trees.runtime.model import Diagram, to_data


@contextmanager
def few_frames(count: int) -> Iterator[None]:
    """Leave so many frames above the test's own: browsers have less stack than a terminal."""
    before, frame, depth = sys.getrecursionlimit(), sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1  # type: ignore[assignment]
    sys.setrecursionlimit(depth + count)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def build(text: str) -> Diagram:
    """Take a definition the whole way, the JSON for the browser and back included."""
    parsed = parse(Definition("page.md", 1, text, "edition"))
    assert isinstance(parsed, Parsed), parsed
    compiled, findings = check_tree(parsed, BUDGET)
    assert compiled is not None, findings
    diagram = freeze(compiled)
    build_walk(diagram)
    browser.load("t", json.dumps(to_data(diagram)))
    browser.ask("t", "{}")
    return diagram


def write(facts: str, rules: str, lets: str = "") -> str:
    return f"tree: t\nask: A?\nfacts:\n{facts}{'let:' if lets else ''}\n{lets}decide:\n{rules}  - otherwise: b\n" \
           "outcomes: {a: {verdict: yes-if, say: A.}, b: {verdict: silent, say: B.}}\n"


def test_200_facts_with_400_variables_compile_with_one_rule_and_with_200() -> None:
    facts = "".join(f"  f{i}: {{ask: F?, many: {{x: X, y: Y}}, none: None}}\n" for i in range(MANY_FACTS))
    every = " and ".join(f"f{i} has x and f{i} has y" for i in range(MANY_FACTS))
    each = "".join(f"  - {{when: not (f{i} has x) or not (f{i} has y), then: {'ba'[i % 2]}}}\n" for i in range(MANY_FACTS))
    with few_frames(400):
        for text in (write(facts, f"  - {{when: {every}, then: a}}\n"), write(facts, each)):
            diagram = build(text)
            assert diagram.states == len(diagram.variables) == 2 * MANY_FACTS
            position = advance(diagram, {f"f{i}": "x,y" for i in range(MANY_FACTS - 1)})
            assert isinstance(position, Asking)
            assert position.fact == f"f{MANY_FACTS - 1}"


FACTS = "".join(f"  f{i}: {{ask: F?, options: {{x: X, y: Y}}}}\n" for i in range(4)) + "  n: {ask: N?, number: {from: 0, to: 9}}\n"
DEEP = {
    "negations": lambda n: ("not " * (n - 1) + "f0 is x", ""),
    "brackets": lambda n: ("".join(f"(f{i % 4} is x {'or' if i % 2 else 'and'} " for i in range(n - 1)) + "f0 is y" + ")" * (n - 1), ""),
    "a sum": lambda n: ("n" + " + n0" * (n - 2) + " >= 3", "  n0: {is: 1}\n"),
    "a chain of lets": lambda n: (f"c{n - 2}", "  c0: f0 is x\n" + "".join(f"  c{i + 1}: c{i}\n" for i in range(n - 1))),
    "lets of lets": lambda n: (f"c{(n - 1) // 2}", "  c0: f0 is x\n" + "".join(f"  c{i + 1}: not c{i}\n" for i in range(n // 2))),
}


@pytest.mark.parametrize("name", DEEP)
def test_the_deepest_condition_compiles_and_a_deeper_one_is_a_finding(name: str) -> None:
    deepest = 0
    for depth in range(3, grammar.DEEPEST + 4):
        condition, lets = DEEP[name](depth)
        parsed = parse(Definition("page.md", 1, write(FACTS, f"  - {{when: {condition}, then: a}}\n", lets), "edition"))
        if isinstance(parsed, list):
            assert [finding.code for finding in parsed][:1] == ["too-large"]
            break
        deepest = depth
    assert deepest >= grammar.DEEPEST - 2
    condition, lets = DEEP[name](deepest)
    with few_frames(400):
        diagram = build(write(FACTS, f"  - {{when: {condition}, then: a}}\n", lets))
        answers = {"f0": "x", "f1": "x", "f2": "x", "f3": "x", "n": "9"}
        assert isinstance(advance(diagram, answers), Reached)
        assert explain(diagram, answers) is not None


def test_a_diagram_of_5000_levels_is_built_and_read_without_recursion() -> None:
    levels = 5_000
    space = Space([2] * levels)
    with few_frames(60):
        left, right = space.true, space.true
        for level in reversed(range(levels)):
            left = space.both(space.pick(level, (level % 2,)), left)
            right = space.either(space.pick(level, (1,)), right)
        both = space.both(left, space.invert(space.both(space.invert(left), right)))
        assert both == left
        assert space.count_states(left) == levels
        assert space.count_paths(left) == levels + 1
        assert space.restrict(left, {level: (level % 2,) for level in range(levels)}) == space.true
        witness = space.find_witness(left, space.true)
        assert witness is not None
        assert len(witness) == levels


def test_a_diagram_beyond_its_budget_is_a_finding_that_names_facts() -> None:
    facts = "".join(f"  f{i}: {{ask: F?, options: {{x: X, y: Y}}}}\n" for i in range(40))
    pairs = " or ".join(f"(f{i} is x and f{i + 20} is x)" for i in range(20))
    first = " and ".join(f"f{i} is x" for i in range(40))
    parsed = parse(Definition("page.md", 1, write(facts, f"  - {{when: {first}, then: b}}\n  - {{when: {pairs}, then: a}}\n"), "edition"))
    assert isinstance(parsed, Parsed)
    compiled, findings = check_tree(parsed, BUDGET)
    assert compiled is None
    assert [finding.code for finding in findings] == ["too-many-states"]
    assert "`f0`" in findings[0].hint
