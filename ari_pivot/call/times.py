"""Times as KAZOO writes them: seconds from the beginning of the year 0."""

_YEAR_0 = 62_167_219_200  # seconds before 1970


def gregorian(at: float) -> int:
    """Return a time in KAZOO's seconds; `at` in seconds since 1970."""
    return round(at) + _YEAR_0


def from_gregorian(seconds: int) -> int:
    """Return KAZOO's seconds as seconds since 1970."""
    return seconds - _YEAR_0


def seconds(begin: float, end: float) -> int:
    """Return the whole seconds between two times; a clock may be set back in a call."""
    return max(0, round(end - begin))
