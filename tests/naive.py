"""A definition's rules, applied to one complete case while they are read: slow, plain, and sharing nothing with the package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import yaml

_TOKEN = re.compile(r"\d{4}-\d\d-\d\d|\d+(?:\.\d+)?|[a-z][a-z0-9-]*|<=|>=|[<>(),+-]")
_UNITS = {"day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month"}


@dataclass(frozen=True)
class Rules:
    """A definition as YAML gives it, every word a text."""

    data: dict[str, Any]
    holidays: frozenset[date] = frozenset()

    def decide(self, answers: Mapping[str, str]) -> tuple[str, str]:
        """Give the outcome and the number of the rule that decides."""
        return self.trace(answers)[-1]

    def trace(self, answers: Mapping[str, str]) -> list[tuple[str, str]]:
        """List the rules that come to hold, what follows and number each: the last one decides."""
        trail: list[tuple[str, str]] = []
        assert self._decide(self.data["decide"], self._values(answers), "", trail)
        return trail

    def list_duties(self, answers: Mapping[str, str], outcome: str) -> set[int]:
        values = self._values(answers)
        verdict = self.data["outcomes"][outcome]["verdict"]
        found = set()
        for number, duty in enumerate(self.data.get("also", ())):
            wanted = duty.get("for", ["yes", "yes-if"])
            wanted = [wanted] if isinstance(wanted, str) else wanted
            # An outcome may be called like a verdict; then the word means the outcome alone.
            meant = {"any", outcome, *({verdict} - set(self.data["outcomes"]))}
            if meant & set(wanted) and self._holds(duty, values):
                found.add(number)
        return found

    def is_rejected(self, answers: Mapping[str, str]) -> bool:
        return any(self._holds(check, self._values(answers)) for check in self.data.get("check", ()))

    def say(self, name: str, answers: Mapping[str, str]) -> Any:
        """Give the value of a `let`."""
        return self._evaluate(name, self._values(answers))

    def _decide(self, rules: list[dict[str, Any]], values: dict[str, Any], prefix: str, trail: list[tuple[str, str]]) -> bool:
        """Follow the rules and say whether one decides; if not, they go on."""
        for index, rule in enumerate(rules, 1):
            if "otherwise" not in rule and not self._holds(rule, values):
                continue
            then = rule.get("otherwise", rule.get("then", rule.get("decide")))
            trail.append((then if isinstance(then, str) else "", f"{prefix}{index}"))
            if isinstance(then, str):
                return then != "go-on"
            if self._decide(then, values, f"{prefix}{index}.", trail):
                return True
        return False

    def _holds(self, part: dict[str, Any], values: dict[str, Any]) -> bool:
        return bool(
            ("when" not in part or self._evaluate(part["when"], values))
            and not ("unless" in part and self._evaluate(part["unless"], values))
        )

    def _values(self, answers: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, text in answers.items():
            fact = self.data["facts"][name]
            if "many" in fact:
                values[name] = set() if text == "none" else set(text.split(","))
            elif "options" in fact:
                values[name] = text
            else:
                values[name] = date.fromisoformat(text) if "date" in fact else Decimal(text)
        return values

    def _evaluate(self, text: str, values: dict[str, Any]) -> Any:
        reading = _Reading(_TOKEN.findall(text), self, values)
        value = reading.either()
        assert not reading.tokens, reading.tokens
        return value

    def look_up(self, name: str, values: dict[str, Any]) -> Any:
        if name in values:
            return values[name]
        let = self.data["let"][name]
        return self._evaluate(let if isinstance(let, str) else let["is"], values)


@dataclass
class _Reading:
    tokens: list[str]
    rules: Rules
    values: dict[str, Any]

    def take(self, *words: str) -> bool:
        if tuple(self.tokens[: len(words)]) != words:
            return False
        del self.tokens[: len(words)]
        return True

    def either(self) -> Any:
        value = self.both()
        while self.take("or"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.single()
        while self.take("and"):
            other = self.single()
            value = value and other
        return value

    def single(self) -> Any:
        if self.take("not"):
            return not self.single()
        if self.take("("):
            value = self.either()
            assert self.take(")")
            return value
        left = self.quantity()
        if self.take("is", "not"):
            return not self.equals(left)
        if self.take("is"):
            return self.equals(left)
        if self.take("has"):
            return self.tokens.pop(0) in left
        if self.take("in"):
            options = set(self.options())
            return left in options if isinstance(left, str) else bool(left & options) or ("none" in options and not left)
        for sign, test in (("<=", "__le__"), (">=", "__ge__"), ("<", "__lt__"), (">", "__gt__")):
            if self.take(sign):
                return getattr(left, test)(self.quantity())
        return left

    def equals(self, left: Any) -> bool:
        if isinstance(left, str):
            return left == self.tokens.pop(0)
        if isinstance(left, set):
            assert self.take("none")
            return not left
        return bool(left == self.quantity())

    def options(self) -> Iterable[str]:
        if not self.take("("):
            named = self.rules.data["sets"][self.tokens.pop(0)]
            return [named] if isinstance(named, str) else named
        found = [self.tokens.pop(0)]
        while self.take(","):
            found.append(self.tokens.pop(0))
        assert self.take(")")
        return found

    def quantity(self) -> Any:
        value = self.part()
        while self.tokens and self.tokens[0] in "+-":
            sign = 1 if self.tokens.pop(0) == "+" else -1
            if len(self.tokens) > 2 and self.tokens[1] == "working":
                value = count_working_days(value, sign * int(self.tokens[0]), self.rules.holidays)
                del self.tokens[:3]
            elif len(self.tokens) > 1 and self.tokens[1] in _UNITS:
                value = move(value, sign * int(self.tokens[0]), _UNITS[self.tokens[1]])
                del self.tokens[:2]
            else:
                other = self.part()
                value = value + other if sign > 0 else value - other
                value = Decimal(value.days) if isinstance(value, timedelta) else value
        return value

    def part(self) -> Any:
        if self.take("end", "of", "month", "("):
            value = self.quantity()
            assert self.take(")")
            while (value + timedelta(1)).month == value.month:
                value += timedelta(1)
            return value
        word = self.tokens.pop(0)
        if not word[0].isdigit():
            return self.rules.look_up(word, self.values)
        return date.fromisoformat(word) if "-" in word else Decimal(word)


def move(day: date, count: int, unit: str) -> date:
    """Move a day by days, weeks or months; a month too short gives its last day."""
    if unit != "month":
        return day + timedelta(count * (7 if unit == "week" else 1))
    year, month = day.year, day.month
    for _ in range(abs(count)):
        month += 1 if count > 0 else -1
        year, month = (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def count_working_days(day: date, count: int, holidays: Iterable[date]) -> date:
    """Move a day by working days; the day itself is not counted."""
    while count:
        day += timedelta(1 if count > 0 else -1)
        if day.weekday() < 5 and day not in holidays:
            count -= 1 if count > 0 else -1
    return day


def read_rules(text: str, holidays: Iterable[date] = ()) -> Rules:
    return Rules(yaml.load(text, Loader=yaml.BaseLoader), frozenset(holidays))
