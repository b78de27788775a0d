"""A definition's YAML -> a tree, or every finding at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from decision_trees.authoring import grammar, keys
from decision_trees.authoring.facts import read_cite, read_fact
from decision_trees.authoring.findings import Finding, Span, sort_findings, suggest
from decision_trees.authoring.grammar import Mistake, Names
from decision_trees.authoring.source import Mapping, Node, Reader, Sequence, Text
from decision_trees.runtime import calendar as days
from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Has, Is, Let, Not, Ref, Term, list_quantities,
)
from decision_trees.runtime.model import (
    GO_ON, VERDICTS, Check, Citation, Doubt, Duty, Fact, Outcome, Rule, Tree,
)

_BRACED = re.compile(r"\{([^{}]*)\}")
MANY_FACTS = 200
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Definition:
    """The source of a tree: its text and where it begins. `edition` owns the page.

    `fence` is the page's line on which the fence begins. Where the fence names a file,
    `file` is its path in the docs folder, and `line` counts in it.
    """

    page: str
    line: int
    text: str
    edition: str = ""
    indent: int = 0
    fence: int = 0
    file: str = ""

    @property
    def source(self) -> str:
        """What findings name: the file that holds the text, or the page."""
        return self.file or self.page


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree with the places of its parts: `rule 2.1`, `fact post`, `option post.junior`, `outcome attend`, ..."""

    tree: Tree
    places: dict[str, Span]
    citations: tuple[tuple[Citation, Span], ...]
    definition: Definition


def parse(definition: Definition, calendar: days.Calendar | None = None) -> Parsed | list[Finding]:
    """Read a definition into a checked model, or give everything that is wrong with it."""
    reader = Reader()
    root = reader.compose(definition.text, definition.source, definition.line, definition.indent)
    if root is None:
        return sort_findings(reader.findings)
    mapping = reader.mapping(root, "A tree", keys.TREE.names)
    if mapping is None:
        return sort_findings(reader.findings)
    parsed = _TreeParser(reader, definition, calendar).read(mapping)
    return sort_findings(reader.findings) if reader.findings else parsed


@dataclass
class _TreeParser:
    reader: Reader
    definition: Definition
    calendar: days.Calendar | None
    facts: dict[str, Fact] = field(default_factory=dict)
    lets: dict[str, Let] = field(default_factory=dict)
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    extents: dict[str, grammar.Extent] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    citations: list[tuple[Citation, Span]] = field(default_factory=list)
    later: frozenset[str] = frozenset()
    unread: set[str] = field(default_factory=set)
    """Names of facts, lets and outcomes that have findings of their own: whoever uses them makes no mistake."""

    @property
    def names(self) -> Names:
        return Names(self.facts, self.lets, self.sets, self.later)

    def read(self, root: Mapping) -> Parsed:
        reader = self.reader
        topic = reader.text(root, "tree", required="A tree")
        self.places["tree"] = root.value_span("tree")
        if topic and not keys.is_name(topic):
            reader.find("wrong-value", self.places["tree"], f"`{topic}` can't be a tree's name.",
                        "Use small letters, digits and hyphens.")
        ask = reader.text(root, "ask", required="A tree")
        self.places["ask"] = root.value_span("ask")
        roles = {text.value: text.span for text in reader.texts(root, "roles")}
        self.places.update({f"role {role}": span for role, span in roles.items()})
        self.read_facts(root)
        self.read_sets(root)
        self.read_lets(root)
        outcomes = self.read_outcomes(root)
        known = {outcome.name: outcome for outcome in outcomes}
        rules = self.read_rules(root.get("decide"), known, "", root.span)
        duties = tuple(self.read_duties(root, known))
        checks = tuple(self.read_checks(root))
        tree = Tree(
            edition=self.definition.edition, topic=topic, ask=ask, roles=tuple(roles), facts=tuple(self.facts.values()),
            lets=tuple(self.lets.values()), rules=rules, outcomes=outcomes, duties=duties, checks=checks,
            about=reader.text(root, "about"), doubt=self.read_doubt(root), calendar=self.calendar,
        )
        return Parsed(tree, self.places, tuple(self.citations), self.definition)

    # Facts ---------------------------------------------------------------------------

    def read_facts(self, root: Mapping) -> None:
        facts = self.reader.mapping(root.get("facts"), "`facts`")
        if facts is None:
            if root.get("facts") is None:
                self.reader.find("missing-key", root.span, "A tree needs `facts`: what it asks the reader.",
                                 "Add `facts:` with a name for each question.")
            return
        if len(facts.entries) > MANY_FACTS:
            self.reader.find("too-large", facts.span, f"A tree can have {MANY_FACTS} facts; this has {len(facts.entries)}.",
                             "Part the question into several trees.")
            return
        for name, node in facts.entries:
            if not self.check_name(name, "fact"):
                continue
            self.places[f"fact {name.value}"] = name.span
            read = read_fact(name, node, self.reader)
            if read is None:
                self.unread.add(name.value)
                continue
            self.facts[read.fact.name] = read.fact
            self.places |= read.places
            self.citations += read.citations.items()

    def read_sets(self, root: Mapping) -> None:
        sets = self.reader.mapping(root.get("sets"), "`sets`")
        for name, _ in sets.entries if sets else ():
            if self.check_name(name, "set"):
                assert sets is not None
                self.sets[name.value] = tuple(text.value for text in self.reader.texts(sets, name.value))

    # Lets ----------------------------------------------------------------------------

    def read_lets(self, root: Mapping) -> None:
        lets = self.reader.mapping(root.get("let"), "`let`")
        self.later = frozenset(name.value for name, _ in lets.entries) if lets else frozenset()
        for name, node in lets.entries if lets else ():
            if not self.check_name(name, "let"):
                continue
            self.places[f"let {name.value}"] = name.span
            let = self.read_let(name, node)
            if let is None:
                self.unread.add(name.value)
            else:
                self.lets[let.name] = let

    def read_let(self, name: Text, node: Node) -> Let | None:
        reader = self.reader
        ask = hint = words = ""
        cite: tuple[Citation, ...] = ()
        value: Node | None = node
        if isinstance(node, Mapping):
            spec = reader.mapping(node, f"`{name.value}`", keys.LET.names)
            assert spec is not None
            ask, hint, words = reader.text(spec, "ask"), reader.text(spec, "hint"), reader.text(spec, "words")
            self.places[f"ask {name.value}"] = spec.value_span("ask")
            cite, value = self.read_cite(spec), spec.get("is")
            if value is None:
                reader.find("missing-key", name.span, f"`{name.value}` needs `is`: what it stands for.",
                            "Add `is: ` with a condition or a quantity.")
        if not isinstance(value, Text):
            if value is not None:
                reader.find("wrong-value", value.span, f"`{name.value}` must stand for a condition or a quantity.",
                            "Write it in one text: `late: today > due`.")
            return None
        provisions = tuple(citation.provision for citation in cite)
        if grammar.is_quantity(value.value, self.names):
            typed = self.read_text(value, grammar.parse_quantity)
            if typed is None:
                return None
            if not self.check_extent(typed.term, value.span, name.value):
                return None
            return Let(name.value, "number" if typed.kind == "constant" else typed.kind, term=typed.term,
                       words=words or f"({value.value})", cite=provisions)
        condition = self.read_text(value, grammar.parse_condition)
        if condition is None or not self.check_extent(condition, value.span, name.value):
            return None
        if not self.check_quantities(condition, value.span, is_let=True):
            return None
        kind = "condition"
        if any(isinstance(atom, AtLeast) and len(set(list_quantities(atom, self.lets))) > 1 for atom in _list_atoms(condition)):
            kind = "comparison"
            if not ask:
                reader.find("two-facts", name.span, f"`{name.value}` compares two facts, so it needs `ask`: a question "
                            "with the answers yes and no, for a page without script.",
                            "Write it as two keys: `is: ` with the comparison, and `ask: ` with the question.")
        return Let(name.value, kind, condition=condition, ask=ask, hint=hint, words=words, cite=provisions)

    # Rules ---------------------------------------------------------------------------

    def read_rules(
        self, node: Node | None, outcomes: dict[str, Outcome], prefix: str, span: Span, may_go_on: bool = False
    ) -> tuple[Rule, ...]:
        """Read rules in order; they may go on where rules come after them."""
        reader = self.reader
        if node is None:
            reader.find("missing-key", span, "A tree needs `decide`: its rules, in order.",
                        "Add `decide:` with rules that end in `- otherwise: ` and an outcome.")
            return ()
        if not isinstance(node, Sequence) or not node.items:
            reader.find("wrong-value", node.span, "`decide` must be a list of rules that ends in `otherwise`.",
                        "Begin each rule with `- `.")
            return ()
        rules: list[Rule] = []
        for index, item in enumerate(node.items):
            number = f"{prefix}{index + 1}"
            self.places[f"rule {number}"] = item.span
            spec = reader.mapping(item, f"Rule {number}", keys.RULE.names)
            if spec is None:
                continue
            rule = self.read_rule(spec, outcomes, number, may_go_on)
            if rule is not None:
                rules.append(rule)
            if spec.get("otherwise") is not None and index < len(node.items) - 1:
                reader.find("after-otherwise", node.items[index + 1].span,
                            f"Rule {prefix}{index + 2} stands after `otherwise` and is never read.", "Move `otherwise` to the end.")
        last = node.items[-1]
        if isinstance(last, Mapping) and not any(isinstance(each, Mapping) and each.get("otherwise") for each in node.items):
            which = f"The rules within rule {prefix[:-1]}" if prefix else "The rules"
            reader.find("no-otherwise", last.span, f"{which} do not end in `otherwise`, so that some answers would decide nothing.",
                        "Add `- otherwise: ` with an outcome" + (", or with `go-on`: the rules after these decide." if may_go_on else "."))
        return tuple(rules)

    def read_rule(self, spec: Mapping, outcomes: dict[str, Outcome], number: str, may_go_on: bool) -> Rule | None:
        reader = self.reader
        cite = self.read_cite(spec)
        otherwise = spec.get("otherwise")
        if otherwise is not None:
            if len(spec.entries) > (2 if spec.get("cite") else 1):
                reader.find("wrong-value", spec.span, "`otherwise` stands alone: it has no condition.",
                            "Take the condition out, or write `when` and `then`.")
            if isinstance(otherwise, Sequence):
                rules = self.read_rules(otherwise, outcomes, f"{number}.", spec.span, may_go_on)
                return Rule(None, rules=rules, cite=cite, number=number)
            end = self.read_then(otherwise, outcomes, may_go_on)
            return Rule(None, end, cite=cite, number=number) if end else None
        condition = self.read_condition(spec, "when", f"Rule {number}")
        unless = self.read_condition(spec, "unless", "")
        if spec.get("when") is None:
            reader.find("missing-key", spec.span, f"Rule {number} needs `when` or `otherwise`.",
                        "Add `when: ` with a condition; the last rule is `- otherwise: ` with an outcome.")
        if condition is not None and unless is not None:
            condition = All((condition, Not(unless)))
        nested, then = spec.get("decide"), spec.get("then")
        if (nested is None) == (then is None):
            reader.find("missing-key", spec.span, f"Rule {number} needs either `then` or a nested `decide`"
                        + ("; here are both." if then is not None else "."), "Write `then: ` with an outcome, or `decide:` with rules.")
            return None
        if nested is not None:
            rules = self.read_rules(nested, outcomes, f"{number}.", spec.span, may_go_on=True)
            return Rule(condition, rules=rules, cite=cite, number=number) if condition and rules else None
        name = self.read_then(then, outcomes, may_go_on) if then is not None else ""
        return Rule(condition, name, cite=cite, number=number) if condition and name else None

    def read_then(self, node: Node, outcomes: dict[str, Outcome], may_go_on: bool) -> str:
        if not isinstance(node, Text):
            self.reader.find("wrong-value", node.span, "Here the name of an outcome should stand.",
                             "Nested rules stand under `decide`; a verdict and its words stand under `outcomes`.")
            return ""
        if node.value == GO_ON:
            if not may_go_on:
                self.reader.find("go-on-at-top", node.span, "No rules come after these: `go-on` leads nowhere.",
                                 "Name an outcome.")
                return ""
            return GO_ON
        if node.value not in outcomes:
            if node.value in self.unread:
                return ""
            if node.value in VERDICTS:
                self.reader.find("unknown-outcome", node.span, f"`{node.value}` is a verdict: here the name of an outcome should stand.",
                                 "Name an outcome, and give it the verdict under `outcomes`.")
                return ""
            self.reader.find("unknown-outcome", node.span, f"No outcome is called `{node.value}`.",
                             suggest(node.value, [*outcomes, *([GO_ON] if may_go_on else [])]) or "Declare it under `outcomes`.")
            return ""
        return node.value

    def read_condition(self, spec: Mapping, key: str, _what: str) -> Condition | None:
        node = spec.get(key)
        if node is None:
            return None
        if not isinstance(node, Text):
            self.reader.find("wrong-value", node.span, f"`{key}` must be a condition in one text.",
                             f"Write `{key}: post is junior`; several are joined with `and` or `or`.")
            return None
        condition = self.read_text(node, grammar.parse_condition)
        if condition is None or not self.check_extent(condition, node.span):
            return None
        return condition if self.check_quantities(condition, node.span, is_let=False) else None

    # Outcomes, duties, checks -----------------------------------------------------------

    def read_outcomes(self, root: Mapping) -> tuple[Outcome, ...]:
        reader = self.reader
        mapping = reader.mapping(root.get("outcomes"), "`outcomes`")
        if root.get("outcomes") is None:
            reader.find("missing-key", root.span, "A tree needs `outcomes`: what its rules lead to.",
                        "Add `outcomes:` with a name for each, its `verdict` and what to `say`.")
        outcomes: list[Outcome] = []
        for name, node in mapping.entries if mapping else ():
            what = f"The outcome `{name.value}`"
            if not keys.is_name(name.value) or name.value in (GO_ON, *VERDICTS[:3]):
                reader.find("wrong-value", name.span, f"`{name.value}` can't be an outcome's name.",
                            "Use small letters, digits and hyphens; not a verdict and not go-on.")
                self.unread.add(name.value)
                continue
            self.places[f"outcome {name.value}"] = name.span
            spec = reader.mapping(node, what, keys.OUTCOME.names)
            if spec is None:
                self.unread.add(name.value)
                continue
            verdict = reader.text(spec, "verdict", required=what)
            if verdict and verdict not in VERDICTS:
                reader.find("unknown-verdict", spec.value_span("verdict"), f"`{verdict}` is not a verdict.", suggest(verdict, VERDICTS))
            to = reader.text(spec, "to")
            if verdict == "refer" and not to:
                reader.find("no-recipient", name.span, f"{what} refers, so it must say `to` whom.",
                            "Add `to: the Monitoring Officer`, or whom the provision names.")
            outcomes.append(Outcome(
                name.value, verdict, self.read_said(spec, what), reader.text(spec, "brief"), to,
                reader.text(spec, "note"), self.read_cite(spec),
            ))
        return tuple(outcomes)

    def read_duties(self, root: Mapping, outcomes: dict[str, Outcome]) -> Iterator[Duty]:
        reader = self.reader
        for index, node in enumerate(reader.items(root, "also")):
            what = f"Duty {index + 1}"
            self.places[f"duty {index}"] = node.span
            spec = reader.mapping(node, what, keys.DUTY.names)
            if spec is None:
                continue
            when = self.read_condition(spec, "when", what)
            unless = self.read_condition(spec, "unless", what)
            if unless is not None:
                when = Not(unless) if when is None else All((when, Not(unless)))
            yield Duty(
                self.read_said(spec, what), self.read_for(spec, outcomes), when, reader.flag(spec, "ask"),
                reader.text(spec, "if"), reader.text(spec, "group"), self.read_cite(spec),
            )

    def read_for(self, spec: Mapping, outcomes: dict[str, Outcome]) -> tuple[str, ...]:
        wanted = list(self.reader.texts(spec, "for"))
        if not wanted:
            return tuple(name for name, outcome in outcomes.items() if outcome.verdict in ("yes", "yes-if"))
        chosen: set[str] = set()
        for text in wanted:
            if text.value == "any":
                chosen |= set(outcomes)
            elif text.value in outcomes:
                chosen.add(text.value)
            elif text.value in VERDICTS:
                chosen |= {name for name, outcome in outcomes.items() if outcome.verdict == text.value}
            else:
                self.reader.find("unknown-outcome", text.span, f"`{text.value}` is neither an outcome nor a verdict nor `any`.",
                                 suggest(text.value, [*outcomes, *VERDICTS, "any"]))
        return tuple(name for name in outcomes if name in chosen)

    def read_checks(self, root: Mapping) -> Iterator[Check]:
        for index, node in enumerate(self.reader.items(root, "check")):
            self.places[f"check {index}"] = node.span
            spec = self.reader.mapping(node, "A check", keys.CHECK.names)
            if spec is None:
                continue
            if spec.get("when") is None:
                self.reader.find("missing-key", spec.span, "A check needs `when`.",
                                 "Add `when: ` with what can't be.")
            when = self.read_condition(spec, "when", "A check")
            say = self.read_said(spec, "A check")
            if when is not None:
                yield Check(when, say)

    def read_doubt(self, root: Mapping) -> Doubt | None:
        spec = self.reader.mapping(root.get("doubt"), "`doubt`", keys.DOUBT.names)
        if spec is None:
            return None
        cite = self.read_cite(spec)
        return Doubt(self.reader.text(spec, "to", required="`doubt`"), cite[0].provision if cite else "")

    def read_cite(self, spec: Mapping) -> tuple[Citation, ...]:
        citations = read_cite(spec, self.reader)
        self.citations += citations.items()
        return tuple(citations)

    # Checks on names and kinds ----------------------------------------------------------

    def check_name(self, name: Text, what: str) -> bool:
        reader = self.reader
        if name.value in self.facts or name.value in self.lets or name.value in self.sets:
            reader.find("name-twice", name.span, f"`{name.value}` is declared already.", "Give one of the two another name.")
            return False
        if keys.is_name(name.value) and name.value not in keys.RESERVED:
            return True
        self.unread.add(name.value)
        if name.value in keys.RESERVED:
            reader.find("wrong-value", name.span, f"`{name.value}` is a word of the notation, so it can't be the name of a {what}.",
                        "Choose another name.")
        else:
            reader.find("wrong-value", name.span, f"`{name.value}` can't be the name of a {what}.",
                        "Begin with a small letter, and use small letters, digits and hyphens.")
        return False

    def check_extent(self, part: Condition | Term, span: Span, let: str = "") -> bool:
        """Bound what is read, through every `let`; note it for the `let` that it stands for."""
        size, depth = self.extents[let] = grammar.measure(part, self.extents)
        if size <= grammar.LARGEST and depth <= grammar.DEEPEST:
            return True
        how = f"more than {grammar.LARGEST:,} parts" if size > grammar.LARGEST else f"parts nested more than {grammar.DEEPEST} deep"
        self.reader.find("too-large", span, f"This has {how}, counting the `let`s that it names.", "Say it in fewer steps.")
        return False

    def check_quantities(self, condition: Condition, span: Span, is_let: bool) -> bool:
        pure = all(isinstance(atom, AtLeast) for atom in _list_atoms(condition))
        for atom in _list_atoms(condition):
            if not isinstance(atom, AtLeast):
                continue
            read = list(list_quantities(atom, self.lets))
            if len(read) != len(set(read)):
                self.reader.find("type-error", span, f"`{read[0]}` stands on both sides of a comparison.", "Bring it to one side.")
                return False
            if len(read) > 1 and not (is_let and pure):
                self.reader.find("two-facts", span, f"This compares `{read[0]}` with `{read[1]}`: a comparison of two facts needs a name and a question of its own.",
                                 "Put it under `let` with `is` and `ask`, and use its name here.")
                return False
        return True

    def read_said(self, spec: Mapping, what: str) -> str:
        """Read `say`, in which every `{name}` must be a fact or a quantity that `let` names."""
        node = spec.get("say")
        shown = [*self.facts, *(name for name, let in self.lets.items() if let.term is not None)]
        for match in _BRACED.finditer(node.value) if isinstance(node, Text) else ():
            if match[1] not in shown:
                assert isinstance(node, Text)
                self.reader.find("unknown-name", node.locate(match.start(), len(match[0])),
                                 f"There is no fact and no quantity called `{match[1]}` to show here.", suggest(match[1], shown) or
                                 "Take the brackets out.")
        return self.reader.text(spec, "say", required=what)

    def read_text(self, text: Text, read: Callable[[str, Span, Names], _T]) -> _T | None:
        """Read a condition or a quantity; a mistake in it is a finding at its place in the page."""
        try:
            return read(text.value, text.span._replace(column=1), self.names)
        except Mistake as mistake:
            finding = mistake.finding
            start = finding.span.column - 1
            if finding.code == "unknown-name" and text.value[start : start + finding.span.length] in self.unread:
                return None
            place = text.locate(start, finding.span.length)
            self.reader.findings.append(replace(finding, span=place))
            return None


def _list_atoms(condition: Condition) -> Iterator[Is | Has | AtLeast | Ref]:
    match condition:
        case Not(inner):
            yield from _list_atoms(inner)
        case All(parts) | Any(parts):
            for part in parts:
                yield from _list_atoms(part)
        case _:
            yield condition


def parse_facts(root: Mapping, definition: Definition, reader: Reader) -> dict[str, Fact]:
    """Read the `facts` of a mapping that is no tree: the shared facts of a comparison."""
    parser = _TreeParser(reader, definition, None)
    parser.read_facts(root)
    return parser.facts


def read_outline(definition: Definition) -> tuple[str, tuple[tuple[Citation, Span], ...]]:
    """Give the name and the citations of a definition, whatever else is wrong with it."""
    reader = Reader()
    root = reader.compose(definition.text, definition.source, definition.line, definition.indent)
    if not isinstance(root, Mapping):
        named = re.search(r"^tree: *(\S+)", definition.text, re.MULTILINE)
        return named[1] if named else "", ()
    citations: list[tuple[Citation, Span]] = []
    todo: list[Node] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, Mapping):
            citations += read_cite(node, reader).items()
            todo += [value for _, value in node.entries]
        elif isinstance(node, Sequence):
            todo += node.items
    return reader.text(root, "tree"), tuple(citations)
