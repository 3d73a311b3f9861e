"""The table of modules for the documentation, made from the modules' own classes."""

from collections.abc import Callable, Iterator
from typing import Any

from annotated_types import Ge, Le

from ari_pivot.callflow.modules import ELSEWHERE, MODULES

HEAD = "| module | key | values | default | supported | verified |\n|---|---|---|---|---|---|"

#: Says how a module, or one of its keys, is verified.
How = Callable[[str, str], str]


def table(how: How) -> str:
    """Return all modules and keys, and those that are not executed, as Markdown."""
    rows = [row for name in sorted(MODULES) for row in _rows(name, how)]
    elsewhere = [f"| `{name}` | {reason} |" for name, reason in sorted(ELSEWHERE.items())]
    return "\n".join([HEAD, *rows, "", "| not executed | why |\n|---|---|", *elsewhere, ""])


def _rows(name: str, how: How) -> Iterator[str]:
    module = MODULES[name]
    schema = module.model_json_schema()
    keys = {key: one for key, one in schema.get("properties", {}).items() if key != "skip_module"}
    if not keys:
        yield f"| `{name}` | | | | yes | {how(name, '')} |"
    for number, (key, one) in enumerate(keys.items()):
        default = "required" if key in schema.get("required", ()) else _default(one)
        values = _values(one, schema) + _limits(module.model_fields[key].metadata)
        supported = module.without_effect.get(key, "yes")
        shown = f"`{name}`" if number == 0 else ""
        checked = how(name, key)
        yield f"| {shown} | `{key}` | {values} | {default} | {supported} | {checked} |"


def _default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    if default in (None, "", [], {}):
        return ""
    if isinstance(default, dict):
        return ""  # an object's keys have their own
    if isinstance(default, list):
        return "all keys" if len(default) == 12 else f"`{default}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _values(schema: dict[str, Any], root: dict[str, Any]) -> str:
    """Return what a key may hold, in words."""
    if "$ref" in schema:
        return _values(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        kinds = (_values(one, root) for one in schema["anyOf"] if one.get("type") != "null")
        return " or ".join(kinds)
    if "oneOf" in schema:
        return "one of `" + "` `".join(sorted(schema["discriminator"]["mapping"])) + "`"
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"array of {_values(schema.get('items', {}), root)}"
    return f"{schema.get('type', 'any')}{_bounds(schema)}"


def _limits(metadata: list[Any]) -> str:
    """Return the bounds of an integer, which its JSON schema does not have."""
    low = [f"from {one.ge}" for one in metadata if isinstance(one, Ge)]
    high = [f"to {one.le}" for one in metadata if isinstance(one, Le)]
    return f", {' '.join(low + high)}" if low or high else ""


def _bounds(schema: dict[str, Any]) -> str:
    return f", up to {schema['maxLength']} characters" if "maxLength" in schema else ""
