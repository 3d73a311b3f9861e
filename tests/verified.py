"""How something of a language is verified, by the tests that exist.

`real`: a scenario has it, which runs in the simulator and on a real Asterisk, or a test on a real
Asterisk. `simulated`: a simulated call has it. `parsed`: it is read, and checked as such.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent


@cache
def texts(pattern: str) -> tuple[str, ...]:
    """Return the tests' files that fit a pattern."""
    return tuple(path.read_text("utf-8") for path in sorted(TESTS.glob(pattern)))


def verified(has: Callable[[str], object], simulated: str) -> str:
    """Say it of what `has` finds in a text; `simulated` are the files with simulated calls."""
    real = (*texts("scenarios/*.yaml"), *texts("asterisk/*.py"))
    if any(map(has, real)):
        return "real"
    return "simulated" if any(map(has, texts(simulated))) else "parsed"
