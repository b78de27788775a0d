"""Days as the rules count them: dates, months, working days.

A day is an `int`, the proleptic Gregorian ordinal of `datetime.date`.
"""

from __future__ import annotations

import calendar as _calendar
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_DAY = date.min.toordinal()
LAST_DAY = date.max.toordinal()
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class OutsideCalendar(ValueError):
    """A day was asked for that the named calendar does not cover: rejected, never guessed."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of one place: Monday to Friday without its public holidays.

    `first` and `last` bound the years that were baked in; `holidays` is sorted.
    """

    name: str
    first: int
    last: int
    holidays: tuple[int, ...]

    def is_working_day(self, day: int) -> bool:
        """Say whether offices work on this day."""
        place = bisect_left(self.holidays, day)
        return date.fromordinal(day).weekday() < 5 and day not in self.holidays[place : place + 1]

    def add_working_days(self, day: int, count: int) -> int:
        """Give the `count`-th working day after `day` (before it, if negative); `day` itself is not counted.

        The day of receipt is thus excluded. Raises OutsideCalendar beyond the years covered.
        """
        step = 1 if count >= 0 else -1
        for _ in range(abs(count)):
            day += step
            while self._covers(day) and not self.is_working_day(day):
                day += step
        self._covers(day)
        return day

    def _covers(self, day: int) -> bool:
        if not self.first <= day <= self.last:
            raise OutsideCalendar(
                f"The calendar of working days “{self.name}” runs from {say_day(self.first)} "
                f"to {say_day(self.last)}; the count leaves it."
            )
        return True


def add_months(day: int, count: int) -> int:
    """Give the same day `count` months on, or that month's last day where it has no such day."""
    start = date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + count
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OutsideCalendar("That many months leave the years 1 to 9999.")
    last = _calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).toordinal()


def end_of_month(day: int) -> int:
    """Give the last day of the month in which `day` falls."""
    start = date.fromordinal(day)
    return start.replace(day=_calendar.monthrange(start.year, start.month)[1]).toordinal()


def parse_day(text: str) -> int:
    """Read an ISO date (2026-11-22). Raises ValueError for anything else."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text).toordinal()


def write_day(day: int) -> str:
    """Write a day as an ISO date."""
    return date.fromordinal(day).isoformat()


def say_day(day: int, weekday: bool = False) -> str:
    """Write a day as a reader says it: 22 November 2026, or Sunday 22 November 2026."""
    when = date.fromordinal(day)
    said = f"{when.day} {MONTHS[when.month - 1]} {when.year}"
    return f"{WEEKDAYS[when.weekday()]} {said}" if weekday else said
