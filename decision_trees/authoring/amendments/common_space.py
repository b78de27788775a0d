"""Two versions of a tree in one diagram space, so that every path of both is compared at once.

What the space says is tried on both versions: `find_witness` gives answers and where
they really lead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from decision_trees.authoring.compiler import Compiled
from decision_trees.authoring.amendments.renaming import Renaming
from decision_trees.authoring.witness import Memo, fill_values, find_domain, find_values, list_ways, write_values
from decision_trees.runtime.engine import Position, advance
from decision_trees.runtime.model import Diagram, Tree, Variable

MANY_WAYS = 60
"""Ways to a difference that are tried before it is left unsettled."""


@dataclass(frozen=True, slots=True)
class End:
    """Where answers end: an outcome and its verdict. No outcome: they are rejected, or can't be given."""

    outcome: str
    verdict: str


REJECTED = End("", "rejected")


@dataclass(frozen=True, slots=True)
class Witness:
    """Answers that show a difference, as each version takes them."""

    old: dict[str, str]
    new: dict[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """A witness and where it leads in both versions; if there is none, `is_settled` says that there can be none."""

    witness: Witness | None
    positions: tuple[Position, ...]
    is_settled: bool = True


@dataclass(frozen=True)
class CommonSpace:
    """Two trees compiled together under common `names`, and each as it is published, to try witnesses on."""

    old: Compiled
    new: Compiled
    old_diagram: Diagram
    new_diagram: Diagram
    names: Renaming
    memo: Memo = field(default_factory=dict)

    @cached_property
    def joined(self) -> int:
        """The function from answers to the pair of ends. What only one version can be asked is rejected by the other.

        Answers that neither version would be asked for in that place end in False.
        """
        space = self.new.space
        cannot = [list_impossible(each, self.new.variables) for each in (self.old.tree, self.new.tree)]
        done: dict[tuple[int, int], int] = {}

        def join(nodes: tuple[int, int]) -> int:
            if nodes in done:
                return done[nodes]
            if all(space.is_end(n) for n in nodes):
                done[nodes] = space.end(tuple(space.values[n] for n in nodes))
                return done[nodes]
            level = min(space.levels[n] for n in nodes if not space.is_end(n))
            asks = [space.levels[n] == level for n in nodes]
            parts = []
            for cell in range(space.sizes[level]):
                can = [(level, cell) not in each for each in cannot]
                if not all(can) and not any(c and a for c, a in zip(can, asks, strict=True)):
                    parts.append(space.false)
                    continue
                inner = [space.children[n][cell] if a else n for n, a in zip(nodes, asks, strict=True)]
                left, right = (n if c else space.end(REJECTED) for n, c in zip(inner, can, strict=True))
                parts.append(join((left, right)))
            done[nodes] = space.node(level, tuple(parts))
            return done[nodes]

        return join((_build_ends(self.old), _build_ends(self.new)))

    @cached_property
    def common(self) -> int:
        """The function that is true for answers that both versions can be given."""
        space = self.new.space
        cannot = list_impossible(self.old.tree, self.new.variables) | list_impossible(self.new.tree, self.new.variables)
        result = space.true
        for level in sorted({level for level, _ in cannot}, reverse=True):
            cells = (cell for cell in range(space.sizes[level]) if (level, cell) not in cannot)
            result = space.both(space.pick(level, cells), result)
        return result

    def list_pairs(self) -> dict[int, tuple[End, End]]:
        """List the pairs of ends that some answers have, by their terminals."""
        space = self.new.space
        return {n: value for n in space.ends(self.joined) if isinstance(value := space.values[n], tuple)}

    def find_witness(self, root: int, end: int, shows: Callable[[list[Position]], bool]) -> Proof:
        """Try answers for the ways to an end on both versions, the bare ones first, then with every other fact filled in."""
        trees = [self.old.tree, self.new.tree]
        is_settled = True
        ways = 0
        for ways, cells in enumerate(list_ways(self.new.space, root, end, MANY_WAYS), 1):  # noqa: B007
            found = find_values(cells, [self.old, self.new], self.memo)
            is_settled = is_settled and found.values is None and found.is_proof
            for values in (found.values, fill_values(found.values, trees)) if found.values is not None else ():
                answers = write_values(values, trees)
                witness = Witness(self.names.take_back(answers), {n: t for n, t in answers.items() if n in self.new.tree.fact_of})
                positions = [advance(self.old_diagram, witness.old), advance(self.new_diagram, witness.new)]
                if shows(positions):
                    return Proof(witness, tuple(positions))
        return Proof(None, (), is_settled and ways < MANY_WAYS)

    def find_old_outcome(self, name: str) -> str:
        """Give the name that an outcome has in the old version."""
        return next((old for old, common in self.names.outcomes.items() if common == name), name)


def list_impossible(tree: Tree, variables: tuple[Variable, ...]) -> set[tuple[int, int]]:
    """List the cells, each with its level, that can't be answered in a tree though it has the fact."""
    return {
        (level, cell) for level, variable in enumerate(variables) for cell in range(variable.size)
        if not _can_answer(tree, variable, cell)
    }


def _can_answer(tree: Tree, variable: Variable, cell: int) -> bool:
    fact = tree.fact_of.get(variable.fact)
    if fact is None:
        return True
    options = [option.name for option in fact.options]
    match variable.kind:
        case "choice":
            return variable.options[cell] in options
        case "member":
            return not cell or variable.name.partition(".")[2] in options
        case "interval":
            return bool(find_domain([fact], variable.spans[cell]))
        case _:
            return True


def _build_ends(compiled: Compiled) -> int:
    """Give the function from answers to ends; what the checks reject ends in REJECTED."""
    space = compiled.space
    meaning = space.map_ends(compiled.meaning, {
        space.end(outcome.name): space.end(End(outcome.name, outcome.verdict)) for outcome in compiled.tree.outcomes
    })
    return space.choose(compiled.allowed, meaning, space.end(REJECTED))
