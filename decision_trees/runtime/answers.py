"""A reader's answers: from the text of a link to values, and from values to words.

An answer is written `post=junior`, `matter=rents,housing`, `matter=none`,
`received=2026-11-09`, `rent-arrears=2` or, where a page without script knows an
interval alone, `rent-arrears=2..`, `matter.rents=yes`, `late=no`. `?` is "not sure".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from decision_trees.runtime import calendar as days
from decision_trees.runtime.conditions import Let, Named, Quantity, Scope, Span, find_span, is_comparison
from decision_trees.runtime.model import HUNDRED, NONE, UNSURE, Fact, Tree

_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9-]*)\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that can't be taken: what it was given for, the text of it, and what would be right."""

    fact: str
    given: str
    say: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers as values: `values` is what conditions read, `unsure` what the reader left open."""

    values: Mapping[str, object]
    unsure: frozenset[str]
    problems: tuple[Problem, ...]


def read_answers(tree: Tree, answers: Mapping[str, str]) -> Answered:
    """Read the answers of a link, a form or a scenario. What can't be read is a problem, never an exception."""
    values: dict[str, object] = {}
    unsure: set[str] = set()
    problems: list[Problem] = []
    for name, text in answers.items():
        fact = tree.fact_of.get(name)
        if text == UNSURE and (fact or name in tree.let_of):
            if fact and fact.unsure:
                values[name] = fact.unsure
            else:
                unsure.add(name)
            continue
        try:
            if fact is not None:
                values[name] = _read_value(fact, text)
            else:
                values[name] = _read_part(tree, name, text)
        except _Unreadable as mistake:
            problems.append(Problem(name, text, str(mistake)))
    return Answered(values, frozenset(unsure), tuple(problems))


class _Unreadable(Exception):
    pass


def _read_value(fact: Fact, text: str) -> object:
    names = [option.name for option in fact.options]
    if fact.kind == "choice":
        if text not in names:
            raise _Unreadable(f"“{text}” is not one of the answers to “{fact.ask}”.")
        return text
    if fact.kind == "many":
        chosen = [] if text == NONE else text.split(",")
        if strange := [each for each in chosen if each not in names]:
            raise _Unreadable(f"“{strange[0]}” is not one of the answers to “{fact.ask}”.")
        return frozenset(chosen)
    low, between, high = text.partition("..")
    span = (
        _read_quantity(fact, low) if low else fact.low,
        (_read_quantity(fact, high) if high else fact.high) if between else 0,
    )
    if not between:
        span = (span[0], span[0])
    if span[0] > span[1] or not (low or high):
        raise _Unreadable(f"“{text}” is not a range of answers to “{fact.ask}”.")
    return span


def _read_quantity(fact: Fact, text: str) -> int:
    if fact.kind == "date":
        try:
            value = days.parse_day(text)
        except ValueError:
            raise _Unreadable(f"“{text}” is not a date. Give a day, a month and a year.") from None
    else:
        if not _AMOUNT.fullmatch(text):
            raise _Unreadable(f"“{text}” is not a number. Use figures, like {say_quantity(fact, fact.low, bare=True)}.")
        whole, _, part = text.lstrip("-").partition(".")
        value = int(whole) * HUNDRED + int(part.ljust(2, "0") or 0)
        value = -value if text.startswith("-") else value
    if not fact.low <= value <= fact.high:
        raise _Unreadable(
            f"{say_quantity(fact, value)} is outside what can be answered here: "
            f"{say_quantity(fact, fact.low)} to {say_quantity(fact, fact.high)}."
        )
    if (value - fact.low) % fact.step:
        raise _Unreadable(f"{say_quantity(fact, value)} is too fine: answer in steps of {_write_amount(fact.step)}.")
    return value


def _read_part(tree: Tree, name: str, text: str) -> bool:
    fact, _, option = name.partition(".")
    parent = tree.fact_of.get(fact)
    is_member = parent is not None and parent.kind == "many" and any(o.name == option for o in parent.options)
    let = tree.let_of.get(name)
    if not is_member and not (let and is_comparison(let)):
        raise _Unreadable(f"There is no question “{name}” here.")
    if text not in ("yes", "no"):
        raise _Unreadable(f"“{text}” is not an answer to “{name}”: it takes yes or no.")
    return text == "yes"


def write_answer(fact: Fact, value: object) -> str:
    """Write a value the way a link holds it: the inverse of reading."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, frozenset):
        return ",".join(o.name for o in fact.options if o.name in value) or NONE
    assert isinstance(value, tuple)
    low, high = (_write_quantity(fact, end) for end in value)
    if low == high:
        return low
    return f"{'' if value[0] == fact.low else low}..{'' if value[1] == fact.high else high}"


def say_answer(fact: Fact, value: object) -> str:
    """Say a value in the words of the page."""
    if isinstance(value, str):
        return fact.option(value).label
    if isinstance(value, frozenset):
        return "; ".join(o.label for o in fact.options if o.name in value) or fact.none
    assert isinstance(value, tuple)
    return say_span(fact, value)


def say_span(fact: Fact, span: Span) -> str:
    """Say an interval of a quantity: "fewer than 2 months", "2 months or more", "before 1 March 2026"."""
    low, high = span
    if low == high:
        return say_quantity(fact, low)
    beyond = say_quantity(fact, high + fact.step)
    if fact.kind == "date":
        if low == fact.low:
            return f"Before {beyond}"
        said = say_quantity(fact, low)
        return f"{said} or later" if high == fact.high else f"{said} to {say_quantity(fact, high)}"
    if low == fact.low:
        return f"{'Fewer' if fact.kind == 'number' else 'Less'} than {beyond}"
    said = say_quantity(fact, low)
    return f"{said} or more" if high == fact.high else f"{said} to {say_quantity(fact, high)}"


def say_quantity(fact: Fact, value: int, bare: bool = False) -> str:
    """Say a quantity with its unit, or `bare` as one would type it."""
    if fact.kind == "date":
        return days.say_day(value)
    if fact.kind == "days":
        return f"{value} day" if value == 1 else f"{value} days"
    amount = _write_amount(value)
    if bare:
        return amount
    if fact.kind == "money":
        whole, _, part = amount.partition(".")
        return f"£{int(whole):,}" + (f".{part.ljust(2, '0')}" if part else "")
    unit = fact.unit
    if unit and value == HUNDRED and unit.endswith("s"):
        unit = unit[:-1]
    return f"{amount} {unit}".strip()


def fill(text: str, tree: Tree, scope: Scope) -> str:
    """Put values for `{names}` in a text; where a value is not known, the words of its `let` or fact."""

    def say(match: re.Match[str]) -> str:
        name = match[1]
        let = tree.let_of.get(name)
        fact = tree.fact_of.get(name)
        if fact is not None and fact.kind in ("choice", "many"):
            value = scope.values.get(name)
            return say_answer(fact, value) if value is not None else fact.ask
        if fact is None and (let is None or let.term is None):
            return match[0]
        try:
            low, high = find_span(Quantity(name) if fact else Named(name), scope)
        except days.OutsideCalendar as outside:
            return str(outside)
        if low != high:
            return let.words if let else f"(your answer to “{fact.ask}”)" if fact else match[0]
        if (fact.kind if fact else let.kind if let else "") == "date":
            return days.say_day(low, weekday=True)
        return say_quantity(fact or Fact(name, let.kind if let else "number", ""), low)

    return _PLACEHOLDER.sub(say, text) if "{" in text else text


def list_placeholders(text: str) -> list[str]:
    """Name the values that a text shows."""
    return _PLACEHOLDER.findall(text)


def name_parts(fact: Fact | None, let: Let | None) -> str:
    """Give the question that asks for a fact, or for a comparison by its own words."""
    return fact.ask if fact else let.ask if let else ""


def _write_amount(hundredths: int) -> str:
    whole, part = divmod(abs(hundredths), HUNDRED)
    text = f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if hundredths < 0 else text


def _write_quantity(fact: Fact, value: int) -> str:
    return days.write_day(value) if fact.kind == "date" else _write_amount(value)
