"""Days are counted as a person counts them, one by one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from decision_trees.runtime.calendar import (
    Calendar, OutsideCalendar, add_months, end_of_month, parse_day, say_day, write_day,
)
from decision_trees.runtime.conditions import shift
from tests import naive
from tests.test_properties import ENGLAND, HOLIDAYS

DAYS = st.dates(date(2015, 3, 1), date(2035, 10, 31))
FAR = st.dates(date(200, 1, 1), date(9800, 12, 31))
AT_LEAST = settings(max_examples=400)


def test_the_calendar_knows_the_days_off_of_england() -> None:
    assert {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28)} <= HOLIDAYS
    assert not any(day.weekday() == 5 and day.month == 4 for day in HOLIDAYS)


@AT_LEAST
@given(DAYS, st.integers(-60, 60))
@example(date(2035, 10, 5), 60)
def test_working_days_are_counted_one_by_one_without_the_day_of_receipt(day: date, count: int) -> None:
    wanted = naive.count_working_days(day, count, HOLIDAYS).toordinal()
    if not ENGLAND.first <= wanted <= ENGLAND.last:
        with pytest.raises(OutsideCalendar):
            ENGLAND.add_working_days(day.toordinal(), count)
        return
    found = ENGLAND.add_working_days(day.toordinal(), count)
    assert found == wanted
    assert shift(day.toordinal(), count, "working days", ENGLAND) == found


@AT_LEAST
@given(DAYS, DAYS, st.integers(-30, 30))
def test_a_later_day_is_never_due_earlier(one: date, other: date, count: int) -> None:
    first, second = sorted((one.toordinal(), other.toordinal()))
    assert ENGLAND.add_working_days(first, count) <= ENGLAND.add_working_days(second, count)
    assert add_months(first, count) <= add_months(second, count)
    assert end_of_month(first) <= end_of_month(second)


@AT_LEAST
@given(FAR, st.integers(-1200, 1200), st.sampled_from(("day", "week", "month")))
def test_days_weeks_and_months_are_moved_as_in_a_diary(day: date, count: int, unit: str) -> None:
    assert date.fromordinal(shift(day.toordinal(), count, f"{unit}s", None)) == naive.move(day, count, unit)


@AT_LEAST
@given(FAR)
def test_a_month_ends_on_the_day_before_the_next(day: date) -> None:
    end = date.fromordinal(end_of_month(day.toordinal()))
    assert (end.year, end.month) == (day.year, day.month)
    assert date.fromordinal(end.toordinal() + 1).day == 1


@AT_LEAST
@given(st.dates())
def test_a_day_is_written_and_read_alike(day: date) -> None:
    assert parse_day(write_day(day.toordinal())) == day.toordinal()
    assert say_day(day.toordinal()) == f"{day.day} {day:%B} {day.year}"


@pytest.mark.parametrize("text", ["2026-W20-2", "20260505", "2026-2-30", "2026-02-30", "2026-05-05 ", "٢٠٢٦-٠٥-٠٥", "0000-01-01", "-026-05-05", ""])
def test_nothing_but_a_date_is_read_as_one(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_day(text)


@pytest.mark.parametrize(("day", "count", "unit"), [
    (date(2035, 12, 28), 2, "working days"), (date(2015, 1, 5), -3, "working days"), (date(2036, 1, 1), 0, "working days"),
    (date(2026, 1, 1), 10_000, "working days"), (date(9999, 12, 1), 31, "days"), (date(1, 1, 1), -1, "weeks"), (date(9999, 12, 1), 1, "months"),
    (date(1, 1, 1), -1, "months"),
])
def test_a_count_that_leaves_the_calendar_is_refused(day: date, count: int, unit: str) -> None:
    with pytest.raises(OutsideCalendar):
        shift(day.toordinal(), count, unit, ENGLAND)


def test_without_a_calendar_no_working_days_are_counted() -> None:
    with pytest.raises(OutsideCalendar):
        shift(date(2026, 1, 1).toordinal(), 1, "working days", None)


def test_a_place_without_holidays_works_from_monday_to_friday() -> None:
    plain = Calendar("Nowhere", date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal(), ())
    assert [plain.is_working_day(date(2026, 1, day).toordinal()) for day in range(1, 8)] == [True, True, False, False, True, True, True]
