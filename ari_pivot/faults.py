"""What pydantic has against a document, in words that need no Python."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "is missing",
    "string_type": "must be text, in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "list_type": "must be a list, as [a, b]",
    "dict_type": "must hold keys, as {{a: b}}",
    "model_type": "must hold keys, as {{a: b}}",
    "model_attributes_type": "must hold keys, as {{a: b}}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "too_short": "must have {min_length} or more",
    "string_too_short": "must have {min_length} characters or more",
    "string_too_long": "must have {max_length} characters or fewer",
}
_URLS = {r"^https?://\S+$", r"^$|^https?://\S+$", r"^https?://[^\s]+$"}


def reason(fault: ErrorDetails) -> str:
    """Return what is wrong with a value, and what would be right."""
    kind, about = fault["type"], fault.get("ctx", {})
    if kind == "string_pattern_mismatch":
        pattern = about["pattern"]
        return "must be an http or https URL" if pattern in _URLS else f"must match {pattern}"
    if kind == "literal_error":
        return f"must be {about['expected'].replace('True', 'true')}"
    if kind in _WORDS:
        return _WORDS[kind].format_map({key: _plain(value) for key, value in about.items()})
    return fault["msg"].removeprefix("Value error, ")


def syntax(error: Exception) -> str:
    """Return what a reader of YAML says, on one line: where and why."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(error)
    return f"line {mark.line + 1}, column {mark.column + 1}: {getattr(error, 'problem', '')}"


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def place(location: Iterable[int | str]) -> str:
    """Return where it is, as `routes[0].numbers`."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.removeprefix(".")


def told(fault: ErrorDetails, model: type[BaseModel], what: str) -> str:
    """Return place and reason; a key that is not known is no `what`, and the nearest one is named.

    `model` is what the whole document was checked against; `examples` in it say what is right.
    """
    location = fault["loc"]
    known = _keys(model, location[:-1])
    if fault["type"] == "extra_forbidden":
        return f"{place(location)}: {unknown(str(location[-1]), known, what)}"
    if not location and fault["type"] == "value_error":
        return reason(fault)
    field = known.get(str(location[-1])) if location else None
    like = f", as {field.examples[0]}" if field and field.examples else ""
    return f"{place(location) or 'the whole'}: {reason(fault)}{like}"


def unknown(name: str, known: Iterable[str], what: str) -> str:
    """Say that a name is no `what`, and which one may have been meant."""
    return f"is not {what}{meant(name, known)}"


def meant(name: str, known: Iterable[str]) -> str:
    """Ask for the name that is nearest to one that is not known; empty where none is near."""
    nearest = get_close_matches(name, list(known), n=1)
    return "".join(f"; did you mean `{one}`?" for one in nearest)


def _keys(model: Any, location: Iterable[int | str]) -> dict[str, FieldInfo]:
    """Return the fields that are known in a place, by their names in documents."""
    for part in location:
        field = _fields(model).get(str(part))
        model = next(_models(field.annotation if field else model), None)
    return _fields(model)


def _fields(model: Any) -> dict[str, FieldInfo]:
    fields: dict[str, FieldInfo] = model.model_fields if _is_model(model) else {}
    return {field.alias or name: field for name, field in fields.items()}


def _models(kind: Any) -> Iterator[Any]:
    """Yield the models within a type: in lists, mappings, what may be None."""
    if _is_model(kind):
        yield kind
    for inner in get_args(kind):
        yield from _models(inner)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
