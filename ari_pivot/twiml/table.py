"""The table of verbs for the documentation, made from the verbs' own classes."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ari_pivot.twiml import ssml
from ari_pivot.twiml.verb import Element
from ari_pivot.twiml.verbs import ELSEWHERE, VERBS

HEAD = (
    "| element | attribute | values | default | supported | verified |\n|---|---|---|---|---|---|"
)
SSML_HEAD = (
    "| SSML in `Say` | attribute | values | | supported | verified |\n|---|---|---|---|---|---|"
)

#: Tells how an element, or an attribute of one, is verified.
Verified = Callable[[str, str], str]


def table(verified: Verified) -> str:
    """Return every element and attribute, and the elements that are not there, as Markdown."""
    rows = [row for name, kind in elements(VERBS.values()) for row in _rows(name, kind, verified)]
    spoken = [row for name in sorted(ssml.ELEMENTS) for row in _spoken(name, verified)]
    elsewhere = [f"| `{name}` | {reason} |" for name, reason in sorted(ELSEWHERE.items())]
    parts = [HEAD, *rows, "", SSML_HEAD, *spoken, "", "| not there | why |\n|---|---|", *elsewhere]
    return "\n".join([*parts, ""])


def elements(kinds: Iterable[type[Element]], within: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each element once with its name, the verbs first, then what only they may hold."""
    for kind in sorted(kinds, key=lambda kind: kind.__name__):
        yield f"{within}{kind.__name__}", kind
        inside = [one for one in kind.nests if one.__name__ not in VERBS]
        yield from elements(inside, f"{within}{kind.__name__} > ")


def _rows(path: str, kind: type[Element], verified: Verified) -> Iterator[str]:
    name = kind.__name__
    yield f"| `{path}` | | {_text(kind)} | | yes | {verified(name, '')} |"
    schema = kind.model_json_schema()["properties"]
    for attribute, field in kind.attributes().items():
        supported = "yes"
        if attribute in kind.unsupported:
            supported = f"no: {kind.unsupported[attribute]} (13750)"
        elif attribute in kind.without_effect:
            supported = f"taken, {kind.without_effect[attribute]}"
        values = _values(schema[attribute], kind.model_fields[field].metadata)
        shown = _default(kind.model_fields[field].default)
        how = verified(name, attribute) if supported == "yes" else "parsed"
        yield f"| | `{attribute}` | {values} | {shown} | {supported} | {how} |"


def _spoken(name: str, verified: Verified) -> Iterator[str]:
    yield f"| `{name}` | | | | yes | {verified(name, '')} |"
    for attribute, pattern in ssml.ELEMENTS[name].items():
        reason = ssml.WITHOUT_EFFECT.get((name, attribute))
        supported = f"taken, {reason}" if reason else "yes"
        how = verified(name, attribute)
        yield f"| | `{attribute}` | {_pattern(pattern)} | | {supported} | {how} |"


def _text(kind: type[Element]) -> str:
    if "text" in kind.model_fields:
        longest = kind.model_json_schema()["properties"]["text"].get("maxLength")
        return f"text, up to {longest} characters" if longest else "text"
    nested = " ".join(f"`{one.__name__}`" for one in kind.nests)
    return f"holds {nested}" if nested else ""


def _values(schema: dict[str, Any], metadata: list[Any]) -> str:
    """Return what an attribute may hold, in words; not all of it is in its JSON schema."""
    schema = dict(schema)
    for one in metadata:
        for theirs, ours in (("pattern", "pattern"), ("ge", "minimum"), ("le", "maximum")):
            schema |= {ours: getattr(one, theirs)} if getattr(one, theirs, None) is not None else {}
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    match schema.get("type"):
        case "boolean":
            return "`true` `false`"
        case "integer" | "number":
            low, high = schema.get("minimum"), schema.get("maximum")
            bounds = [f"from {low}"] * (low is not None) + [f"to {high}"] * (high is not None)
            return " ".join(["a whole number", *bounds])
        case "array":
            return "several of them, with spaces"
    return _pattern(schema["pattern"]) if "pattern" in schema else "text"


def _pattern(pattern: str) -> str:
    """Return the alternatives of a pattern, or that there is one."""
    inside = re.sub(r"^\^?\(?|\)?\$?$", "", pattern)
    if not re.fullmatch(r"[\w |-]+", inside):
        return "text of its form"
    return " ".join(f"`{value}`" for value in inside.split("|") if value)


def _default(default: Any) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return " ".join(f"`{one}`" for one in default)
    return "" if default in (None, "") else f"`{default}`"
