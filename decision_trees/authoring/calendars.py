"""Calendars of working days, baked in from the `holidays` package for a stated span of years."""

from __future__ import annotations

from datetime import date

import holidays

from decision_trees.runtime.calendar import Calendar


def make_calendar(name: str, country: str, subdivision: str, first_year: int, last_year: int) -> Calendar:
    """Give the working days of a place from 1 January of the first year to 31 December of the last.

    `country` and `subdivision` are ISO 3166 codes ("GB", "ENG"), as the package takes them.
    """
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=range(first_year, last_year + 1))
    days = sorted(day.toordinal() for day in found if first_year <= day.year <= last_year)
    return Calendar(name, date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal(), tuple(days))
