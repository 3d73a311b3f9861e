"""The documentation says what the modules are."""

from pathlib import Path

from ari_pivot.call.source import Prompt
from ari_pivot.callflow.modules import ELSEWHERE, MODULES
from ari_pivot.callflow.prompts import STOCK
from ari_pivot.callflow.table import table

PAGE = Path(__file__).parents[2] / "docs" / "kazoo.md"


def test_the_table_of_modules_is_up_to_date():
    text = PAGE.read_text("utf-8")
    assert text.endswith(table()), "put what `python -m ari_pivot.callflow.table` says at its end"


def test_every_module_is_in_the_table():
    names = {line.split("|")[1].strip().strip("`") for line in table().splitlines() if line}
    assert MODULES.keys() | ELSEWHERE.keys() <= names


def test_keys_are_told_with_their_values_and_defaults():
    rows = table().splitlines()
    assert "| `sleep` | `duration` | integer, from 0 to 86400000 | `0` | yes |" in rows
    assert "| `language` | `language` | string | required | yes |" in rows
    assert "| `edr` | KAZOO's log of events |" in rows


def test_every_stock_prompt_is_explained():
    text = PAGE.read_text("utf-8")
    for name, source in STOCK.items():
        meant = f"`{source.name}`" if isinstance(source, Prompt) else f"“{source.text}”"
        assert f"| `{name}` | {meant} |" in text
