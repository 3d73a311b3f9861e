"""The documentation says what the modules are. Run as a program, this file writes its table."""

from pathlib import Path

from callflow_verified import how

from ari_pivot.call.source import Prompt
from ari_pivot.callflow.modules import ELSEWHERE, MODULES
from ari_pivot.callflow.prompts import STOCK
from ari_pivot.callflow.table import table

PAGE = Path(__file__).parents[2] / "docs" / "kazoo.md"


TITLE = """## Modules and keys

Made from the modules' own classes and the tests. `real`: in a scenario that is played in the
simulator and on a real Asterisk, or in a test on one; `simulated`: in simulated calls; `parsed`:
what KAZOO's schema takes is taken, what it refuses is refused, and no more than that.

"""


def page():
    """Return the page with the table as it is to be."""
    before = PAGE.read_text("utf-8").partition(TITLE.partition("\n")[0])[0]
    return f"{before}{TITLE}{table(how)}"


def test_the_table_of_modules_is_up_to_date():
    command = "PYTHONPATH=.:tests:tests/callflow python tests/callflow/test_callflow_table.py"
    assert PAGE.read_text("utf-8") == page(), f"run `{command}`"


def test_every_module_is_verified_on_a_real_asterisk_or_at_least_in_a_simulated_call():
    assert {name for name in MODULES if how(name) == "parsed"} == set()


def test_every_module_is_in_the_table():
    names = {line.split("|")[1].strip().strip("`") for line in table(how).splitlines() if line}
    assert MODULES.keys() | ELSEWHERE.keys() <= names


def test_keys_are_told_with_their_values_and_defaults():
    rows = table(how).splitlines()
    assert "| `sleep` | `duration` | integer, from 0 to 86400000 | `0` | yes | real |" in rows
    assert "| `language` | `language` | string | required | yes | real |" in rows
    assert "| `edr` | KAZOO's log of events |" in rows


def test_every_stock_prompt_is_explained():
    text = PAGE.read_text("utf-8")
    for name, source in STOCK.items():
        meant = f"`{source.name}`" if isinstance(source, Prompt) else f"“{source.text}”"
        assert f"| `{name}` | {meant} |" in text


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
