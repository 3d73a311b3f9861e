"""From JSON to a callflow: everything is checked, and defaults filled in, before anything is done.

Source: KAZOO, kzd_callflows:validate_flow and the schema callflows.action.
"""

from typing import Any

import msgspec
from pydantic import ValidationError

from ari_pivot import faults
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.module import NEXT, Module
from ari_pivot.callflow.modules import ELSEWHERE, MODULES
from ari_pivot.errors import Code, InstructionError

_DEPTH = 200  # actions below each other


class _Passed(Module):
    """A module that is not executed here: on to its child `_`."""

    skip_module: bool = True


def parse(body: bytes, url: str) -> Flow:
    """Return the flow; `{"flow": …}`, the form in which flows are stored, is taken as well.

    Raises InstructionError with the code JSON_SYNTAX or FLOW_SCHEMA, `where` being the path in the
    document. What is passed over is among the flow's warnings.
    """
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InstructionError(f"not JSON: {error}", code=Code.JSON_SYNTAX, where=url) from error
    return build(document)


def build(document: Any) -> Flow:
    """Check a decoded flow and build it; raises InstructionError as `parse` does."""
    if isinstance(document, dict) and "module" not in document and "flow" in document:
        document = document["flow"]
    warnings: list[InstructionError] = []
    flow = _action(document, "$", warnings, 0)
    return Flow(flow.name, flow.module, flow.children, tuple(warnings))


def build_known(document: Any) -> Flow:
    """Build a flow of our own configuration, where a module that nobody knows is a mistake.

    Raises InstructionError as `parse` does, and with the code UNKNOWN_MODULE.
    """
    flow = build(document)
    for warning in flow.warnings:
        if warning.code == Code.UNKNOWN_MODULE:
            raise warning
    return flow


def _action(value: Any, where: str, warnings: list[InstructionError], depth: int) -> Flow:
    if not isinstance(value, dict):
        raise _refusal(f"must be an action, an object, not {_kind(value)}", where)
    name = value.get("module")
    if not isinstance(name, str) or not 1 <= len(name) <= 64:
        raise _refusal('needs "module", a string of 1 to 64 characters', where)
    if depth > _DEPTH:
        raise _refusal(f"more than {_DEPTH} actions below each other", where)
    children = value.get("children", {})
    if not isinstance(children, dict):
        raise _refusal(f"must be an object, not {_kind(children)}", f"{where}.children")
    return Flow(
        name,
        _module(name, value.get("data", {}), where, warnings),
        {
            key: _action(child, f"{where}.children[{key}]", warnings, depth + 1)
            for key, child in children.items()
        },
    )


def _module(name: str, data: Any, where: str, warnings: list[InstructionError]) -> Module:
    if not isinstance(data, dict):
        raise _refusal(f"must be an object, not {_kind(data)}", f"{where}.data")
    kind = MODULES.get(name)
    if kind is None:
        warnings.append(_passed(name, where))
        return _Passed()
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _refusal(
            f'"{name}": {faults.reason(first)}', f"{where}.data{_path(data, first['loc'])}"
        ) from error


def _passed(name: str, where: str) -> InstructionError:
    """Return the warning about a module that is not executed. Source: KAZOO, cf_exe."""
    if name in ELSEWHERE:
        reason = f'module "{name}" is not executed here ({ELSEWHERE[name]})'
        return InstructionError(f'{reason}; going to "{NEXT}"', code=Code.UNSUPPORTED, where=where)
    return InstructionError(
        f'unknown module "{name}"; going to "{NEXT}"{faults.meant(name, MODULES)}',
        code=Code.UNKNOWN_MODULE,
        where=where,
    )


def _path(data: Any, location: tuple[int | str, ...]) -> str:
    """Return a place in data as it is written there: without the names of alternatives."""
    path = ""
    for place, part in enumerate(location, 1):
        if isinstance(part, int):
            path, data = f"{path}[{part}]", data[part] if isinstance(data, list) else None
        elif (isinstance(data, dict) and part in data) or place == len(location):
            path, data = f"{path}.{part}", data.get(part) if isinstance(data, dict) else None
    return path


def _refusal(message: str, where: str) -> InstructionError:
    return InstructionError(message, code=Code.FLOW_SCHEMA, where=where)


def _kind(value: Any) -> str:
    kinds = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "an object" if isinstance(value, dict) else "a number")
