"""What two versions of a tree say differently: names, texts, citations, bounds."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from decision_trees.authoring.amendments.renaming import APART, Renaming
from decision_trees.runtime.answers import say_quantity
from decision_trees.runtime.model import Citation, Duty, Fact, Rule, Tree

DutyPair = tuple[tuple[int, ...], tuple[int, ...]]
"""The numbers of the old and the new duties that say the same, or nearly; duties of one text are one to a reader."""
_ALIKE = 0.6
_FACT = ("ask", "hint", "why", "none", "unit", "unsure", "cite")
_OUTCOME = ("verdict", "say", "brief", "to", "note", "cite")
_LET = ("ask", "hint", "words", "cite")
_DUTY = ("say", "words", "ask", "group", "cite")


@dataclass(frozen=True, slots=True)
class NameChange:
    """A fact, option or outcome that was added (no `old`), removed (no `new`) or renamed."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """Another text in one place: `what` ("outcome attend"), the `key` in it, and both texts."""

    what: str
    key: str
    old: str
    new: str


def list_name_changes(old: Tree, new: Tree, names: Renaming) -> list[NameChange]:
    """List the facts, options and outcomes that came, went or have another name."""
    found = list(_list_names("fact", [f.name for f in old.facts], [f.name for f in new.facts], names.facts))
    for fact in old.facts:
        other = new.fact_of.get(names.facts[fact.name])
        if other is not None:
            renamed = {o.name: names.options[fact.name, o.name] for o in fact.options}
            found += [
                NameChange("option", change.old and f"{fact.name}.{change.old}", change.new and f"{other.name}.{change.new}")
                for change in _list_names("option", list(renamed), [o.name for o in other.options], renamed)
            ]
    found += _list_names("outcome", [o.name for o in old.outcomes], [o.name for o in new.outcomes], names.outcomes)
    return found


def list_text_changes(old: Tree, new: Tree, names: Renaming, duties: Sequence[DutyPair]) -> list[TextChange]:
    """List every text, citation and bound that differs in what both versions have. `duties` pairs them, old and new."""
    found = list(_compare("tree", ("ask", "about", "roles", "doubt"), old, new))
    for fact in old.facts:
        other = new.fact_of.get(names.facts[fact.name])
        if other is None:
            continue
        found += _compare(f"fact {other.name}", _FACT, fact, other)
        if _say_bounds(fact) != _say_bounds(other):
            found.append(TextChange(f"fact {other.name}", "bounds", _say_bounds(fact), _say_bounds(other)))
        labels = {o.name: o for o in other.options}
        for option in fact.options:
            twin = labels.get(names.options[fact.name, option.name])
            if twin is not None:
                found += _compare(f"option {other.name}.{twin.name}", ("label", "hint"), option, twin)
    for let in old.lets:
        same = new.let_of.get(names.lets[let.name].removesuffix(APART))
        if same is not None:
            found += _compare(f"let {same.name}", _LET, let, same)
    for outcome in old.outcomes:
        after = new.outcome_of.get(names.outcomes[outcome.name])
        if after is not None:
            found += _compare(f"outcome {after.name}", _OUTCOME, outcome, after)
    for pair in duties:
        for mine, yours in zip(*pair, strict=False):
            found += _compare(f"duty {yours + 1}", _DUTY, old.duties[mine], new.duties[yours])
    found += _list_rule_changes(old, new)
    found += _list_check_changes(old, new)
    return found


def match_duties(old: Sequence[Duty], new: Sequence[Duty]) -> list[DutyPair]:
    """Pair duties by their words: those that are the same, then those that are most alike, then each that is alone."""
    befores, afters = _group_duties(old), _group_duties(new)
    scores = sorted(
        (-difflib.SequenceMatcher(None, a, b, autojunk=False).ratio(), abs(i - j), i, a, b)
        for i, a in enumerate(befores) for j, b in enumerate(afters)
    )
    pairs: dict[str, str] = {}
    for score, _, _, a, b in scores:
        if -score >= _ALIKE and a not in pairs and b not in pairs.values():
            pairs[a] = b
    found = [(numbers, afters[pairs[say]] if say in pairs else ()) for say, numbers in befores.items()]
    return found + [((), numbers) for say, numbers in afters.items() if say not in pairs.values()]


def _group_duties(duties: Sequence[Duty]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, tuple[int, ...]] = {}
    for number, duty in enumerate(duties):
        groups[duty.say] = (*groups.get(duty.say, ()), number)
    return groups


def _list_names(kind: str, old: Sequence[str], new: Sequence[str], names: Mapping[str, str]) -> Iterator[NameChange]:
    for name in old:
        if names[name] not in new:
            yield NameChange(kind, name, "")
        elif names[name] != name:
            yield NameChange(kind, name, names[name])
    for name in new:
        if name not in [names[each] for each in old]:
            yield NameChange(kind, "", name)


def _compare(what: str, keys: Sequence[str], old: object, new: object) -> Iterator[TextChange]:
    for key in keys:
        before, after = _say(getattr(old, key)), _say(getattr(new, key))
        if before != after:
            yield TextChange(what, key, before, after)


def _list_rule_changes(old: Tree, new: Tree) -> Iterator[TextChange]:
    """Compare the citations of rules: by number while there are as many, else all together."""
    before, after = dict(_list_rules(old.rules)), dict(_list_rules(new.rules))
    if list(before) != list(after):
        before, after = {"": " ".join(sorted(set(before.values())))}, {"": " ".join(sorted(set(after.values())))}
    for number, cite in before.items():
        if cite != after[number]:
            yield TextChange(f"rule {number}" if number else "rules", "cite", cite.strip(), after[number].strip())


def _list_rules(rules: tuple[Rule, ...]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield rule.number, _say(rule.cite)
        yield from _list_rules(rule.rules)


def _list_check_changes(old: Tree, new: Tree) -> Iterator[TextChange]:
    before, after = [check.say for check in old.checks], [check.say for check in new.checks]
    lost, gained = [s for s in before if s not in after], [s for s in after if s not in before]
    for index in range(max(len(lost), len(gained))):
        yield TextChange("check", "say", *(each[index] if index < len(each) else "" for each in (lost, gained)))


def _say(value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "true"
        case tuple():
            return ", ".join(_say(each) for each in value)
        case Citation(provision, words):
            return f"{provision} (“{words}”)" if words else provision
        case _:
            to, cite = getattr(value, "to", None), getattr(value, "cite", None)
            return str(value) if to is None else f"{to} {cite}".strip()


def _say_bounds(fact: Fact) -> str:
    if fact.kind in ("choice", "many"):
        return ""
    step = "" if fact.kind == "date" else f", in steps of {say_quantity(fact, fact.step, bare=True)}"
    return f"{say_quantity(fact, fact.low)} to {say_quantity(fact, fact.high)}{step}{', today filled in' if fact.today else ''}"
