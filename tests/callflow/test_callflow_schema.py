"""What KAZOO's schemas accept is accepted, what they refuse is refused.

They are read from the folder that `PIVOT_CONFORMANCE` names.
"""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schema_documents import Schemas

from ari_pivot.callflow import build
from ari_pivot.callflow.modules import ELSEWHERE, MODULES
from ari_pivot.errors import InstructionError

FOLDER = os.environ.get("PIVOT_CONFORMANCE", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="PIVOT_CONFORMANCE names no folder")
SCHEMAS = Schemas(Path(FOLDER) / "kazoo_schemas") if FOLDER else None


def stricter(name, data):
    """Tell of data that is refused on purpose although the schema takes it."""
    if name == "pivot":  # a URL needs a host, and no spaces
        urls = [data[key] for key in ("voice_url", "cdr_url") if isinstance(data.get(key), str)]
        return any(not re.fullmatch(r"https?://\S+", url) for url in urls)
    if name == "audio_macro":  # a sound's language and terminators are what they are for all kinds
        macros = data.get("macros") or []
        return any(
            not isinstance(one.get("language", ""), str) for one in macros if isinstance(one, dict)
        )
    return False


@pytest.mark.parametrize("name", sorted(MODULES))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_a_module_takes_what_its_schema_takes(name, draw):
    data = draw.draw(SCHEMAS.data(f"callflows.{name}"))
    wanted = SCHEMAS.accepts(f"callflows.{name}", data) and not stricter(name, data)
    try:
        build({"module": name, "data": data})
        refused = None
    except InstructionError as error:
        refused = error
    assert (refused is None) is wanted, refused
    if refused:
        assert refused.where.startswith("$.data")
        assert refused.message


def test_every_module_that_has_a_schema_is_known():
    named = {
        path.stem.removeprefix("callflows.")
        for path in Path(FOLDER).glob("kazoo_schemas/callflows.*.json")
    }
    named -= {"action", "callflows", *(name for name in named if "." in name)}
    assert named - MODULES.keys() == ELSEWHERE.keys()


@pytest.mark.parametrize(
    "path",
    sorted((Path(FOLDER) / "kazoo_samples").glob("*.json")) if FOLDER else [],
    ids=lambda path: path.stem,
)
def test_a_sample_is_taken_unless_kazoo_would_refuse_it(path):
    document = json.loads(path.read_text())
    assert accepted(document) is valid(document.get("flow", document))


def accepted(document):
    try:
        build(document)
    except InstructionError:
        return False
    return True


def valid(action):
    """Tell whether KAZOO takes an action, with the modules that are executed here."""
    name = action["module"]
    fits = name not in MODULES or SCHEMAS.accepts(f"callflows.{name}", action.get("data", {}))
    return fits and all(valid(child) for child in action.get("children", {}).values())
