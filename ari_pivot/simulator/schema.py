"""The JSON Schemas of script and result, as they stand in docs/."""

import json
import sys
from pathlib import Path
from typing import Any

from ari_pivot.simulator.result import Result
from ari_pivot.simulator.script import Script

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schemas() -> dict[str, dict[str, Any]]:
    """Return them by file name."""
    return {
        "simulator-script.schema.json": _DIALECT | Script.model_json_schema(),
        "simulator-result.schema.json": _DIALECT | Result.model_json_schema(mode="serialization"),
    }


def text(schema: dict[str, Any]) -> str:
    """Return a schema as its file holds it."""
    return json.dumps(schema, indent=2) + "\n"


def main(directory: Path) -> None:
    """Write them."""
    for name, schema in schemas().items():
        (directory / name).write_text(text(schema))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
