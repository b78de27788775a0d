"""A way through a diagram -> answers that a reader can give.

A diagram takes a comparison of two facts for a yes or a no that anything may have. So
a way through it is a claim, and the answers found here prove it: dates and numbers for
which every comparison on the way has the truth that the way takes.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import lcm

from decision_trees.authoring.compiler import Compiled
from decision_trees.authoring.variables import find_cut
from decision_trees.runtime.answers import write_answer
from decision_trees.runtime.calendar import OutsideCalendar
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Not, Ref, Span, find_truth, list_quantities,
)
from decision_trees.runtime.diagram import Space
from decision_trees.runtime.model import NONE, Fact, Tree

MANY_VALUES = 10_000
"""Values of a quantity that are tried through; of more, as many at equal distances."""


@dataclass(frozen=True, slots=True)
class _Demand:
    """A comparison that must be true, or must be false."""

    tree: Tree
    condition: Condition
    truth: bool

    def is_broken(self, values: Mapping[str, object]) -> bool:
        return find_truth(self.condition, self.tree.scope(values)) is (not self.truth)


def list_ways(space: Space, root: int, end: int, limit: int = 60) -> Iterator[dict[int, int]]:
    """List ways from the root to a terminal, a cell for each level that matters; those that ask least come first."""
    if end not in space.ends(root):
        return
    least: dict[int, float] = {}
    for node in space.reach(root):
        least[node] = (0.0 if node == end else float("inf")) if space.is_end(node) else (
            1 + min(least[child] for child in space.children[node]))
    turn = count(0, -1)  # of ways that ask as much, the one that has come furthest: the others are too many to try first
    heap: list[tuple[float, int, int, dict[int, int]]] = [(least[root], next(turn), root, {})]
    while heap and limit:
        _, _, node, cells = heapq.heappop(heap)
        if node == end:
            limit -= 1
            yield cells
            continue
        for cell, child in reversed(list(enumerate(space.children[node]))):
            if least[child] != float("inf"):
                heapq.heappush(heap, (len(cells) + 1 + least[child], next(turn), child, {**cells, space.levels[node]: cell}))


@dataclass(frozen=True, slots=True)
class Found:
    """Values for facts, or none; `is_proof` says that then there are none to be found."""

    values: dict[str, object] | None
    is_proof: bool = True


Memo = dict[object, Found]
"""What was found for comparisons: many ways through one space make the same demands."""


def find_values(cells: Mapping[int, int], compiled: Sequence[Compiled], memo: Memo) -> Found:
    """Give a value for each fact on a way through a space that trees share. `memo` is for calls on the same trees."""
    known: dict[str, object] = {}
    for level, cell in cells.items():
        variable = compiled[0].variables[level]
        if variable.kind == "choice":
            known[variable.name] = variable.options[cell]
        else:
            known[variable.name] = variable.spans[cell] if variable.kind == "interval" else bool(cell)
    return settle_values(known, [each.tree for each in compiled], memo)


def settle_values(known: Mapping[str, object], trees: Sequence[Tree], memo: Memo) -> Found:
    """Give one value for each fact of which something is known: an option, a span, a part of a `many`, a comparison."""
    values: dict[str, object] = {}
    chosen: dict[str, set[str]] = {}
    spans: dict[str, Span] = {}
    demands: list[_Demand] = []
    for name, value in known.items():
        fact, _, option = name.partition(".")
        if isinstance(value, tuple):
            spans[name] = value
        elif not isinstance(value, bool):
            values[name] = value
        elif option:
            chosen.setdefault(fact, set()).update({option} if value else ())
        else:
            demands += [_Demand(tree, Ref(name), value) for tree in trees if name in tree.let_of]
    values |= {fact: frozenset(options) for fact, options in chosen.items()}
    names = list(dict.fromkeys(
        [*spans, *(name for demand in demands for name in list_quantities(demand.condition, demand.tree.let_of))]
    ))
    domains = {name: find_domain([t.fact_of[name] for t in trees if name in t.fact_of], spans.get(name)) for name in names}
    if any(not domain for domain in domains.values()):
        return Found(None)
    key = (tuple((trees.index(d.tree), d.condition, d.truth) for d in demands), tuple(domains.items()))
    if key not in memo:
        found = _search(names, domains, demands, {})
        related = {name for demand in demands for name in list_quantities(demand.condition, demand.tree.let_of)}
        memo[key] = Found(found, len(related) <= 2 and all(len(domain) <= MANY_VALUES for domain in domains.values()))
    here = memo[key]
    return here if here.values is None else Found(values | here.values)


def find_case(compiled: Compiled, root: int, end: int, memo: Memo, limit: int = 60) -> Found:
    """Give values that lead from the root to the terminal, on one of its first ways.

    Where nothing is compared, any way will do, and no values are given.
    """
    if not any(compiled.variables[level].kind == "comparison" for level in compiled.space.support(root)):
        return Found({} if end in compiled.space.ends(root) else None)
    is_proof = True
    for number, cells in enumerate(list_ways(compiled.space, root, end, limit), 1):
        found = find_values(cells, [compiled], memo)
        if found.values is not None:
            return found
        is_proof = is_proof and found.is_proof and number < limit
    return Found(None, is_proof)


def fill_values(values: Mapping[str, object], trees: Sequence[Tree]) -> dict[str, object]:
    """Give the values with a plain one for every other fact: the first option, nothing of many, the least quantity."""
    filled = dict(values)
    for tree in reversed(trees):
        for fact in tree.facts:
            if fact.name in filled:
                continue
            twins = [each.fact_of[fact.name] for each in trees if fact.name in each.fact_of]
            if fact.kind == "choice":
                common = [o.name for o in fact.options if all(o.name in [p.name for p in twin.options] for twin in twins)]
                filled[fact.name] = (common or [fact.options[0].name])[0]
            elif fact.kind == "many":
                filled[fact.name] = frozenset()
            else:
                least = find_domain(twins)[0]
                filled[fact.name] = (least, least)
    return filled


def write_values(values: Mapping[str, object], trees: Sequence[Tree]) -> dict[str, str]:
    """Write values as answers: each fact the way the last tree that has it would, options that it lacks included."""
    answers: dict[str, str] = {}
    for name in dict.fromkeys(fact.name for tree in reversed(trees) for fact in tree.facts if fact.name in values):
        value = values[name]
        facts = [tree.fact_of[name] for tree in reversed(trees) if name in tree.fact_of]
        if isinstance(value, frozenset):
            order = dict.fromkeys(option.name for fact in facts for option in fact.options)
            answers[name] = ",".join(option for option in order if option in value) or NONE
        else:
            answers[name] = write_answer(facts[0], value)
    return answers


def find_domain(facts: Sequence[Fact], span: Span | None = None) -> range:
    """Give the values that a quantity can have by all its declarations; if there are none, by the last that has some."""
    for agreed in (facts, *([fact] for fact in reversed(facts))):
        low = max([fact.low for fact in agreed] + ([span[0]] if span else []))
        high = min([fact.high for fact in agreed] + ([span[1]] if span else []))
        step = lcm(*(fact.step for fact in agreed))
        for first in range(low, min(low + step, high + 1)):
            if all((first - fact.low) % fact.step == 0 for fact in agreed):
                return range(first, high + 1, step)
    return range(0)


def _search(
    names: Sequence[str], domains: Mapping[str, range], demands: Sequence[_Demand], known: dict[str, object]
) -> dict[str, object] | None:
    """Give values that meet every demand: the first quantity is tried through, the others at the edges that follow."""
    if not names:
        return known
    name, *rest = names
    for value in _list_candidates(name, rest, domains[name], demands, known):
        values = {**known, name: (value, value)}
        try:
            if any(demand.is_broken(values) for demand in demands):
                continue
            found = _search(rest, domains, demands, values)
        except OutsideCalendar:
            continue
        if found is not None:
            return found
    return None


def _list_candidates(
    name: str, rest: Sequence[str], domain: range, demands: Sequence[_Demand], known: Mapping[str, object]
) -> Iterator[int]:
    """List values worth a trial: the ends, and both sides of each edge where a comparison changes its truth."""
    yield domain[0]
    yield domain[-1]
    for demand in demands:
        for atom in _list_comparisons(demand.condition, demand.tree):
            read = set(list_quantities(atom, demand.tree.let_of))
            if name not in read or not read <= {name, *known}:
                continue
            try:
                cuts = find_cut(atom, name, demand.tree, known)
            except OutsideCalendar:
                continue
            for cut in cuts:
                at = (cut - domain.start) // domain.step
                yield from (domain[i] for i in (at - 1, at, at + 1) if 0 <= i < len(domain))
    if rest and not known:
        yield from domain[:: max(1, len(domain) // MANY_VALUES)]


def _list_comparisons(condition: Condition, tree: Tree) -> Iterator[AtLeast]:
    match condition:
        case AtLeast():
            yield condition
        case Ref(name):
            inner = tree.let_of[name].condition
            assert inner is not None, f"{name} names a quantity"
            yield from _list_comparisons(inner, tree)
        case Not(inner):
            yield from _list_comparisons(inner, tree)
        case All(parts) | Any(parts):
            for part in parts:
                yield from _list_comparisons(part, tree)
        case _:
            return
