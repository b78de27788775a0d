"""Two versions of a tree -> what is different: where answers end, which duties come, what is said.

Both versions are compiled into one diagram space, with one order of variables and the
cut points of both, so that every path of both is compared at once. Each difference comes
with answers that were tried on both: a difference is a fact, never a suspicion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from decision_trees.authoring.compiler import Compiled, compile_together
from decision_trees.authoring.project import PublishedTree
from decision_trees.authoring.renaming import Renaming, expand, match_names, rename
from decision_trees.authoring.rewording import (
    NameChange, TextChange, list_name_changes, list_text_changes, match_duties,
)
from decision_trees.authoring.witness import fill_values, find_domain, find_values, list_ways, write_values
from decision_trees.runtime.diagram import Space, TooManyStates
from decision_trees.runtime.engine import Asking, Position, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram, Rule, Tree, Variable

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class End:
    """Where answers end: an outcome and its verdict. No outcome: they are rejected, or can't be given."""

    outcome: str
    verdict: str


REJECTED = End("", "rejected")


@dataclass(frozen=True, slots=True)
class Witness:
    """Answers that show a difference, as each version takes them."""

    old: Answers
    new: Answers


@dataclass(frozen=True, slots=True)
class EndChange:
    """Answers that end elsewhere, and the duties that go and come with that at the witness."""

    old: End
    new: End
    witness: Witness
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyChange:
    """A duty that comes where it did not (`comes`), or no longer comes."""

    say: str
    comes: bool
    witness: Witness


@dataclass(frozen=True, slots=True)
class TreeDifference:
    """Everything that two versions of a tree have different.

    `unsettled` says what could not be decided. `is_rewritten`: the rules are written in
    another way. Provisions are those that the tree cites.
    """

    id: str
    ask: str
    ends: tuple[EndChange, ...] = ()
    duties: tuple[DutyChange, ...] = ()
    unsettled: tuple[str, ...] = ()
    names: tuple[NameChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    cited: tuple[str, ...] = ()
    uncited: tuple[str, ...] = ()
    is_rewritten: bool = False

    @property
    def is_behaviour(self) -> bool:
        """Say whether some reader gets another answer or another duty, or might."""
        return bool(self.ends or self.duties or self.unsettled)

    @property
    def is_empty(self) -> bool:
        """Say whether the two versions are the same."""
        return not (self.is_behaviour or self.names or self.texts or self.cited or self.uncited or self.is_rewritten)


def compare_trees(old: PublishedTree, new: PublishedTree, budget: int) -> TreeDifference:
    """Compare two versions of a tree. `budget` is for the nodes of both."""
    names = match_names(old.tree, new.tree)
    duties = match_duties(old.tree.duties, new.tree.duties)
    before = rename(old.tree, names)
    ends: list[EndChange] = []
    changes: list[DutyChange] = []
    try:
        both = compile_together([before, new.tree], budget)
        comparison = _Comparison(both[0], both[1], old.diagram, new.diagram, names)
        ends, missing = comparison.compare_ends()
        changes, unproved = comparison.compare_duties(duties)
        unsettled = missing + unproved
    except TooManyStates:
        unsettled = [f"Compared in one diagram the two need more than {budget:,} states."]
    return TreeDifference(
        new.tree.id, new.tree.ask, tuple(ends), tuple(changes), tuple(unsettled),
        tuple(list_name_changes(old.tree, new.tree, names)), tuple(list_text_changes(old.tree, new.tree, names, duties)),
        tuple(p for p in new.provisions if p not in old.provisions),
        tuple(p for p in old.provisions if p not in new.provisions),
        list(_list_rules(before.rules, before)) != list(_list_rules(new.tree.rules, new.tree)),
    )


@dataclass(frozen=True)
class _Comparison:
    """Two trees compiled together, and each compiled alone, in which witnesses are tried."""

    old: Compiled
    new: Compiled
    old_diagram: Diagram
    new_diagram: Diagram
    names: Renaming

    def compare_ends(self) -> tuple[list[EndChange], list[str]]:
        """List each pair of ends between which answers moved, and the pairs that nothing proves."""
        space = self.new.space
        joined = self.joined
        pairs = [node for node in space.ends(joined) if (pair := _pair_of(space, node)) and pair[0] != pair[1]]
        order = [outcome.name for tree in (self.new.tree, self.old.tree) for outcome in tree.outcomes]
        found: list[EndChange] = []
        missing: list[str] = []
        for node in sorted(pairs, key=lambda n: [order.index(e.outcome) if e.outcome else -1 for e in _pair_of(space, n) or ()]):
            pair = _pair_of(space, node)
            assert pair is not None
            before = End(self.find_old_outcome(pair[0].outcome), pair[0].verdict)
            for witness, positions in self.list_witnesses(joined, node):
                if _find_end(self.old_diagram, positions[0]) == before and _find_end(self.new_diagram, positions[1]) == pair[1]:
                    due = [_list_due(position) for position in positions] if all(isinstance(p, Reached) for p in positions) else [[], []]
                    found.append(EndChange(before, pair[1], witness, tuple(s for s in due[0] if s not in due[1]),
                                           tuple(s for s in due[1] if s not in due[0])))
                    break
            else:
                missing.append(f"Perhaps some answers that led to `{before.outcome or before.verdict}` lead to "
                               f"`{pair[1].outcome or pair[1].verdict}`; no example was found.")
        return found, missing

    def compare_duties(self, matched: Mapping[int, int]) -> tuple[list[DutyChange], list[str]]:
        """List the duties that come or go while the end stays; those that one version alone has, in any case."""
        space = self.new.space
        joined = self.joined
        same = space.map_ends(joined, {
            n: space.true if (pair := _pair_of(space, n)) and pair[0] == pair[1] != REJECTED else space.false
            for n in space.ends(joined)
        })
        both = self.find_common()
        stays = space.both(same, both)
        found: list[DutyChange] = []
        missing: list[str] = []

        def look(old: int | None, new: int | None, comes: bool) -> None:
            mine = space.false if old is None else space.both(self.old.duties[old], self.old.allowed)
            yours = space.false if new is None else space.both(self.new.duties[new], self.new.allowed)
            differs = space.both(yours, space.invert(mine)) if comes else space.both(mine, space.invert(yours))
            here = space.both(stays, differs)
            if here == space.false and (old is None or new is None):
                here = space.both(both, differs)
            if here == space.false:
                return
            number, tree = (new, self.new.tree) if comes else (old, self.old.tree)
            assert number is not None
            say = tree.duties[number].say
            for witness, positions in self.list_witnesses(here, space.true):
                if _has(positions[1], new) is comes and _has(positions[0], old) is (not comes):
                    found.append(DutyChange(say, comes, witness))
                    return
            missing.append(f"Perhaps this duty {'comes' if comes else 'goes'}, and no example was found: {say}")

        for i in range(len(self.old.tree.duties)):
            look(i, matched.get(i), comes=False)
        for j in range(len(self.new.tree.duties)):
            look(next((i for i, k in matched.items() if k == j), None), j, comes=True)
        return found, missing

    @cached_property
    def joined(self) -> int:
        """The function from answers to the pair of ends. What only one version can be asked is rejected by the other.

        Answers that neither version would be asked for in that place end in False.
        """
        space = self.new.space
        cannot = [self.list_impossible(self.old.tree), self.list_impossible(self.new.tree)]
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
                inner = [space.children[n][cell] if a else n for n, a in zip(nodes, asks, strict=True)]
                can = [(level, cell) not in each for each in cannot]
                if not all(can):
                    if not any(c and a for c, a in zip(can, asks, strict=True)):
                        parts.append(space.false)
                        continue
                    inner = [n if c else space.end(REJECTED) for n, c in zip(inner, can, strict=True)]
                parts.append(join((inner[0], inner[1])))
            done[nodes] = space.node(level, tuple(parts))
            return done[nodes]

        return join((_build_ends(self.old), _build_ends(self.new)))

    def find_common(self) -> int:
        """Give the function that is true for answers that both versions can be given."""
        space = self.new.space
        cannot = self.list_impossible(self.old.tree) | self.list_impossible(self.new.tree)
        result = space.true
        for level in sorted({level for level, _ in cannot}, reverse=True):
            cells = (cell for cell in range(space.sizes[level]) if (level, cell) not in cannot)
            result = space.both(space.pick(level, cells), result)
        return result

    def list_impossible(self, tree: Tree) -> set[tuple[int, int]]:
        """List the cells, each with its level, that can't be answered in a tree though it has the fact."""
        return {
            (level, cell) for level, variable in enumerate(self.new.variables) for cell in range(variable.size)
            if not _can_answer(tree, variable, cell)
        }

    def list_witnesses(self, root: int, end: int) -> Iterator[tuple[Witness, tuple[Position, Position]]]:
        """List answers for the ways to an end, with where they lead in both: the bare answers first, then all filled in."""
        both = [self.old, self.new]
        for cells in list_ways(self.new.space, root, end):
            values = find_values(cells, both)
            if values is None:
                continue
            for each in (values, fill_values(values, [compiled.tree for compiled in both])):
                answers = write_values(each, [compiled.tree for compiled in both])
                witness = Witness(self.names.take_back(answers), {n: t for n, t in answers.items() if n in self.new.tree.fact_of})
                yield witness, (advance(self.old_diagram, witness.old), advance(self.new_diagram, witness.new))

    def find_old_outcome(self, name: str) -> str:
        """Give the name that an outcome has in the old version."""
        return next((old for old, common in self.names.outcomes.items() if common == name), name)


def _build_ends(compiled: Compiled) -> int:
    """Give the function from answers to ends; what the checks reject ends in REJECTED."""
    space = compiled.space
    meaning = space.map_ends(compiled.meaning, {
        space.end(outcome.name): space.end(End(outcome.name, outcome.verdict)) for outcome in compiled.tree.outcomes
    })
    return space.choose(compiled.allowed, meaning, space.end(REJECTED))


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


def _pair_of(space: Space, node: int) -> tuple[End, End] | None:
    value = space.values[node]
    return value if isinstance(value, tuple) else None


def _find_end(diagram: Diagram, position: Position) -> End | None:
    match position:
        case Reached(outcome) | Asking(settled=outcome) if outcome:
            return End(outcome, diagram.tree.outcome_of[outcome].verdict)
        case Rejected():
            return REJECTED
        case _:
            return None


def _list_due(position: Position) -> list[str]:
    return [duty.say for duty in position.duties if duty.certain] if isinstance(position, Reached) else []


def _has(position: Position, duty: int | None) -> bool | None:
    """Say whether a duty comes for certain, or None while that is open."""
    if duty is None:
        return False
    if not isinstance(position, Reached):
        return None
    return next((due.certain or None for due in position.duties if due.number == duty), False)


def _list_rules(rules: tuple[Rule, ...], tree: Tree) -> Iterator[object]:
    for rule in rules:
        yield rule.number, expand(rule.when, tree) if rule.when is not None else None, rule.then
        yield from _list_rules(rule.rules, tree)
