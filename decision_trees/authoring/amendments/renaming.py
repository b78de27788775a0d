"""Two versions of a tree -> one set of names, so that they can be compiled together.

What keeps its name is the same thing. What lost its name is the same thing as what
gained one if both say the same to the reader: a fact its question, an option its label,
an outcome its sentence.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from decision_trees.runtime.conditions import (
    All, Any, AtLeast, Condition, Has, Is, Let, MonthEnd, Named, Not, Plus, Quantity, Ref, Shift, Term, is_comparison,
)
from decision_trees.runtime.calendar import Calendar
from decision_trees.runtime.model import Citation, Fact, Option, Outcome, Rule, Tree

APART = " (old)"
"""Stands after the name of an old thing that is another thing than the new one of that name."""
_T = TypeVar("_T", Fact, Option, Outcome)
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Renaming:
    """The common name of each thing of the old tree. Options go by the old names of fact and option."""

    facts: Mapping[str, str]
    options: Mapping[tuple[str, str], str]
    outcomes: Mapping[str, str]
    lets: Mapping[str, str]

    def take_back(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Give answers in common names as the old tree takes them."""
        facts = {new: old for old, new in self.facts.items()}
        options = {(fact, new): old for (fact, old), new in self.options.items()}
        return {
            facts[name]: ",".join(options.get((facts[name], part), part) for part in text.split(","))
            for name, text in answers.items() if name in facts
        }


def match_names(old: Tree, new: Tree) -> Renaming:
    """Find what in two versions of a tree is the same thing."""
    facts = _match(old.facts, new.facts, lambda a, b: a.kind == b.kind, lambda fact: fact.ask)
    options = {
        (fact.name, mine): yours or mine
        for fact in old.facts if facts[fact.name]
        for mine, yours in _match(fact.options, new.fact_of[facts[fact.name]].options, lambda a, b: True, lambda o: o.label).items()
    }
    outcomes = _match(old.outcomes, new.outcomes, lambda a, b: True, lambda outcome: f"{outcome.verdict} {outcome.say}")
    renaming = Renaming({name: to or name + APART for name, to in facts.items()}, options,
                        {name: to or name for name, to in outcomes.items()}, {})
    known = {expand(Ref(let.name), new): let.name for let in new.lets if is_comparison(let)}
    is_same_calendar = old.calendar == new.calendar
    lets = {}
    for let in old.lets:
        same = None
        if is_comparison(let) and (is_same_calendar or not _counts_working_days(expand(Ref(let.name), old))):
            same = known.get(rename(expand(Ref(let.name), old), renaming))
        lets[let.name] = same or let.name + APART
    return dataclasses.replace(renaming, lets=lets)


def rename(value: _V, names: Renaming) -> _V:
    """Give a tree, or a part of one, with the common names."""
    return typing.cast(_V, _rename(value, names))


def expand(part: Condition | Term, tree: Tree) -> Condition | Term:
    """Give a condition or a quantity with what it names written out, so that two can be compared."""
    match part:
        case Ref(name) | Named(name):
            let = tree.let_of[name]
            inner = let.condition if let.condition is not None else let.term
            assert inner is not None
            return expand(inner, tree)
        case All(parts) | Any(parts):
            return type(part)(tuple(expand(each, tree) for each in parts))  # type: ignore[misc]
        case Not() | Shift() | MonthEnd() | Plus() | AtLeast():
            return dataclasses.replace(part, **{  # type: ignore[arg-type]
                each.name: expand(inner, tree) for each in dataclasses.fields(part)
                if dataclasses.is_dataclass(inner := getattr(part, each.name))
            })
        case _:
            return part


def _rename(value: object, names: Renaming) -> object:
    def again(part: object) -> typing.Any:
        return _rename(part, names)

    match value:
        case Is(fact, options) | Has(fact, options):
            return type(value)(names.facts[fact], tuple(names.options.get((fact, o), o) for o in options))
        case Quantity(fact):
            return Quantity(names.facts[fact])
        case Ref(name) | Named(name):
            return type(value)(names.lets[name])
        case Fact():
            named = tuple(dataclasses.replace(o, name=names.options.get((value.name, o.name), o.name)) for o in value.options)
            return dataclasses.replace(value, name=names.facts[value.name], options=named)
        case Let():
            return dataclasses.replace(value, name=names.lets[value.name], condition=again(value.condition), term=again(value.term))
        case Outcome():
            return dataclasses.replace(value, name=names.outcomes[value.name])
        case Rule():
            return dataclasses.replace(value, when=again(value.when), rules=again(value.rules),
                                       then=names.outcomes.get(value.then, value.then))
        case Calendar() | Citation():
            return value
        case tuple():
            return tuple(again(part) for part in value)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changed = {each.name: again(getattr(value, each.name)) for each in dataclasses.fields(value)}
            if "outcomes" in changed and not isinstance(value, Tree):
                changed["outcomes"] = tuple(names.outcomes[name] for name in value.outcomes)  # type: ignore[attr-defined]
            return dataclasses.replace(value, **changed)
        case _:
            return value


def _match(
    old: Iterable[_T], new: Iterable[_T], is_alike: Callable[[_T, _T], bool], say: Callable[[_T], str]
) -> dict[str, str]:
    """Give for each old thing the name of the new one that it is, or nothing."""
    news = {each.name: each for each in new}
    found = {a.name: a.name if a.name in news and is_alike(a, news[a.name]) else "" for a in old}
    free = [each for name, each in news.items() if name not in found]
    for a in old:
        twin = next((b for b in free if not found[a.name] and is_alike(a, b) and _fold(say(a)) == _fold(say(b))), None)
        if twin is not None and a.name not in news:
            found[a.name] = twin.name
            free.remove(twin)
    return found


def _counts_working_days(part: object) -> bool:
    if isinstance(part, Shift) and part.unit == "working days":
        return True
    if isinstance(part, tuple):
        return any(_counts_working_days(each) for each in part)
    return dataclasses.is_dataclass(part) and any(
        _counts_working_days(getattr(part, each.name)) for each in dataclasses.fields(part)
    )


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
