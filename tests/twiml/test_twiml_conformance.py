"""Documents that were written for the original: each is executed, or says what of it is not.

They are read from the folder that `PIVOT_CONFORMANCE` names.
"""

import os
from pathlib import Path

import pytest
from simulated import simulate

from ari_pivot.twiml import parse
from ari_pivot.twiml.verb import Element
from ari_pivot.twiml.verbs import ELSEWHERE, VERBS

FOLDER = os.environ.get("PIVOT_CONFORMANCE", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="PIVOT_CONFORMANCE names no folder")

#: Documents that hold what is no TwiML.
NOT_TWIML = {"py_TestText_test_add_child"}
DOCUMENTS = sorted((Path(FOLDER) / "twiml").glob("*.xml")) if FOLDER else []
each = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


def said_not_to_be_there(where):
    """Tell whether a place is an element or attribute that the tables say is not there."""
    place, _, attribute = where.partition("/@")
    name = place.rpartition("/")[2].partition("[")[0]
    kinds = [kind for kind in every(VERBS.values()) if kind.__name__ == name]
    return name in ELSEWHERE or any(attribute in kind.unsupported for kind in kinds)


def every(kinds):
    for kind in kinds:
        yield kind
        yield from every(kind.nests)


def test_there_are_documents():
    assert len(DOCUMENTS) > 100


@each
def test_a_document_is_understood_but_for_what_is_said_not_to_be_there(path):
    document = parse(path.read_bytes(), "http://web.test/voice")
    passed_over = [one for one in document.warnings if one.code != 13750]
    assert bool(passed_over) == (path.stem in NOT_TWIML), [str(one) for one in passed_over]
    for warning in document.warnings:
        assert warning.code == 12200 or said_not_to_be_there(warning.where), str(warning)
    assert all(isinstance(verb, Element) for verb in document.verbs)


@each
def test_a_call_with_it_comes_to_its_end(path):
    """Nothing of the web it names is there: what that comes to is told by its numbers."""
    result = simulate(path.read_text("utf-8"), do=[{"at": 120, "hangup": True}])
    assert result.ended_at <= 120
    assert 12400 not in {one.code for one in (*result.warnings, *result.errors)}
