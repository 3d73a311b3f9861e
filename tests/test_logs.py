"""The log: a line an event, whoever has something to say."""

import json
import subprocess
import sys

import pytest

BEGIN = "import logging; from ari_pivot import logs; logs.set_up('info', 'json')\n"


TEXT = BEGIN.replace("json", "text")


def logged(program, begin=BEGIN):
    """Return the lines that a program has logged."""
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", begin + program], capture_output=True, text=True, check=True
    )
    return done.stderr.splitlines()


def test_a_librarys_fault_is_one_line_in_the_same_form():
    (line,) = logged(
        "try: 1 / 0\n"
        "except ArithmeticError: logging.getLogger('lib').exception('http://u:p@h/ fails')"
    )
    said = json.loads(line)
    assert (said["event"], said["logger"], said["level"]) == ("http://h/ fails", "lib", "error")
    assert "ZeroDivisionError" in said["exception"]
    assert "timestamp" in said


@pytest.mark.parametrize(("fault", "lines"), [("LineTooLong(b'x', 1)", 0), ("KeyError()", 1)])
def test_requests_to_us_that_are_not_http_do_not_fill_the_log(fault, lines):
    said = logged(
        "from aiohttp.http_exceptions import LineTooLong\n"
        f"try: raise {fault}\n"
        "except Exception: logging.getLogger('aiohttp.server').exception('Error')"
    )
    assert len(said) == lines


def test_a_callers_name_moves_no_terminals_cursor():
    name = "\x1b[2J\x85\N{LINE SEPARATOR}\rAnn\u202e"
    (line,) = logged(
        f"import structlog; structlog.get_logger().info('call', caller={name!r})", TEXT
    )
    assert "Ann" in line
    assert line.isascii()
    assert "\x1b[2J" not in line
    (line,) = logged("logging.getLogger('lib').error('a\\nb\\x1b[2J')", TEXT)
    assert "\x1b[2J" not in line
