"""Errors: every number that can occur is explained, and no other."""

import re
from collections import Counter
from pathlib import Path

from ari_pivot.errors import Code
from ari_pivot.twiml.verbs import VERBS

PAGE = Path(__file__).parent.parent / "docs/errors.md"


def elements(kinds):
    """Return these elements and all that they may hold."""
    found = set(kinds)
    for kind in kinds:
        found |= elements(kind.nests)
    return found


def test_the_page_explains_every_code_once_and_nothing_else():
    used = {int(code) for code in Code}
    for kind in elements(VERBS.values()):
        used |= {int(kind.nest_code), *kind.codes.values(), *kind.too_long.values()}
    listed = Counter(map(int, re.findall(r"^\| (\d{5}) \|", PAGE.read_text(), re.MULTILINE)))
    assert listed == dict.fromkeys(used, 1)
