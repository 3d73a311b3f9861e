"""The documentation says what the verbs are. Run as a program, this file writes its table."""

import re
from pathlib import Path

from verified import texts, verified

from ari_pivot.twiml.nouns import Noun
from ari_pivot.twiml.ssml import ELEMENTS
from ari_pivot.twiml.table import elements, table
from ari_pivot.twiml.verbs import ELSEWHERE, VERBS

NOUNS = ("Number", "Sip", "Client", "Application")
PAGE = Path(__file__).parents[2] / "docs" / "twiml.md"
TITLE = """## Every element and attribute

Made from the verbs' own classes and the tests. `real`: in a scenario that is played in the simulator
and on a real Asterisk, or in a test on one; `simulated`: in simulated calls only; `parsed`: written
by Twilio's SDK, read, and no more than that. `a > b` is a `b` within an `a`.

"""


def how(element, attribute):
    """Look for an element, or an attribute of it, in the documents that the tests hold.

    A test may have a document with a gap, `<Dial {attributes}>`, and the attributes beside it.
    What all nouns have in common is verified on any of them.
    """
    common = element in NOUNS and attribute in Noun.attributes()
    names = f"({'|'.join(NOUNS)})" if common else element
    if not attribute:
        return verified(re.compile(rf"<{names}[\s/>]").search, "twiml/test_*.py")
    written = re.compile(rf"<{names}\b[^<>]*\s{attribute}=")
    gap, alone = re.compile(rf"<{names} [^<>]*{{"), re.compile(rf"\b{attribute}=[\"']")
    found = verified(written.search, "twiml/test_*.py")
    beside = any(gap.search(one) and alone.search(one) for one in texts("twiml/test_*.py"))
    return "simulated" if found == "parsed" and beside else found


def page():
    return f"{PAGE.read_text('utf-8').partition(TITLE.partition(chr(10))[0])[0]}{TITLE}{table(how)}"


def test_the_table_of_verbs_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run `PYTHONPATH=.:tests python " + __file__ + "`"


def test_every_element_is_in_the_table():
    names = set(re.findall(r"^\| `([^`]+)` \|", table(how), re.MULTILINE))
    assert names == {name for name, _ in elements(VERBS.values())} | {*ELEMENTS, *ELSEWHERE}


def test_attributes_are_told_with_values_and_defaults_and_how_they_are_verified():
    rows = table(how).splitlines()
    assert "| | `timeout` | a whole number from 1 to 600 | `30` | yes | real |" in rows
    assert "| | `reason` | `rejected` `busy` | `rejected` | yes | real |" in rows
    assert "| `Dial > Sip > Headers > Header` | |  | | yes | simulated |" in rows


def test_every_verb_is_verified_on_a_real_asterisk_or_at_least_in_a_simulated_call():
    assert {name for name in VERBS if how(name, "") == "parsed"} == set()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
