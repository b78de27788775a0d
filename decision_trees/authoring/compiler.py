"""A tree -> its canonical diagram. `variables` says what its levels stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from decision_trees.authoring.variables import list_variables, merge_variables
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Has, Is, Not, Ref, find_truth, is_comparison, list_quantities,
)
from decision_trees.runtime.diagram import Space
from decision_trees.runtime.model import GO_ON, Diagram, Rule, Tree, Variable

BUDGET = 50_000
"""Nodes that one tree's diagrams may have. The largest real tree of five councils needs some hundreds."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A tree in one space of nodes, with everything that proofs need.

    `meaning` ends in outcome names, `rules` in rule numbers, `allowed` is true where
    no check rejects, `duties` are true where a duty comes with an outcome reached.
    """

    tree: Tree
    space: Space
    variables: tuple[Variable, ...]
    meaning: int
    rules: int
    allowed: int
    duties: tuple[int, ...]

    def test(self, condition: Condition) -> int:
        """Give the node that is true where the condition holds."""
        return _Conditions(self.tree, self.space, self.variables).build(condition)


def compile_tree(tree: Tree, budget: int = BUDGET) -> Compiled:
    """Compile a tree. Raises TooManyStates beyond the budget, OutsideCalendar where a count leaves the calendar."""
    variables = list_variables(tree)
    return _compile(tree, Space([variable.size for variable in variables], budget), variables)


def compile_together(trees: Sequence[Tree], budget: int = BUDGET) -> list[Compiled]:
    """Compile trees into one space: one order of variables, with the options and the cut points of all.

    Things of one name are one thing. Raises TooManyStates and OutsideCalendar.
    """
    variables: tuple[Variable, ...] = ()
    for tree in reversed(trees):
        variables = merge_variables(variables, list_variables(tree))
    space = Space([variable.size for variable in variables], budget)
    return [_compile(tree, space, variables) for tree in trees]


def _compile(tree: Tree, space: Space, variables: tuple[Variable, ...]) -> Compiled:
    conditions = _Conditions(tree, space, variables)
    meaning = _decide(tree.rules, space, conditions, lambda rule: rule.then)
    numbers = _decide(tree.rules, space, conditions, lambda rule: rule.number)
    allowed = space.true
    for check in tree.checks:
        allowed = space.both(allowed, space.invert(conditions.build(check.when)))
    duties = []
    for duty in tree.duties:
        reached = space.map_ends(meaning, {
            space.end(o.name): space.true if o.name in duty.outcomes else space.false for o in tree.outcomes
        })
        duties.append(reached if duty.when is None else space.both(reached, conditions.build(duty.when)))
    return Compiled(tree, space, variables, meaning, numbers, allowed, tuple(duties))


def freeze(compiled: Compiled) -> Diagram:
    """Give the diagram to publish: the meaning alone, with cells that nothing tells apart merged.

    Same facts, same order of variables, equal behaviour: equal diagrams.
    """
    space, root = compiled.space, compiled.meaning
    reach = space.reach(root)
    kept: list[int] = []
    cells: dict[int, list[int]] = {}
    variables: list[Variable] = []
    for level, variable in enumerate(compiled.variables):
        nodes = [n for n in reach if space.levels[n] == level]
        if not nodes:
            continue
        first = [0]
        for cell in range(1, variable.size):
            if variable.kind != "interval" or any(
                space.children[n][cell] != space.children[n][cell - 1] for n in nodes
            ):
                first.append(cell)
        if variable.kind == "interval":
            ends = [*(variable.spans[cell][0] - 1 for cell in first[1:]), variable.spans[-1][1]]
            spans = tuple((variable.spans[cell][0], end) for cell, end in zip(first, ends, strict=True))
            variable = Variable(variable.name, variable.kind, variable.fact, spans=spans)
        kept.append(level)
        cells[level] = first
        variables.append(variable)
    place = {level: i for i, level in enumerate(kept)}
    names = [outcome.name for outcome in compiled.tree.outcomes]
    number: dict[int, int] = {}
    rows: list[tuple[int, ...]] = []
    for n in _order_nodes(space, root):
        number[n] = len(rows)
        if space.is_end(n):
            rows.append((-1, names.index(str(space.values[n]))))
        else:
            level = space.levels[n]
            rows.append((place[level], *(number[space.children[n][cell]] for cell in cells[level])))
    return Diagram(compiled.tree, tuple(variables), tuple(rows), number[root], space.count_states(root))


def _order_nodes(space: Space, root: int) -> Iterator[int]:
    """List the nodes below the root, children first, in an order that depends on the function alone."""
    seen: set[int] = set()
    todo = [(root, False)]
    while todo:
        n, is_done = todo.pop()
        if is_done:
            yield n
        elif n not in seen:
            seen.add(n)
            todo.append((n, True))
            todo += [(child, False) for child in reversed(space.children[n])]


def _decide(rules: tuple[Rule, ...], space: Space, conditions: _Conditions, label: Callable[[Rule], str]) -> int:
    """Build the function from answers to a label of the rule that decides, from the last rule back to the first."""

    def build(rules: tuple[Rule, ...], after: int) -> int:
        result = after
        for rule in reversed(rules):
            if rule.rules:
                then = build(rule.rules, result)
            elif rule.then == GO_ON:
                then = after
            else:
                then = space.end(label(rule))
            result = then if rule.when is None else space.choose(conditions.build(rule.when), then, result)
        return result

    return build(rules, space.false)


class _Conditions:
    """Builds conditions as functions in a space, each once."""

    def __init__(self, tree: Tree, space: Space, variables: tuple[Variable, ...]) -> None:
        self.tree, self.space, self.variables = tree, space, variables
        self.level = {variable.name: level for level, variable in enumerate(variables)}
        self.built: dict[Condition, int] = {}

    def build(self, condition: Condition) -> int:
        found = self.built.get(condition)
        if found is None:
            found = self.built[condition] = self._build(condition)
        return found

    def _build(self, condition: Condition) -> int:
        space = self.space
        match condition:
            case Is(fact, options):
                level = self.level[fact]
                return space.pick(level, (self.variables[level].options.index(option) for option in options))
            case Has(fact, options):
                result = space.false
                for option in options:
                    result = space.either(result, space.pick(self.level[f"{fact}.{option}"], (1,)))
                return result
            case AtLeast():
                return self._build_comparison(condition)
            case Ref(name):
                let = self.tree.let_of[name]
                assert let.condition is not None
                if not is_comparison(let):
                    return self.build(let.condition)
                always = find_truth(let.condition, self.tree.scope({}))
                return space.pick(self.level[name], (1,)) if always is None else space.true if always else space.false
            case Not(inner):
                return space.invert(self.build(inner))
            case All(parts):
                result = space.true
                for part in reversed(parts):
                    result = space.both(self.build(part), result)
                return result
            case Any(parts):
                result = space.false
                for part in reversed(parts):
                    result = space.either(self.build(part), result)
                return result

    def _build_comparison(self, condition: AtLeast) -> int:
        facts = list(list_quantities(condition, self.tree.let_of))
        if not facts:
            return self.space.true if find_truth(condition, self.tree.scope({})) else self.space.false
        level = self.level[facts[0]]
        fact = self.tree.fact_of[facts[0]]
        cells = [
            i for i, (low, _) in enumerate(self.variables[level].spans)
            if fact.low <= low <= fact.high and find_truth(condition, self.tree.scope({fact.name: (low, low)}))
        ]
        return self.space.pick(level, cells)
