"""Conditions over facts, and what is known of their truth.

Truth has three values: True, False, and None while the answers leave it open.
Quantities are whole numbers on one grid: days for dates (see `calendar`),
hundredths for numbers and pence for money.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decision_trees.runtime import calendar as days

Span = tuple[int, int]
"""The least and the greatest value that a quantity can still have, both included."""


# Terms: quantities ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a sum of money or a date written in the rule."""

    value: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """The answer to a fact of kind number, money or date."""

    fact: str


@dataclass(frozen=True, slots=True)
class Named:
    """A quantity that `let` names."""

    name: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A date moved by a count of days, weeks, months or working days."""

    term: Term
    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Plus:
    """The sum of two quantities, or with `sign` -1 their difference."""

    left: Term
    sign: int
    right: Term


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last day of the month in which a date falls."""

    term: Term


Term = Constant | Quantity | Named | Shift | Plus | MonthEnd


# Conditions: booleans -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Is:
    """The one chosen option is among `options`."""

    fact: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """At least one of `options` was chosen, of any number."""

    fact: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`left` >= `right`: the one comparison from which the others are made."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Ref:
    """A condition that `let` names."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]


Condition = Is | Has | AtLeast | Ref | Not | All | Any


@dataclass(frozen=True, slots=True)
class Let:
    """A name for a condition or for a quantity, with words for pages without script.

    Exactly one of `condition` and `term` is set. A condition that compares two
    facts has an `ask` of its own and is a variable of the diagram.
    """

    name: str
    kind: str
    condition: Condition | None = None
    term: Term | None = None
    ask: str = ""
    hint: str = ""
    words: str = ""
    cite: tuple[str, ...] = ()


Values = Mapping[str, object]
"""What is known: fact -> option, set of options or Span; `fact.option` or a comparison's name -> bool."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that a condition's truth depends on."""

    values: Values
    bounds: Mapping[str, Span]
    lets: Mapping[str, Let]
    calendar: days.Calendar | None = None


def find_truth(condition: Condition, scope: Scope) -> bool | None:
    """Say whether the condition holds, or None while the known values leave it open."""
    match condition:  # the commonest first: every step asks this many times
        case All(parts):
            return _join(parts, scope, stop=False)
        case Is(fact, options):
            chosen = scope.values.get(fact)
            return None if chosen is None else chosen in options
        case Ref(name):
            found = find_truth(_condition_of(scope.lets[name]), scope)
            given = scope.values.get(name)
            return given if found is None and isinstance(given, bool) else found
        case Any(parts):
            return _join(parts, scope, stop=True)
        case Not(inner):
            truth = find_truth(inner, scope)
            return None if truth is None else not truth
        case Has(fact, options):
            truths = [is_in(fact, option, scope.values) for option in options]
            return True if True in truths else None if None in truths else False
        case AtLeast(left, right):
            low, high = find_span(left, scope), find_span(right, scope)
            return True if low[0] >= high[1] else False if low[1] < high[0] else None


def find_span(term: Term, scope: Scope) -> Span:
    """Give the least and greatest value the term can have. Raises OutsideCalendar."""
    match term:
        case Constant(value):
            return value, value
        case Quantity(fact):
            known = scope.values.get(fact)
            return known if isinstance(known, tuple) else scope.bounds[fact]
        case Named(name):
            return find_span(_term_of(scope.lets[name]), scope)
        case Shift(inner, count, unit):
            low, high = find_span(inner, scope)
            return shift(low, count, unit, scope.calendar), shift(high, count, unit, scope.calendar)
        case Plus(left, sign, right):
            a, b = find_span(left, scope), find_span(right, scope)
            return (a[0] + b[0], a[1] + b[1]) if sign > 0 else (a[0] - b[1], a[1] - b[0])
        case MonthEnd(inner):
            low, high = find_span(inner, scope)
            return days.end_of_month(low), days.end_of_month(high)


def shift(day: int, count: int, unit: str, calendar: days.Calendar | None) -> int:
    """Move a day by `count` days, weeks, months or working days. Raises OutsideCalendar."""
    if unit == "months":
        return days.add_months(day, count)
    if unit == "working days":
        if calendar is None:
            raise days.OutsideCalendar("No calendar of working days is set for this site.")
        return calendar.add_working_days(day, count)
    moved = day + count * (7 if unit == "weeks" else 1)
    if not days.FIRST_DAY <= moved <= days.LAST_DAY:
        raise days.OutsideCalendar("That many days leave the years 1 to 9999.")
    return moved


def list_quantities(part: Condition | Term, lets: Mapping[str, Let]) -> Iterator[str]:
    """Name each number, sum of money or date that the condition or term reads, in order, with repeats."""
    match part:
        case Quantity(fact):
            yield fact
        case Named(name):
            yield from list_quantities(_term_of(lets[name]), lets)
        case Ref(name):
            yield from list_quantities(_condition_of(lets[name]), lets)
        case Shift(inner, _, _) | MonthEnd(inner):
            yield from list_quantities(inner, lets)
        case Plus(left, _, right) | AtLeast(left, right):
            yield from list_quantities(left, lets)
            yield from list_quantities(right, lets)
        case Not(condition):
            yield from list_quantities(condition, lets)
        case All(conditions) | Any(conditions):
            for each in conditions:
                yield from list_quantities(each, lets)


def is_comparison(let: Let) -> bool:
    """Say whether a `let` compares two facts, so that it is a yes-or-no variable with its own question."""
    return let.kind == "comparison"


def _condition_of(let: Let) -> Condition:
    assert let.condition is not None, f"{let.name} names a quantity"
    return let.condition


def _term_of(let: Let) -> Term:
    assert let.term is not None, f"{let.name} names a condition"
    return let.term


def is_in(fact: str, option: str, values: Values) -> bool | None:
    """Say whether an option of a `many` was chosen, or None if that is not known."""
    chosen = values.get(fact)
    if isinstance(chosen, frozenset):
        return option in chosen
    known = values.get(f"{fact}.{option}")
    return known if isinstance(known, bool) else None


def _join(parts: tuple[Condition, ...], scope: Scope, stop: bool) -> bool | None:
    """Join truths by "or" (`stop` True) or "and" (`stop` False): the stopping truth wins, else unknown."""
    result: bool | None = not stop
    for part in parts:
        truth = find_truth(part, scope)
        if truth is stop:
            return stop
        if truth is None:
            result = None
    return result
