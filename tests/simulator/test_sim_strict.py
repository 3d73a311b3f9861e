"""Warnings are told, or refuse the document: the command line says so without a call."""

import json
import subprocess
import sys

import pytest

ODD = "<Response><Say>Hello.</Say><Dance/></Response>"
GOOD = "<Response><Say>Hello.</Say></Response>"


def run(tmp_path, document, *words):
    """Run the command with a document's file behind it; return what it printed, and its status."""
    file = tmp_path / "document.xml"
    file.write_text(document)
    command = [sys.executable, "-m", "ari_pivot", *words, str(file)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, check=False, capture_output=True, text=True
    )
    return done.stdout, done.returncode


def test_check_tells_warnings_and_takes_the_document(tmp_path):
    printed, status = run(tmp_path, ODD, "check")
    assert (status, "warning 12200 /Response/Dance[1]" in printed) == (0, True)


@pytest.mark.parametrize(("document", "status"), [(ODD, 1), (GOOD, 0)])
def test_check_strict_takes_warnings_for_errors(tmp_path, document, status):
    assert run(tmp_path, document, "check", "--strict")[1] == status


@pytest.mark.parametrize(("words", "by"), [((), "Say"), (("--strict",), "fallback")])
def test_simulate_strict_refuses_as_a_call_would(tmp_path, words, by):
    printed, _ = run(tmp_path, ODD, "simulate", "--json", *words)
    result = json.loads(printed)
    assert [one["by"] for one in result["heard"]] == [by]
    assert [one["code"] for one in result["errors" if words else "warnings"]] == [12200]
