"""Whatever a server answers: it is a document, or refused with a number and a place."""

from xml.sax.saxutils import quoteattr

from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from ari_pivot.errors import InstructionError
from ari_pivot.twiml import parse
from ari_pivot.twiml.ssml import ELEMENTS
from ari_pivot.twiml.table import elements
from ari_pivot.twiml.verb import Verb
from ari_pivot.twiml.verbs import ELSEWHERE, VERBS

KINDS = [kind for _, kind in elements(VERBS.values())]
NAMES = sorted({kind.__name__ for kind in KINDS} | {*ELSEWHERE, *ELEMENTS, "Dance", "say"})
ATTRIBUTES = sorted({name for kind in KINDS for name in kind.attributes()} | {"xml:lang", "Loud"})
VALUES = st.sampled_from(["", "0", "-1", "7", "true", "GET", "http://web.test/x", "dtmf", "1s"])
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


def escaped(text):
    return quoteattr(text)[1:-1].replace("<", "&lt;").replace("\ufffe", "").replace("\uffff", "")


@st.composite
def element(draw, children):
    name = draw(st.sampled_from(NAMES))
    given_ = draw(st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES | TEXT, max_size=4))
    shown = "".join(f' {key}="{escaped(value)}"' for key, value in given_.items())
    return f"<{name}{shown}>{''.join(draw(children))}</{name}>"


INSIDE = st.recursive(
    TEXT.map(escaped), lambda inside: element(st.lists(inside, max_size=4)), max_leaves=12
)


def read(body):
    """Return the document, or what refuses it."""
    try:
        return parse(body, "http://web.test/voice"), None
    except InstructionError as error:
        return None, error


@settings(max_examples=100, deadline=None)
@given(st.lists(INSIDE, max_size=4))
def test_any_xml_is_a_document_or_refused_with_a_place(inside):
    document, refusal = read(f"<Response>{''.join(inside)}</Response>".encode())
    if refusal:
        assert refusal.code > 10000
        assert refusal.where.startswith(("/Response/", "http://web.test/voice"))
        return
    assert all(isinstance(verb, Verb) for verb in document.verbs)
    assert all(one.where.startswith("/Response/") for one in document.warnings)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_document_or_refused(body):
    document, refusal = read(body)
    assert document or refusal.code in {12100, 12102}


@settings(max_examples=100, deadline=None)
@given(st.lists(INSIDE, max_size=4))
def test_the_markup_we_make_of_a_text_is_xml_of_known_elements(inside):
    document, refusal = read(f"<Response><Say>{''.join(inside)}</Say></Response>".encode())
    if refusal:
        return
    (say,) = document.verbs
    markup = fromstring(f"<speak>{say.markup}</speak>")
    assert {one.tag for one in markup.iter()} <= {
        "speak", "break", "emphasis", "p", "prosody", "s", "voice"
    }  # fmt: skip
