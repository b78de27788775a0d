"""Rules that hold for the same answers: which of them wins, and an example. Most are proper exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decision_trees.authoring.compiler import Compiled
from decision_trees.authoring.witness import Memo, find_values, list_ways, write_values
from decision_trees.runtime.model import Rule


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rule `winner` decides though rule `other`, which comes later, holds too: as for the example's answers."""

    winner: str
    outcome: str
    other: str
    answers: dict[str, str]


def list_overlaps(compiled: Compiled) -> Iterator[Overlap]:
    """List the overlaps of rules of one list, the nested ones under what their outer rules ask for.

    An example of nested rules names the innermost that decides. Where nested rules end in
    `go-on`, a rule that leaves the answers to later ones does not win over them.
    """
    space = compiled.space
    outcomes = dict(_list_outcomes(compiled.tree.rules))
    memo: Memo = {}
    for other, here in _list_pairs(compiled, compiled.tree.rules, compiled.allowed):
        decided = space.choose(here, compiled.rules, space.false)
        winners = sorted(space.ends(decided) - {space.false}, key=lambda end: str(space.values[end]))
        ways = ((end, cells) for end in winners for cells in list_ways(space, decided, end))
        for end, cells in ways:
            values = find_values(cells, [compiled], memo).values
            if values is not None:
                winner = str(space.values[end])
                yield Overlap(winner, outcomes[winner], other.number, write_values(values, [compiled.tree]))
                break


def _list_pairs(compiled: Compiled, rules: tuple[Rule, ...], outer: int) -> Iterator[tuple[Rule, int]]:
    """List for each two rules of a list the later one, and the function that is true where it holds and the first decides."""
    space = compiled.space
    held = [(rule, space.both(outer, compiled.test(rule.when))) for rule in rules if rule.when is not None]
    for index, (rule, holds) in enumerate(held):
        decides = space.map_ends(compiled.rules, {
            end: space.true if f"{space.values[end]}.".startswith(f"{rule.number}.") else space.false
            for end in space.ends(compiled.rules)
        })
        for other, also in held[index + 1 :]:
            here = space.both(decides, also)
            if here != space.false:
                yield other, here
        yield from _list_pairs(compiled, rule.rules, holds)
    for rule in rules:
        if rule.when is None:
            yield from _list_pairs(compiled, rule.rules, outer)


def _list_outcomes(rules: tuple[Rule, ...]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        if rule.then:
            yield rule.number, rule.then
        yield from _list_outcomes(rule.rules)
