"""On which days a temporal rule applies."""

from datetime import date, datetime, timedelta

import pytest

from ari_pivot.callflow.documents import TemporalRule
from ari_pivot.callflow.recurrence import applies

NOON = timedelta(hours=12)


def days(first, last, **rule):
    """Return the days, as day of the year's month, on which a rule applies at noon."""
    made = TemporalRule(**rule)
    day, found = datetime.fromisoformat(first), []
    while day <= datetime.fromisoformat(last):
        if applies(made, day + NOON):
            found.append(f"{day.month}/{day.day}")
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"cycle": "date", "start_date": "2026-03-05"}, ["3/5"]),
        ({"cycle": "daily", "start_date": "2026-03-09"}, ["3/9", "3/10"]),
        ({"cycle": "daily", "interval": 4, "start_date": "2026-03-01"}, ["3/1", "3/5", "3/9"]),
        ({"cycle": "daily", "interval": 4, "start_date": "2026-02-27"}, ["3/3", "3/7"]),
        ({"cycle": "weekly", "wdays": ["monday"]}, ["3/2", "3/9"]),
        ({"cycle": "weekly", "wdays": ["wensday", "sunday"]}, ["3/1", "3/4", "3/8"]),
        ({"cycle": "weekly", "wdays": ["wednesday"]}, ["3/4"]),
        (
            {"cycle": "weekly", "wdays": ["sunday", "monday"], "interval": 2, "start_date": "2026-02-28"},
            ["3/1", "3/9"],
        ),
        ({"cycle": "monthly", "days": [2, 9, 31]}, ["3/2", "3/9"]),
        ({"cycle": "monthly", "days": [2], "interval": 2, "start_date": "2026-02-01"}, []),
        ({"cycle": "monthly", "days": [2], "interval": 2, "start_date": "2026-01-01"}, ["3/2"]),
        ({"cycle": "monthly", "wdays": ["monday"]}, ["3/2"]),
        ({"cycle": "monthly", "wdays": ["monday"], "ordinal": "second"}, ["3/9"]),
        ({"cycle": "monthly", "wdays": ["monday"], "ordinal": "every"}, ["3/2", "3/9"]),
        ({"cycle": "yearly", "month": 3, "days": [3]}, ["3/3"]),
        ({"cycle": "yearly", "month": 4, "days": [3]}, []),
        ({"cycle": "yearly", "month": 3, "days": [3], "interval": 2, "start_date": "2025-01-01"}, []),
        ({"cycle": "yearly", "month": 3, "wdays": ["tuesday"], "ordinal": "first"}, ["3/3"]),
        ({"cycle": "daily", "start_date": "2026-03-03", "end_date": "2026-03-04"}, ["3/3", "3/4"]),
        ({"cycle": "daily", "start_date": "2026-03-09", "end_date": 0}, ["3/9", "3/10"]),
    ],
)  # fmt: skip
def test_the_days_of_a_rule(rule, found):
    assert days("2026-03-01", "2026-03-10", **rule) == found


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"ordinal": "last"}, ["1/26", "2/23", "3/30"]),
        ({"ordinal": "fourth"}, ["1/26", "2/23", "3/23"]),
        ({"ordinal": "fifth"}, ["3/30"]),
    ],
)
def test_weekdays_at_the_end_of_months(rule, found):
    assert days("2026-01-20", "2026-03-31", cycle="monthly", wdays=["monday"], **rule) == found


def test_the_29th_of_february_comes_in_leap_years():
    rule = {"cycle": "yearly", "month": 2, "days": [29]}
    assert days("2027-01-01", "2028-12-31", **rule) == ["2/29"]


@pytest.mark.parametrize(
    ("at", "applies_"),
    [("08:59:59", False), ("09:00:00", True), ("17:00:00", True), ("17:00:01", False)],
)
def test_the_window_has_both_its_ends(at, applies_):
    rule = TemporalRule(cycle="daily", time_window_start=9 * 3600, time_window_stop=17 * 3600)
    assert applies(rule, datetime.fromisoformat(f"2026-03-05T{at}")) is applies_


def test_kazoos_seconds_are_a_day():
    assert TemporalRule(cycle="date", start_date=62_586_115_200).start_date == date(1983, 4, 11)
    assert TemporalRule(cycle="daily").start_date == date(1983, 4, 11)
