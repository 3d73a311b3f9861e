"""From XML to a document: everything is checked before anything is done.

What TwiML's own interpreter passes over with a warning (unknown elements and attributes) we pass
over too; a value that cannot be meant refuses the document.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element as Xml
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.document import Document
from ari_pivot.twiml.verb import Element
from ari_pivot.twiml.verbs import VERBS


def parse(body: bytes, url: str) -> Document:
    """Return the document; relative URLs in it are relative to `url`.

    Raises InstructionError with the code PARSE, ROOT or an attribute's own, `where` being the
    place in the document.
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
    verbs = builder.children(root, "/Response", VERBS, Code.SCHEMA)
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
            elif code != Code.SCHEMA and xml.tag in VERBS:
                raise InstructionError(
                    f"<{xml.tag}> is not allowed within <{parent.tag}>", code=code, where=place
                )
            else:
                self.warn(f"<{xml.tag}> is not known here and is passed over", place)
        return built

    def element(self, xml: Xml, where: str, kind: type[Element]) -> Element:
        values: dict[str, Any] = {}
        known = kind.attributes()
        for name, value in xml.attrib.items():
            if name in known:
                values[name] = value
            else:
                self.warn(f"the attribute is not known to <{xml.tag}>", f"{where}/@{name}")
        if "text" in kind.model_fields:
            values["text"] = _own_text(xml) if kind.nests or not len(xml) else _text(xml)
        if "base" in kind.model_fields:
            values["base"] = self.url
        nested = {child.__name__: child for child in kind.nests}
        if nested or "text" not in kind.model_fields:
            values["children"] = tuple(self.children(xml, where, nested, kind.nest_code))
        try:
            return kind.model_validate({**values, "where": where})
        except ValidationError as error:
            raise _refusal(error, xml, where, kind) from error

    def warn(self, message: str, where: str) -> None:
        self.warnings.append(InstructionError(message, code=Code.SCHEMA, where=where))


def _own_text(xml: Xml) -> str:
    return "".join([xml.text or "", *(child.tail or "" for child in xml)]).strip()


def _text(xml: Xml) -> str:
    return " ".join("".join(xml.itertext()).split())


def _refusal(error: ValidationError, xml: Xml, where: str, kind: type[Element]) -> InstructionError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    reason = first["msg"].removeprefix("Value error, ")
    if name and name != "text":
        where = f"{where}/@{name}"
        reason = f"<{xml.tag}> {name}={first['input']!r}: {reason}"
    else:
        reason = f"<{xml.tag}>: {reason}"
    code = kind.codes.get(name or "text", Code.SCHEMA)
    return InstructionError(reason, code=code, where=where)
