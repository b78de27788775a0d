"""The variables of a tree's diagram: their order, their cells, the cut points of quantities.

The order is that of first mention in the rules, then in checks and duties: declared
order can cost thousands of times the states. Comparisons of a quantity with a constant
become cut points on that quantity, found by bisection, so that working days and months
need no algebra.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Has, Is, Not, Ref, Span, Values, find_span, find_truth, is_comparison, list_quantities,
)
from decision_trees.runtime.model import Rule, Tree, Variable


def list_variables(tree: Tree) -> tuple[Variable, ...]:
    """List the variables in order of first mention, with the cut points of quantities. Raises OutsideCalendar."""
    _probe_calendar(tree)
    cuts: dict[str, set[int]] = {}
    mentioned: dict[str, None] = {}
    for condition in _list_conditions(tree):
        for atom in list_atoms(condition, tree):
            if isinstance(atom, AtLeast):
                for fact in list_quantities(atom, tree.let_of):
                    cuts.setdefault(fact, set()).update(find_cut(atom, fact, tree))
                    mentioned.setdefault(fact)
            elif isinstance(atom, Ref):
                mentioned.setdefault(atom.name)
            elif isinstance(atom, Has):
                for option in tree.fact_of[atom.fact].options:
                    mentioned.setdefault(f"{atom.fact}.{option.name}")
            elif isinstance(atom, Is):
                mentioned.setdefault(atom.fact)
    return tuple(v for name in mentioned if (v := _make_variable(name, tree, cuts)) is not None)


def merge_variables(first: tuple[Variable, ...], second: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Bring two orders into one: what stands in the second alone comes after what it stood after there."""
    merged = {variable.name: variable for variable in first}
    order = list(merged)
    place = 0
    for variable in second:
        known = merged.get(variable.name)
        merged[variable.name] = _join_cells(known, variable) if known else variable
        if known is None:
            order.insert(place, variable.name)
        place = order.index(variable.name) + 1
    return tuple(merged[name] for name in order)


def _join_cells(one: Variable, other: Variable) -> Variable:
    assert (one.kind, one.fact) == (other.kind, other.fact), f"{one.name} stands for two things"
    if one.kind == "choice":
        return replace(one, options=tuple(dict.fromkeys((*one.options, *other.options))))
    if one.kind == "interval":
        starts = sorted({edge for low, high in (*one.spans, *other.spans) for edge in (low, high + 1)})
        return replace(one, spans=tuple((low, end - 1) for low, end in pairwise(starts)))
    return one


def find_cut(atom: AtLeast, fact: str, tree: Tree, known: Values | None = None) -> list[int]:
    """Give the first admissible value from which a comparison changes its truth, found by bisection.

    The comparison reads the fact once, so it is monotone in it; `known` holds its other
    quantities, if it has any. Raises OutsideCalendar.
    """
    spec = tree.fact_of[fact]

    def holds(value: int) -> bool:
        return find_truth(atom, tree.scope({**(known or {}), fact: (value, value)})) is True

    low, high = 0, (spec.high - spec.low) // spec.step
    at_low = holds(spec.low)
    if holds(spec.low + high * spec.step) == at_low:
        return []
    while high - low > 1:
        middle = (low + high) // 2
        if holds(spec.low + middle * spec.step) == at_low:
            low = middle
        else:
            high = middle
    return [spec.low + high * spec.step]


def _make_variable(name: str, tree: Tree, cuts: dict[str, set[int]]) -> Variable | None:
    if name in tree.let_of:
        return Variable(name, "comparison", name)
    fact = tree.fact_of.get(name)
    if fact is None:
        parent = tree.fact_of.get(name.partition(".")[0])
        return Variable(name, "member", parent.name) if parent is not None else None
    if fact.kind == "choice":
        return Variable(name, "choice", name, options=tuple(option.name for option in fact.options))
    starts = sorted({fact.low, *cuts.get(name, ())})
    spans: list[Span] = [(start, end - 1) for start, end in zip(starts, [*starts[1:], fact.high + 1], strict=True)]
    return Variable(name, "interval", name, spans=tuple(spans))


def _list_conditions(tree: Tree) -> Iterator[Condition]:
    def of_rules(rules: tuple[Rule, ...]) -> Iterator[Condition]:
        for rule in rules:
            if rule.when is not None:
                yield rule.when
            yield from of_rules(rule.rules)

    yield from of_rules(tree.rules)
    for check in tree.checks:
        yield check.when
    for duty in tree.duties:
        if duty.when is not None:
            yield duty.when


def list_atoms(condition: Condition, tree: Tree) -> Iterator[Is | Has | AtLeast | Ref]:
    """List the smallest conditions; named conditions are looked into, named comparisons are not."""
    match condition:
        case Not(inner):
            yield from list_atoms(inner, tree)
        case All(parts) | Any(parts):
            for part in parts:
                yield from list_atoms(part, tree)
        case Ref(name):
            let = tree.let_of[name]
            assert let.condition is not None
            if is_comparison(let):
                yield condition
            else:
                yield from list_atoms(let.condition, tree)
        case _:
            yield condition


def _probe_calendar(tree: Tree) -> None:
    """Raise OutsideCalendar if a quantity that is compared or shown can leave the calendar."""
    scope = tree.scope({})
    for let in tree.lets:
        if let.term is not None:
            find_span(let.term, scope)
        for atom in list_atoms(let.condition, tree) if let.condition is not None else ():
            if isinstance(atom, AtLeast):
                find_span(atom.left, scope)
                find_span(atom.right, scope)


