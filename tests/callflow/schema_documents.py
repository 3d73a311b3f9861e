"""Data for modules, made from KAZOO's JSON schemas: right, wrong, and at the edges."""

import json
import re
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

JUNK = [
    None, True, False, 0, 1, -1, 20, 5001, 1.5, 10**12, "", "x", "20", "-3", "2.5", "http://x", "_",
    [], ["1"], ["x", 1], [{}], {}, {"a": "b"}, {"id": "a", "type": "user"},
]  # fmt: skip
TEXTS = [
    "",
    "x",
    "#",
    "fr",
    "fr-CA",
    "http://x",
    "https://example.com/a?b",
    "http://",
    "a@example.com",
]


class Schemas:
    """The schemas of a folder."""

    def __init__(self, folder: Path) -> None:
        self._all = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
        self._registry = Registry().with_resources(
            (name, Resource(contents=schema, specification=DRAFT4))
            for name, schema in self._all.items()
        )

    def __getitem__(self, name):
        return self._all[name]

    def accepts(self, name, data):
        """Tell whether KAZOO takes data: with defaults filled in, integers as they are meant."""
        return Draft4Validator(self._dispatched(name), registry=self._registry).is_valid(
            self._filled(name, data)
        )

    def _filled(self, name, data):
        schema = self._all[name]
        if not isinstance(data, dict):
            return data
        defaults = {key: one["default"] for key, one in schema.get("properties", {}).items()
                    if "default" in one and key in schema.get("required", ())}  # fmt: skip
        return self._lenient(schema, defaults | data)

    def _lenient(self, schema, data):
        """Take an integer written as a string for one, the only leniency there is."""
        if schema.get("type") == "integer" and isinstance(data, str):
            return int(data) if re.fullmatch(r"-?[0-9]{1,18}", data) else data
        if isinstance(data, list) and isinstance(schema.get("items"), dict):
            return [self._lenient(self._item(schema["items"], one), one) for one in data]
        if isinstance(data, dict):
            properties = schema.get("properties", {})
            return {key: self._lenient(properties.get(key, {}), one) for key, one in data.items()}
        return data

    def _item(self, schema, data):
        """Return the schema for one of several macros, by its name."""
        if "oneOf" not in schema or not isinstance(data, dict):
            return schema
        return self._all.get(macro(data.get("macro")), schema)

    @cache  # noqa: B019 - as long as the tests
    def _dispatched(self, name):
        """Replace the choice of a macro, which is ambiguous, by one that goes by its name."""
        schema = self._all[name]
        if name != "callflows.audio_macro":
            return schema
        item = schema["properties"]["macros"]["items"]
        kinds = item["properties"]["macro"]["enum"]
        chosen = [
            {"allOf": [{"$ref": macro(kind)}, {"properties": {"macro": {"enum": [kind]}}}]}
            for kind in kinds
        ]
        macros = schema["properties"]["macros"] | {
            "items": {"anyOf": chosen, "required": ["macro"], "type": "object"}
        }
        return schema | {"properties": schema["properties"] | {"macros": macros}}

    def data(self, name):
        """Return a strategy for data of a module."""
        return self._object(self._all[name])

    def _object(self, schema, extra=()):
        values = {key: self._value(one) for key, one in schema.get("properties", {}).items()}
        values |= dict(extra)
        return st.fixed_dictionaries({}, optional=values)

    def _value(self, schema):
        junk = st.sampled_from(JUNK)
        right = self._right(schema)
        return st.one_of(right, right, right, junk)

    def _right(self, schema):
        if "oneOf" in schema:
            refs = [one["$ref"] for one in schema["oneOf"] if "$ref" in one]
            if refs:
                return st.sampled_from(refs).flatmap(self._macro)
            return st.one_of(*(self._right(one) for one in schema["oneOf"]))
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        match schema.get("type"):
            case "string":
                low, high = schema.get("minLength", 0), schema.get("maxLength", 2000)
                sizes = {low - 1, low, low + 1, high, high + 1} - {-1}
                edges = [st.just("x" * size) for size in sizes if size < 3000]
                return st.one_of(st.sampled_from(TEXTS), st.text(max_size=5), *edges)
            case "integer":
                edges = [schema.get("minimum", 0), schema.get("maximum", 10**6)]
                around = st.sampled_from([edge + step for edge in edges for step in (-1, 0, 1)])
                return st.one_of(around, around.map(str), st.integers(-5, 5000))
            case "boolean":
                return st.booleans()
            case "array":
                return st.lists(self._value(schema.get("items", {})), max_size=3)
            case "object":
                return self._object(schema)
        return st.sampled_from(JUNK)

    def _macro(self, ref):
        schema = self._all[ref]
        return self._object(schema, {"macro": st.just(ref.rpartition(".")[2])})


def macro(kind):
    return f"callflows.{kind}" if kind in {"play", "tts"} else f"callflows.audio_macro.{kind}"
