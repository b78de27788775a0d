"""Two versions of a project -> what is different: where answers end, which duties come, what is said.

Each difference in behaviour comes with answers that were tried on both versions: a
difference is a fact, never a suspicion. What could not be decided is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from decision_trees.authoring.amendments.common_space import REJECTED, CommonSpace, End, Witness
from decision_trees.authoring.compiler import Compiled, compile_together
from decision_trees.authoring.project import PublishedTree
from decision_trees.authoring.amendments.renaming import expand, match_names, rename
from decision_trees.authoring.amendments.rewording import (
    DutyPair, NameChange, TextChange, list_name_changes, list_text_changes, match_duties,
)
from decision_trees.runtime.diagram import TooManyStates
from decision_trees.runtime.engine import Asking, Position, Reached, Rejected
from decision_trees.runtime.model import Diagram, Rule, Tree


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

    `unsettled` says what could not be decided. `cited` and `uncited` are provisions that
    the tree has begun and ceased to cite. `is_rewritten`: the rules are written otherwise.
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


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    """A provision whose text changed, that came (no `old`) or went (no `new`), and the new trees that cite it."""

    edition: str
    provision: str
    old: str
    new: str
    trees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a project, or of a page. `trees` go by what pairs them; `provisions` by edition and number."""

    trees: Mapping[str, PublishedTree]
    provisions: Mapping[tuple[str, str], str]
    budget: int


@dataclass(frozen=True, slots=True)
class ProjectDifference:
    """What two versions of a project have different: trees added and removed by id, trees and provisions changed."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    trees: tuple[TreeDifference, ...]
    provisions: tuple[ProvisionChange, ...]

    @property
    def is_behaviour(self) -> bool:
        """Say whether some reader gets another answer or another duty, or might."""
        return bool(self.added or self.removed or any(tree.is_behaviour for tree in self.trees))


def compare_versions(old: Version, new: Version) -> ProjectDifference:
    """Compare two versions, tree by tree and provision by provision."""
    budget = 4 * max(old.budget, new.budget)
    pairs = [(old.trees[key], tree) for key, tree in new.trees.items() if key in old.trees]
    trees = [compare_trees(before, after, budget) for before, after in pairs if before.tree != after.tree]
    return ProjectDifference(
        tuple(tree.tree.id for key, tree in new.trees.items() if key not in old.trees),
        tuple(tree.tree.id for key, tree in old.trees.items() if key not in new.trees),
        tuple(each for each in trees if not each.is_empty),
        tuple(_compare_provisions(old, new)),
    )


def compare_trees(old: PublishedTree, new: PublishedTree, budget: int) -> TreeDifference:
    """Compare two versions of a tree. `budget` is for the nodes of both."""
    names = match_names(old.tree, new.tree)
    duties = match_duties(old.tree.duties, new.tree.duties)
    before = rename(old.tree, names)
    ends: list[EndChange] = []
    changes: list[DutyChange] = []
    try:
        both = compile_together([before, new.tree], budget)
        shared = CommonSpace(both[0], both[1], old.diagram, new.diagram, names)
        ends, missing = _compare_ends(shared)
        changes, unproved = _compare_duties(shared, duties)
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


def _compare_ends(shared: CommonSpace) -> tuple[list[EndChange], list[str]]:
    """List each pair of ends between which answers moved, and the pairs that nothing proves."""
    order = [outcome.name for tree in (shared.new.tree, shared.old.tree) for outcome in tree.outcomes]
    pairs = [(pair, node) for node, pair in shared.list_pairs().items() if pair[0] != pair[1]]
    found: list[EndChange] = []
    missing: list[str] = []
    for (common, after), node in sorted(pairs, key=lambda each: [order.index(e.outcome) if e.outcome else -1 for e in each[0]]):
        before = End(shared.find_old_outcome(common.outcome), common.verdict)
        ends = [before, after]

        def shows(positions: list[Position], ends: list[End] = ends) -> bool:
            return [find_end(*each) for each in zip((shared.old_diagram, shared.new_diagram), positions, strict=True)] == ends

        proof = shared.find_witness(shared.joined, node, shows)
        if proof.witness:
            is_asking = any(isinstance(position, Asking) for position in proof.positions)
            lost, gained = ([] if is_asking else _list_due(position) for position in proof.positions)
            found.append(EndChange(before, after, proof.witness, tuple(s for s in lost if s not in gained),
                                   tuple(s for s in gained if s not in lost)))
        elif not proof.is_settled:
            missing.append(f"Perhaps some answers that led to `{before.outcome or before.verdict}` lead to "
                           f"`{after.outcome or after.verdict}`; no example was found.")
    return found, missing


def _compare_duties(shared: CommonSpace, duties: Sequence[DutyPair]) -> tuple[list[DutyChange], list[str]]:
    """List the duties that come or go while the end stays; those that one version alone has, in any case."""
    space, old, new = shared.new.space, shared.old, shared.new
    pairs = shared.list_pairs()
    stays = space.both(shared.common, space.map_ends(shared.joined, {
        n: space.true if n in pairs and pairs[n][0] == pairs[n][1] != REJECTED else space.false for n in space.ends(shared.joined)
    }))
    found: list[DutyChange] = []
    missing: list[str] = []

    def look(mine: tuple[int, ...], yours: tuple[int, ...], comes: bool) -> None:
        before, after = _join_duties(old, mine), _join_duties(new, yours)
        differs = space.both(after, space.invert(before)) if comes else space.both(before, space.invert(after))
        here = space.both(stays, differs)
        if here == space.false and not (mine and yours):
            here = differs
        if here == space.false:
            return
        say = new.tree.duties[yours[0]].say if comes else old.tree.duties[mine[0]].say
        proof = shared.find_witness(here, space.true, lambda at: _has(at[1], yours) is comes and _has(at[0], mine) is (not comes))
        if proof.witness:
            found.append(DutyChange(say, comes, proof.witness))
        elif not proof.is_settled:
            missing.append(f"Perhaps this duty {'comes' if comes else 'goes'}, and no example was found: {say}")

    for comes in (False, True):
        for mine, yours in duties:
            look(mine, yours, comes)
    return found, missing


def _join_duties(compiled: Compiled, numbers: tuple[int, ...]) -> int:
    """Give the function that is true where one of the duties comes."""
    result = compiled.space.false
    for number in numbers:
        result = compiled.space.either(result, compiled.duties[number])
    return compiled.space.both(result, compiled.allowed)


def find_end(diagram: Diagram, position: Position) -> End | None:
    """Give the end of a position, or None if it is not at an end. A settled outcome is one though a text wants an answer."""
    match position:
        case Reached(outcome) | Asking(settled=outcome) if outcome:
            return End(outcome, diagram.tree.outcome_of[outcome].verdict)
        case Rejected():
            return REJECTED
        case _:
            return None


def _list_due(position: Position) -> list[str]:
    return [duty.say for duty in position.duties if duty.certain] if isinstance(position, Reached) else []


def _has(position: Position, duties: tuple[int, ...]) -> bool | None:
    """Say whether one of the duties comes for certain, or None while that is open."""
    if not duties or isinstance(position, Rejected):
        return False
    if not isinstance(position, Reached):
        return None
    found = [due.certain for due in position.duties if due.number in duties]
    return any(found) or (None if found else False)


def _list_rules(rules: tuple[Rule, ...], tree: Tree) -> Iterator[object]:
    for rule in rules:
        yield rule.number, expand(rule.when, tree) if rule.when is not None else None, rule.then
        yield from _list_rules(rule.rules, tree)


def _compare_provisions(old: Version, new: Version) -> Iterator[ProvisionChange]:
    for key in dict.fromkeys((*new.provisions, *old.provisions)):
        before, after = old.provisions.get(key, ""), new.provisions.get(key, "")
        if before != after:
            trees = (each for each in new.trees.values() if each.tree.edition == key[0] and key[1] in each.provisions)
            yield ProvisionChange(*key, before, after, tuple(each.tree.id for each in trees))
