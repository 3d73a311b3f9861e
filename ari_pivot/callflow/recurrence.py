"""On which days a temporal rule applies. Source: KAZOO, cf_temporal_route."""

from datetime import date, datetime, timedelta

from ari_pivot.callflow.documents import WEEKDAYS, TemporalRule

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def applies(rule: TemporalRule, now: datetime) -> bool:
    """Tell whether a rule applies at a local time."""
    if rule.enabled is not None:
        return rule.enabled
    day = now.date()
    if day < rule.start_date or (rule.end_date and day > rule.end_date):
        return False
    passed = now.hour * 3600 + now.minute * 60 + now.second
    return rule.time_window_start <= passed <= rule.time_window_stop and _recurs(rule, day)


def _recurs(rule: TemporalRule, day: date) -> bool:
    """Tell whether a day is one of the rule's; intervals count from its first day."""
    first = rule.start_date
    match rule.cycle:
        case "date":
            return day == first
        case "daily":
            return (day - first).days % rule.interval == 0
        case "weekly":
            weeks = (_monday(day) - _monday(first)).days // 7
            return weeks % rule.interval == 0 and _weekday(rule, day)
        case "monthly":
            months = (day.year - first.year) * 12 + day.month - first.month
            return months % rule.interval == 0 and _in_month(rule, day)
        case "yearly":
            active = (day.year - first.year) % rule.interval == 0
            return active and day.month == rule.month and _in_month(rule, day)


def _in_month(rule: TemporalRule, day: date) -> bool:
    """Tell whether a day has one of the rule's numbers, else whether it is its kind of weekday."""
    if rule.days:
        return day.day in rule.days
    last = (day + timedelta(days=7)).month != day.month
    which = rule.ordinal
    fits = last if which == "last" else which == "every" or (day.day + 6) // 7 == _ORDINALS[which]
    return fits and _weekday(rule, day)


def _weekday(rule: TemporalRule, day: date) -> bool:
    name = WEEKDAYS[day.weekday()]
    return name in rule.wdays or (name == "wednesday" and "wensday" in rule.wdays)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
