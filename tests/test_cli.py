"""The command `ari-pivot`: its help, and what `check` says of files."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from ari_pivot.cli import command


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command beside files of these texts; returns its exit status and its lines."""
    monkeypatch.chdir(tmp_path)

    def run_with(*arguments, **files):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        done = CliRunner().invoke(command, list(arguments))
        return done.exit_code, done.output.splitlines()

    return run_with


def test_every_file_is_checked_and_everything_that_is_wrong_is_a_line(run):
    status, lines = run(
        "check", "a.yaml", "b.xml", "c.json", "d.yaml",
        a_yaml="web: {alow: [], retries: 9}",
        b_xml="<Response><Say>Hi.</Say></Response>",
        c_json='{"module": "plai"}',
    )  # fmt: skip
    assert status == 1
    assert lines == [
        "a.yaml: error web.retries: must be 5 or less",
        "a.yaml: error web.alow: is not a setting; did you mean `allow`?",
        "b.xml: valid TwiML",
        'c.json: warning 90102 $: unknown module "plai"; going to "_"; did you mean `play`?',
        "c.json: valid callflow",
        "d.yaml: error No such file or directory",
    ]


def test_what_is_passed_over_is_a_warning_that_names_what_is_like_it(run):
    document = '<Response><Gahter/><Say loops="2">Hi.</Say></Response>'
    told = [
        "a.xml: warning 12200 /Response/Gahter[1]: <Gahter> is not known here; did you mean `Gather`?",
        "a.xml: warning 12200 /Response/Say[1]/@loops: the attribute is not known to <Say>; did you mean `loop`?",
        "a.xml: valid TwiML",
    ]
    assert run("check", "a.xml", a_xml=document) == (0, told)
    assert run("check", "--strict", "a.xml", a_xml=document) == (1, told)


def test_a_script_of_the_simulator_is_checked_as_one(run):
    assert run("check", "a.yaml", a_yaml="{caller: {from: 1}, web: []}") == (
        0,
        ["a.yaml: valid script"],
    )
    assert run("check", "a.yaml", a_yaml="{dial: {bob: {bussy: true}}}") == (
        1,
        [
            "a.yaml: error dial.bob.bussy: is not a key of scripts; did you mean `busy`?",
        ],
    )


def test_a_configuration_that_cannot_be_used_is_told_line_by_line(run):
    status, lines = run("doctor", "--config", "a.yaml", a_yaml="{log: {level: loud}, rout: 1}")
    assert status == 2
    assert lines == [
        "error: a.yaml: rout: is not a setting; did you mean `routes`?",
        "error: a.yaml: log.level: must be 'debug', 'info', 'warning' or 'error'",
    ]


def test_the_help_says_each_command_in_one_whole_sentence(run):
    for arguments in ([], ["outbox"]):
        _, lines = run(*arguments, "--help")
        commands = lines[lines.index("Commands:") + 1 :]
        assert commands
        assert all(line.endswith(".") and "..." not in line for line in commands)


def test_the_help_needs_none_of_what_takes_long_to_load():
    program = "import sys, ari_pivot.cli; print(sorted(sys.modules))"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    for module in ("aiohttp", "av", "ari_pivot.config", "ari_pivot.app"):
        assert f"'{module}'" not in done.stdout
