"""A ```comparison fence -> one question put to several editions, with what its author says of their differences.

The author of a comparison claims that facts of different councils mean the same;
so the shared facts stand here, and the editions' own trees know nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Map
from dataclasses import dataclass

from decision_trees.authoring import keys, source
from decision_trees.authoring.findings import Finding, suggest
from decision_trees.authoring.notation import Definition, parse_facts
from decision_trees.authoring.source import Mapping, Node, Reader, Text
from decision_trees.runtime.model import Comparison, Fact, Grouping, SharedFact, Tree


@dataclass(frozen=True, slots=True)
class Said:
    """What one edition says on a point, in our words, and where."""

    say: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the table. An edition that is missing says nothing; `alone` is the only one that speaks."""

    point: str
    said: Map[str, Said]

    @property
    def alone(self) -> str:
        """The edition that stands alone in this, or nothing."""
        return next(iter(self.said)) if len(self.said) == 1 else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the editions part, in a sentence or two."""

    point: str
    say: str


@dataclass(frozen=True, slots=True)
class ComparedTopic:
    """A comparison with its authored text. `definition` is the fence it stands in."""

    comparison: Comparison
    differences: tuple[Difference, ...]
    points: tuple[Point, ...]
    definition: Definition


def parse_comparison(
    definition: Definition, trees: Map[str, Tree], provisions: Map[str, Map[str, object]], broken: Collection[str] = ()
) -> tuple[ComparedTopic | None, list[Finding]]:
    """Read a comparison. `trees` are those of the project by id, `provisions` by edition and number.

    A topic of which a tree is `broken` waits until that is mended.
    """
    reader = Reader()
    root = reader.mapping(reader.compose(definition.text, definition.source, definition.line), "A comparison", keys.COMPARISON.names)
    if root is None:
        return None, reader.findings
    topic = reader.text(root, "topic", required="A comparison")
    if not topic or any(id.partition("/")[2] == topic for id in broken):
        return None, reader.findings
    own = {tree.edition: tree for tree in trees.values() if tree.topic == topic}
    if len(own) < 2:
        reader.find("unknown-tree", root.key_span("topic"), f"`{topic}` is answered by {len(own)} editions; a comparison needs two.",
                    suggest(topic, sorted({tree.topic for tree in trees.values()})))
        return None, reader.findings
    facts = tuple(_read_shared(root, definition, own, reader))
    names = [shared.fact.name for shared in facts]
    case = reader.mapping(root.get("case"), "`case`", [*names, *(f"{e}.{f}" for e, t in own.items() for f in t.fact_of)])
    given = tuple((name.value, value.value) for name, value in (case.entries if case else ()) if isinstance(value, Text))
    differences = tuple(
        Difference(reader.text(spec, "point", required="A difference"), reader.text(spec, "say", required="A difference"))
        for node in reader.items(root, "differences") if (spec := reader.mapping(node, "A difference", keys.DIFFERENCE.names)) is not None
    )
    points = tuple(p for node in reader.items(root, "points") if (p := _read_point(node, own, provisions, reader)) is not None)
    comparison = Comparison(topic, tuple(own), facts, given)
    return ComparedTopic(comparison, differences, points, definition), reader.findings


def _read_shared(root: Mapping, definition: Definition, own: Map[str, Tree], reader: Reader) -> list[SharedFact]:
    node = root.get("facts")
    if node is None:
        return []
    specs = reader.mapping(node, "`facts`")
    if specs is None:
        return []
    bare = tuple((name, _without(spec, "in")) for name, spec in specs.entries)
    facts = parse_facts(Mapping(((Text("facts", specs.span), Mapping(bare, specs.span)),), root.span), definition, reader)
    taken: set[tuple[str, str]] = set()
    shared = []
    for name, spec in specs.entries:
        fact = facts.get(name.value)
        if fact is None or not isinstance(spec, Mapping):
            continue
        groupings = _read_groupings(fact, spec, own, reader)
        for grouping in groupings:
            if (grouping.edition, grouping.fact) in taken:
                reader.find("name-twice", name.span, f"{grouping.edition}'s `{grouping.fact}` follows from two shared facts.",
                            "Let it follow from one.")
            taken.add((grouping.edition, grouping.fact))
        shared.append(SharedFact(fact, tuple(groupings)))
    return shared


def _read_groupings(fact: Fact, spec: Mapping, own: Map[str, Tree], reader: Reader) -> list[Grouping]:
    """Read `in`: for each edition its fact, or a mapping of its facts to their options' shared values."""
    editions = reader.mapping(spec.get("in"), f"`in` of `{fact.name}`", own)
    found = []
    for edition, node in editions.entries if editions else ():
        tree = own.get(edition.value)
        if tree is None:
            continue
        if isinstance(node, Text):
            target = _find_fact(node, tree, reader)
            if target is not None and _is_same(fact, target, node, reader):
                found.append(Grouping(tree.edition, target.name))
            continue
        facts = reader.mapping(node, f"`in` of `{fact.name}` for {edition.value}", tree.fact_of)
        for name, groups in facts.entries if facts else ():
            target = tree.fact_of.get(name.value)
            mapping = reader.mapping(groups, f"{edition.value}'s `{name.value}`",
                                     [option.name for option in target.options] if target else None)
            if target is not None and mapping is not None:
                found.append(Grouping(tree.edition, target.name, _read_groups(fact, mapping, reader)))
    return found


def _read_groups(fact: Fact, mapping: Mapping, reader: Reader) -> tuple[tuple[str, tuple[str, ...]], ...]:
    known = [option.name for option in fact.options]
    seen: set[str] = set()
    groups = []
    for option, _ in mapping.entries:
        values = list(reader.texts(mapping, option.value))
        for value in values:
            if value.value not in known:
                reader.find("unknown-option", value.span, f"`{fact.name}` has no option `{value.value}`.", suggest(value.value, known))
            elif value.value in seen and fact.kind == "choice":
                reader.find("name-twice", value.span, f"`{value.value}` stands in two groups.", "It can stand for one option only.")
            seen.add(value.value)
        groups.append((option.value, tuple(value.value for value in values)))
    return tuple(groups)


def _find_fact(node: Text, tree: Tree, reader: Reader) -> Fact | None:
    fact = tree.fact_of.get(node.value)
    if fact is None:
        reader.find("unknown-name", node.span, f"{tree.id} has no fact `{node.value}`.", suggest(node.value, tree.fact_of))
    return fact


def _is_same(shared: Fact, own: Fact, node: Text, reader: Reader) -> bool:
    """Say whether a shared fact's values are the edition's own, so that no groups are needed."""
    if shared.kind == own.kind and {o.name for o in shared.options} <= {o.name for o in own.options}:
        return True
    reader.find("type-error", node.span, f"`{shared.name}` and the edition's `{own.name}` have different options.",
                "Say which each of its own stands for: "
                f"{{{own.name}: {{{', '.join(f'{option.name}: [...]' for option in own.options) or '...'}}}}}")
    return False


def _read_point(node: Node, own: Map[str, Tree], provisions: Map[str, Map[str, object]], reader: Reader) -> Point | None:
    spec = reader.mapping(node, "A point", ("point", *own))
    if spec is None:
        return None
    said: dict[str, Said] = {}
    for edition, part in spec.entries:
        if edition.value == "point":
            continue
        row = reader.mapping(part, f"{edition.value}", keys.SAID.names)
        if row is None:
            continue
        cite = list(reader.texts(row, "cite"))
        for text in cite:
            if text.value not in provisions.get(edition.value, {}):
                reader.find("unknown-provision", text.span, f"{edition.value} has no provision {text.value}.",
                            suggest(text.value, provisions.get(edition.value, {})))
        if not cite:
            reader.find("missing-key", row.head, "What an edition says needs `cite`.", "Name the provision that says it.")
        said[edition.value] = Said(reader.text(row, "say", required="What an edition says"), tuple(t.value for t in cite))
    return Point(reader.text(spec, "point", required="A point"), said)


def _without(node: Node, key: str) -> Node:
    if not isinstance(node, source.Mapping):
        return node
    return Mapping(tuple((name, value) for name, value in node.entries if name.value != key), node.span)
