"""Regular expressions that come with documents: other people's, so their time is bounded."""

import regex

from ari_pivot.errors import Code, InstructionError

_PATIENCE = 0.05  # seconds
_LONGEST = 1000  # characters


def search(pattern: str, text: str) -> "regex.Match[str] | None":
    """Search a text as KAZOO does, unanchored, in the notation of PCRE.

    Raises InstructionError for a pattern that is not valid or takes too long.
    """
    try:
        return compiled(pattern).search(text, timeout=_PATIENCE)
    except TimeoutError as error:
        raise _refused(pattern, "takes too long") from error


def compiled(pattern: str) -> "regex.Pattern[str]":
    """Return a pattern ready for use; raises InstructionError for one that is not valid."""
    if len(pattern) > _LONGEST:
        raise _refused(pattern[:_LONGEST], f"has more than {_LONGEST} characters")
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        raise _refused(pattern, f"is not valid: {error}") from error


def _refused(pattern: str, why: str) -> InstructionError:
    return InstructionError(f"the regular expression {why}", code=Code.FLOW_SCHEMA, where=pattern)


def allowed(number: str, allow: str, deny: str) -> bool:
    """Tell whether a number fits a pattern and not another; an empty one does not matter.

    Raises InstructionError as `search` does.
    """
    fits = not allow or search(allow, number) is not None
    return fits and not (deny and search(deny, number))
