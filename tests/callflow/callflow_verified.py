"""Which modules and keys the tests hold, by reading the tests: what the documentation says of them.

`real`: in a scenario, which is played in the simulator and on a real Asterisk, or in a test on one.
`simulated`: in a simulated call. `parsed`: only checked against KAZOO's schema.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ari_pivot.callflow.modules import MODULES

TESTS = Path(__file__).parents[1]
Found = dict[str, set[str]]
#: These have every module, and say nothing of its keys.
_ABOUT_ALL = {"test_callflow_hangups.py", "test_callflow_schema.py", "test_callflow_table.py"}


def how(module: str, key: str = "") -> str:
    """Say how a module, or one of its keys, is verified."""
    for kind, found in (("real", _real()), ("simulated", _simulated())):
        if module in found and (not key or key in found[module]):
            return kind
    return "parsed"


@cache
def _real() -> Found:
    scenarios = (yaml.safe_load(path.read_text("utf-8"))
                 for path in (TESTS / "scenarios").glob("*.y*ml"))  # fmt: skip
    documents = (one for document in scenarios for one in _in_document(document))
    return _merged([*documents, *_in_files(TESTS / "asterisk")])


@cache
def _simulated() -> Found:
    return _merged([*_in_files(TESTS / "callflow"), *_in_own_files()])


def _merged(pairs: list[tuple[str, set[str]]]) -> Found:
    found: Found = defaultdict(set)
    for module, keys in pairs:
        found[module] |= keys
    return found


def _in_document(part: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield modules with their keys: `{module, data}`, or `{name: data}` of a chain."""
    if isinstance(part, list):
        for one in part:
            yield from _in_document(one)
    elif isinstance(part, dict):
        if part.get("module") in MODULES:
            yield part["module"], _names(part.get("data"))
        elif len(part) == 1 and next(iter(part)) in MODULES:
            ((name, data),) = part.items()
            yield name, _names(data)
        for one in part.values():
            yield from _in_document(one)


def _names(data: Any) -> set[str]:
    return set(data) if isinstance(data, dict) else set()


def _in_files(folder: Path) -> Iterator[tuple[str, set[str]]]:
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield from _in_node(node)


def _in_node(node: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Yield what `act("name", {…})`, `("name", {…})`, `{"name": {…}}` and documents say."""
    match node:
        case ast.Call(args=[ast.Constant(value=str(name)), *rest]) if name in MODULES:
            yield name, {key for one in rest for key in _keys(one)}
        case ast.Tuple(elts=[ast.Constant(value=str(name)), data]) if name in MODULES:
            yield name, set(_keys(data))
        case ast.Dict(keys=keys, values=values):
            said = {key.value: value for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant)}  # fmt: skip
            module = said.get("module")
            if isinstance(module, ast.Constant) and module.value in MODULES:
                yield module.value, set(_keys(said.get("data")))
            for name, data in said.items():
                if name in MODULES and isinstance(data, ast.Dict):
                    yield name, set(_keys(data))


def _keys(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant):
                yield str(key.value)


def _in_own_files() -> Iterator[tuple[str, set[str]]]:
    """Yield the modules that a file with simulated calls has, with all that it names.

    There, data comes from helpers, or as keyword arguments.
    """
    for path in [*(TESTS / "callflow").glob("test_*.py"), *TESTS.glob("test_*.py")]:
        if path.name in _ABOUT_ALL:
            continue
        words = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant):
                words.add(str(node.value))
            elif isinstance(node, ast.keyword):
                words.add(str(node.arg))
        for name in MODULES:
            if name in words or path.stem == f"test_callflow_{name}":
                yield name, words
