"""SSML within <Say>: as markup for an engine that takes it, as plain text for one that does not.

What an element cannot have in markup, it has in words: `say-as` digits are spoken one by one
because the text has them apart. Source: TwiML reference, SSML inside Say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element as Xml
from xml.sax.saxutils import escape, quoteattr

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STRENGTHS = {
    "none": "",
    "x-weak": "",
    "weak": ", ",
    "medium": ", ",
    "strong": ". ",
    "x-strong": ". ",
}
_LONG_BREAK = 750  # milliseconds from which on plain text ends the sentence
_LONGEST_BREAK = 10_000  # milliseconds
_SAID_APART = {"characters", "spell-out", "digits", "telephone"}
_SIZES = "x-{0}|{0}|medium|{1}|x-{1}"

#: The elements, and for each attribute what it may hold.
ELEMENTS: dict[str, dict[str, str]] = {
    "break": {"strength": "|".join(_STRENGTHS), "time": r"\d+(\.\d+)?m?s"},
    "emphasis": {"level": "strong|moderate|reduced"},
    "lang": {"xml:lang": r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*"},
    "p": {},
    "phoneme": {
        "alphabet": "ipa|x-sampa|x-amazon-(jyutping|pinyin|pron-kana|yomigana)",
        "ph": ".+",
    },
    "prosody": {
        "volume": rf"default|silent|{_SIZES.format('soft', 'loud')}|[+-]\d+(\.\d+)?dB",
        "rate": rf"{_SIZES.format('slow', 'fast')}|\d+%",
        "pitch": rf"default|{_SIZES.format('low', 'high')}|[+-]\d+(\.\d+)?%",
    },
    "s": {},
    "say-as": {
        "interpret-as": "characters|spell-out|cardinal|number|ordinal|digits|fraction|unit|date"
        "|time|address|expletive|telephone",
        "format": "mdy|dmy|ymd|md|dm|ym|my|d|m|y|yyyymmdd",
    },
    "sub": {"alias": ".+"},
    "w": {"role": ".+"},
}

#: What does nothing in speech, or less than it says.
WITHOUT_EFFECT = {
    ("phoneme", "alphabet"): "the text is spoken by the engine's own rules",
    ("phoneme", "ph"): "the text is spoken by the engine's own rules",
    ("say-as", "format"): "dates are spoken as they are written",
    ("w", "role"): "the text is spoken by the engine's own rules",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text, plain and as markup."""

    plain: str = ""
    marked: str = ""

    def __add__(self, other: "Spoken") -> "Spoken":
        return Spoken(self.plain + other.plain, self.marked + other.marked)


#: Elements part words, as they do for engines.
_APART = Spoken(" ")


@dataclass(slots=True)
class Reader:
    """Reads the SSML of one <Say>; `warn` hears of what is not known, and where."""

    warn: Callable[[str, str], None]
    elements: int = field(default=0)

    def read(self, say: Xml, where: str) -> tuple[str, str]:
        """Return the plain text and the markup, which is empty where there is none to take."""
        spoken = self._inside(say, where)
        if not self.elements:
            return " ".join(spoken.plain.split()), ""
        return _tidied(spoken.plain), " ".join(spoken.marked.split())

    def _inside(self, xml: Xml, where: str) -> Spoken:
        spoken = _text(xml.text)
        for child in xml:
            if isinstance(child.tag, str):
                spoken += _APART + self._element(child, f"{where}/{child.tag}") + _APART
            spoken += _text(child.tail)
        return spoken

    def _element(self, xml: Xml, where: str) -> Spoken:
        inside = self._inside(xml, where)
        if xml.tag not in ELEMENTS:
            self.warn(f"<{xml.tag}> is not known within <Say>; its text is spoken", where)
            return inside
        self.elements += 1
        given = dict(self._attributes(xml, where))
        match xml.tag:
            case "break":
                return _break(given)
            case "p" | "s":
                return Spoken(f"{inside.plain}. ", f"<{xml.tag}>{inside.marked}</{xml.tag}>")
            case "emphasis" | "prosody":
                return Spoken(inside.plain, _marked(xml.tag, given, inside.marked))
            case "lang":  # SSML 1.1's; engines of 1.0 know it as a voice
                return Spoken(inside.plain, _marked("voice", given, inside.marked))
            case "say-as":
                return _said_as(inside, given.get("interpret-as", ""))
            case "sub" if "alias" in given:
                return _text(given["alias"])
        return inside

    def _attributes(self, xml: Xml, where: str) -> Iterator[tuple[str, str]]:
        known = ELEMENTS[xml.tag]
        for qualified, value in xml.attrib.items():
            name = "xml:lang" if qualified == _LANG else qualified
            if name not in known:
                self.warn(f"the attribute is not known to <{xml.tag}>", f"{where}/@{name}")
            elif not re.fullmatch(known[name], value.strip()):
                self.warn(f"<{xml.tag}> {name}={value!r} cannot be meant", f"{where}/@{name}")
            else:
                yield name, value.strip()


def _text(text: str | None) -> Spoken:
    return Spoken(text or "", escape(text or ""))


def _marked(tag: str, attributes: dict[str, str], inside: str) -> str:
    shown = "".join(f" {name}={quoteattr(_level(value))}" for name, value in attributes.items())
    return f"<{tag}{shown}>{inside}</{tag}>"


def _level(value: str) -> str:
    """Return decibels as the percentage that engines take, everything else as it is."""
    if not value.endswith("dB"):
        return value
    return f"{round((10 ** (float(value[:-2]) / 20) - 1) * 100):+d}%"


def _break(given: dict[str, str]) -> Spoken:
    strength = given.get("strength", "medium")
    if "time" not in given:
        return Spoken(_STRENGTHS[strength], f'<break strength="{strength}"/>')
    amount = float(given["time"].rstrip("ms")) * (1 if given["time"].endswith("ms") else 1000)
    milliseconds = min(round(amount), _LONGEST_BREAK)
    plain = ". " if milliseconds >= _LONG_BREAK else ", "
    return Spoken(plain, f'<break time="{milliseconds}ms"/>')


def _said_as(inside: Spoken, how: str) -> Spoken:
    if how in _SAID_APART:
        return _text(" ".join("".join(inside.plain.split())))
    if how == "ordinal" and inside.plain.strip().isdecimal():
        return _text(_ordinal(int(inside.plain)))
    if how == "expletive":
        return _text("beep")
    return inside


def _ordinal(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _tidied(plain: str) -> str:
    """Return a text without the stops that stand for nothing: at its beginning, behind others."""
    text = re.sub(r"\s+(?=[,.;:!?](\s|$))", "", " ".join(plain.split()))
    return re.sub(r"([.,;:!?])[.,\s]*[.,](?=\s|$)", r"\1", text).lstrip("., ")
