"""The house rules that a linter does not know: sizes, tables, who reads what."""

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from ari_pivot.callflow.metaflow.commands import COMMANDS
from ari_pivot.callflow.modules import MODULES
from ari_pivot.twiml.verbs import VERBS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ari_pivot"
FILES = sorted(PACKAGE.rglob("*.py"))
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def tree(file):
    return ast.parse(file.read_text())


def functions():
    """Yield each function of the program, with its place and its length in lines."""
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, FUNCTIONS):
                place = f"{file.relative_to(ROOT)}:{node.name}"
                yield place, node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_has_at_most_250_lines(file):
    assert len(file.read_text().splitlines()) <= 250


def test_a_function_has_at_most_40_lines_and_half_of_them_10():
    assert [place for place, lines in functions() if lines > 40] == []
    assert median(lines for _, lines in functions()) <= 10


def test_a_class_has_at_most_12_public_methods():
    crowded = []
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef):
                methods = [
                    part.name
                    for part in node.body
                    if isinstance(part, FUNCTIONS)
                    and not part.name.startswith("_")
                    and not any("property" in ast.dump(one) for one in part.decorator_list)
                ]
                if len(methods) > 12:
                    crowded.append(f"{file.name}:{node.name}: {methods}")
    assert crowded == []


def test_each_verb_has_a_file_of_its_name_and_a_line_in_the_table():
    for name, verb in VERBS.items():
        assert verb.__module__ == f"ari_pivot.twiml.{name.lower()}"
        assert verb.__name__ == name


def test_each_module_has_a_file_of_its_name_and_a_line_in_the_table():
    for name, module in MODULES.items():
        assert module.__module__.rpartition(".")[2].rstrip("_") == name


def test_each_metaflow_has_a_file_of_its_name_and_a_line_in_the_table():
    for name, command in COMMANDS.items():
        assert command.__module__ == f"ari_pivot.callflow.metaflow.{name}"
    assert classes("callflow/metaflow", "Command") <= {one.__name__ for one in COMMANDS.values()}


def classes(folder, base):
    """Return the classes of a package that have a base of this name."""
    return {
        node.name
        for file in (PACKAGE / folder).glob("*.py")
        for node in tree(file).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if any(isinstance(one, ast.Name) and one.id == base for one in node.bases)
    }


def test_no_verb_is_missing_from_the_table():
    known = {verb.__name__ for verb in VERBS.values()}
    assert classes("twiml", "Verb") <= known


def test_no_module_is_missing_from_the_table():
    known = {module.__name__ for module in MODULES.values()}
    assert classes("callflow", "Module") <= known


def mentions(file, *names):
    return any(
        isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in names
        for node in ast.walk(tree(file))
    )


def test_only_the_configuration_reads_the_environment():
    readers = [file.name for file in FILES if mentions(file, "environ", "getenv", "environb")]
    assert readers == ["config.py"]


def test_everything_is_caught_in_one_place_only():
    places = []
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                if any(name in caught for name in ("Exception", "BaseException", "everything")):
                    places.append((file.name, caught))
    wide = [place for place in places if place[1] in {"Exception", "BaseException", "everything"}]
    assert wide == [("switchboard.py", "Exception")]


def test_the_layers_hold():
    done = subprocess.run(  # noqa: S603 - our own tool
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_no_two_tests_files_have_one_name():
    files = [file for file in ROOT.glob("tests/**/*.py") if file.parent.name != "bench"]
    names = [file.name for file in files if file.name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_the_design_names_every_room():
    page = (ROOT / "docs/design.md").read_text()
    rooms = {
        f"`{one.name}/`" if one.is_dir() else f"`{one.name}`"
        for one in PACKAGE.iterdir()
        if not one.name.startswith("_") and (one.is_dir() or one.suffix == ".py")
    }
    assert {room for room in rooms if room not in page} == set()
