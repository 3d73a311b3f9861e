"""From XML to a document: everything is checked before anything is done.

What TwiML's own interpreter passes over with a warning we pass over too: elements and attributes
it does not know, elements where they may not stand, values that cannot be meant. What an element
lacks refuses the document. Source: the error dictionary of the TwiML reference, which calls 12200,
13212, 13215, 13313, 13320, 13510 and their like warnings.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element as Xml
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from ari_pivot import faults
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.document import Document
from ari_pivot.twiml.ssml import Reader
from ari_pivot.twiml.verb import Element
from ari_pivot.twiml.verbs import ELSEWHERE, VERBS


def parse(body: bytes, url: str) -> Document:
    """Return the document; relative URLs in it are relative to `url`.

    Raises InstructionError with the code PARSE, ROOT or an element's own, `where` being the place
    in the document.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        reason = "a DOCTYPE is not allowed" if isinstance(error, DefusedXmlException) else error
        raise InstructionError(f"not XML: {reason}", code=Code.PARSE, where=url) from error
    if root.tag != "Response":
        raise InstructionError(
            f"the root is <{root.tag}>, not <Response>", code=Code.ROOT, where=f"/{root.tag}"
        )
    builder = _Builder(url)
    try:
        verbs = builder.children(root, "/Response", VERBS, Code.SCHEMA)
    except RecursionError:
        reason = "elements nest too deep"
        raise InstructionError(reason, code=Code.PARSE, where=url) from None
    return Document(tuple(verbs), tuple(builder.warnings))


@dataclass(slots=True)
class _Builder:
    url: str
    warnings: list[InstructionError] = field(default_factory=list)

    def children(
        self, parent: Xml, where: str, known: dict[str, type[Any]], code: int
    ) -> list[Any]:
        counts: Counter[str] = Counter()
        built = []
        for xml in parent:
            if not isinstance(xml.tag, str):  # a comment or processing instruction
                continue
            counts[xml.tag] += 1
            place = f"{where}/{xml.tag}[{counts[xml.tag]}]"
            if xml.tag in known:
                built.append(self.element(xml, place, known[xml.tag]))
            else:
                self.pass_over(xml.tag, parent.tag, place, code)
        return built

    def pass_over(self, tag: str, parent: str, where: str, code: int) -> None:
        if tag in ELSEWHERE:
            self.warn(f"<{tag}>: {ELSEWHERE[tag]}", where, Code.UNSUPPORTED)
        elif tag in VERBS:
            self.warn(f"<{tag}> may not stand within <{parent}>", where, code)
        else:
            self.warn(f"<{tag}> is not known here{faults.meant(tag, VERBS)}", where)

    def element(self, xml: Xml, where: str, kind: type[Element]) -> Element:
        values: dict[str, Any] = {}
        known = kind.attributes()
        for name, value in xml.attrib.items():
            if name in known:
                values[name] = value.strip()
            else:
                unknown = f"the attribute is not known to <{xml.tag}>{faults.meant(name, known)}"
                self.warn(unknown, f"{where}/@{name}")
        if "markup" in kind.model_fields:
            values["text"], values["markup"] = Reader(self.warn).read(xml, where)
        elif "text" in kind.model_fields:
            values["text"] = _own_text(xml) if kind.nests or not len(xml) else _text(xml)
        if "base" in kind.model_fields:
            values["base"] = self.url
        nested = {child.__name__: child for child in kind.nests}
        if nested or "text" not in kind.model_fields:
            values["children"] = tuple(self.children(xml, where, nested, kind.nest_code))
        made = self.validated(kind, {**values, "where": where}, xml)
        for name, reason in kind.unsupported.items():
            field_name = known[name]
            if getattr(made, field_name) != kind.model_fields[field_name].default:
                self.warn(f"<{xml.tag}> {name}: {reason}", f"{where}/@{name}", Code.UNSUPPORTED)
        for doubt, code in made.doubts():
            self.warn(f"<{xml.tag}> {doubt}", where, code)
        return made

    def validated(self, kind: type[Element], values: dict[str, Any], xml: Xml) -> Element:
        """Build it; an attribute that cannot be meant is left out, with a warning."""
        while True:
            try:
                return kind.model_validate(values)
            except ValidationError as error:
                refusals = list(_refusals(error, values["where"], xml, kind))
                if faulty := [name for name, _ in refusals if name in xml.attrib]:
                    self.warnings += [refusal for name, refusal in refusals if name in faulty]
                    values = {name: value for name, value in values.items() if name not in faulty}
                else:
                    raise refusals[0][1] from error

    def warn(self, message: str, where: str, code: int = Code.SCHEMA) -> None:
        self.warnings.append(InstructionError(message, code=code, where=where))


def _own_text(xml: Xml) -> str:
    return "".join([xml.text or "", *(child.tail or "" for child in xml)]).strip()


def _text(xml: Xml) -> str:
    return " ".join("".join(xml.itertext()).split())


def _refusals(
    error: ValidationError, where: str, xml: Xml, kind: type[Element]
) -> Iterator[tuple[str, InstructionError]]:
    """Yield attributes and what is wrong with them; the element itself has no name."""
    for fault in error.errors(include_url=False):
        name = str(fault["loc"][0]) if fault["loc"] else ""
        reason = faults.reason(fault)
        codes = kind.codes | (kind.too_long if fault["type"] == "string_too_long" else {})
        code = codes.get(name or "text", Code.SCHEMA)
        place = where
        if name and name != "text":
            place = f"{where}/@{name}"
            reason = f"{name}={fault['input']!r}: {reason}"
        yield name, InstructionError(f"<{xml.tag}> {reason}", code=code, where=place)
