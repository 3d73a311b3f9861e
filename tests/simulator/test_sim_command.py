"""`ari-pivot simulate` as people and programs use it."""

import json
import os
import pty
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ari_pivot.config import build
from ari_pivot.simulator.command import simulate_command

SCRIPT = """
caller: {do: [{at: 1, press: "7"}]}
pivot: {method: POST, req_format: twiml}
web:
  - url: http://web.test/voice
    replies:
      - body: <Response><Gather numDigits="1" action="/got"><Say>Press [seven] please, now.</Say></Gather></Response>
  - {url: http://web.test/got, replies: [{body: "<Response><Odd/><Say>Thank you.</Say></Response>"}]}
"""
pytestmark = pytest.mark.usefixtures("quiet")

PROGRAM = [sys.executable, "-m", "ari_pivot", "simulate"]


@pytest.fixture
def script(tmp_path):
    file = tmp_path / "script.yaml"
    file.write_text(SCRIPT)
    return file


def simulate(target, script=None, **options):
    settings = build(options.pop("settings", {}), "test")
    return simulate_command(target, script, settings, **options)


@contextmanager
def server(body):
    """Run a real web server on loopback that answers everything alike."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/voice"
        finally:
            http.shutdown()
            thread.join()


def test_people_get_a_timeline(script, capsys):
    assert simulate("http://web.test/voice", script) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "0.00 instructions: POST http://web.test/voice 200",
        "0.00 answered",
        "0.00 caller hears Press [seven] please, now. (1.1 s, cut off, Gather)",
        "1.10 instructions: POST http://web.test/got 200 Digits=7",
        "1.10 caller hears Thank you. (0.7 s, Say)",
        "1.77 ended by us (cause 16, SIP 200)",
        "12200 /Response/Odd[1]: <Odd> is not known here",
    ]


def test_programs_get_one_object(script, capsys):
    assert simulate("http://web.test/voice", script, json=True) == 0
    out = capsys.readouterr().out
    assert [heard["value"] for heard in json.loads(out)["heard"]] == [
        "Press [seven] please, now.",
        "Thank you.",
    ]


def test_a_call_that_went_the_failure_way_is_a_failure_to_people_and_told_to_programs(
    tmp_path, capsys
):
    file = tmp_path / "script.yaml"
    file.write_text("web: []")
    assert simulate("http://web.test/voice", file) == 1
    assert "11200 http://web.test/voice: answered 404" in capsys.readouterr().out
    assert simulate("http://web.test/voice", file, json=True) == 0
    assert json.loads(capsys.readouterr().out)["errors"][0]["code"] == 11200


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{caller: {do: [{at: 1}]}}", "caller.do[0]: needs one of"),
        ("{pivot: {method: brew}}", "script: pivot.method: "),
    ],
)
def test_a_script_that_cannot_be_used_is_said_with_its_key(tmp_path, capsys, text, complaint):
    file = tmp_path / "script.yaml"
    file.write_text(text)
    assert simulate("http://web.test/voice", file) == 2
    assert complaint in capsys.readouterr().err


def test_a_target_that_is_not_there_is_said(capsys):
    assert simulate("no-such-document.xml") == 2
    assert "neither an http URL nor a file" in capsys.readouterr().err


def test_a_real_server_on_this_machine_may_be_the_target(capsys):
    with server(b"<Response><Say>Hi.</Say></Response>") as url:
        assert simulate(url, json=True) == 0
    result = json.loads(capsys.readouterr().out)
    assert [heard["value"] for heard in result["heard"]] == ["Hi."]
    assert result["requests"][0]["status"] == 200


def test_a_real_server_is_given_a_signature_of_now(tmp_path, capsys):
    asks_as_kazoo = tmp_path / "script.yaml"
    asks_as_kazoo.write_text("pivot: {method: POST}")
    with server(b"<Response/>") as url:
        settings = {"web": {"allow": ["127.0.0.1"], "shared_keys": ["key"]}}
        simulate(url, asks_as_kazoo, settings=settings, json=True)
    signed = json.loads(capsys.readouterr().out)["requests"][0]["headers"]["X-Pivot-Signature"]
    assert abs(int(signed.partition(",")[0].removeprefix("t=")) - time.time()) < 60


def test_another_one_that_its_document_names_may_not_and_the_error_says_how_to(capsys):
    document = b"<Response><Redirect>http://127.0.0.2:1/next</Redirect></Response>"
    with server(document) as url:
        simulate(url, json=True)
    result = json.loads(capsys.readouterr().out)
    assert [(r["status"], r["error"]) for r in result["requests"]] == [
        (200, None),
        (None, "address_refused"),
    ]
    assert "web.allow" in result["errors"][0]["message"]


def test_the_program_writes_nothing_but_the_object_to_its_output_whatever_the_terminal(script):
    text = script.read_text().replace("Thank you.", "Danke schön …")
    script.write_text(text, "utf-8")
    done = subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, "http://web.test/voice", "--script", script, "--json"],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    result = json.loads(done.stdout.decode())
    assert (result["ended_by"], result["heard"][1]["value"]) == ("pivot", "Danke schön …")


class Terminal:
    """A person at a terminal."""

    def __init__(self, document):
        self._keyboard, terminal = pty.openpty()
        self._program = subprocess.Popen(  # noqa: S603 - our own program
            [*PROGRAM, document], stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        os.close(terminal)
        self._seen = ""

    def sees(self, text):
        while text not in self._seen:
            line = self._program.stdout.readline().decode()
            assert line, f"{text!r} was not seen in {self._seen!r}"
            self._seen += line

    def types(self, text):
        self._seen = ""
        os.write(self._keyboard, text.encode())

    def exit_status(self):
        return self._program.wait()

    def close(self):
        self._program.kill()
        self._program.communicate()
        os.close(self._keyboard)


@pytest.fixture
def terminal(tmp_path):
    file = tmp_path / "menu.xml"
    file.write_text(
        "<Response><Gather numDigits='2' action='chosen'><Say>Choose.</Say></Gather></Response>"
    )
    with closing(Terminal(file)) as terminal:
        terminal.sees("caller hears Choose.")
        yield terminal


def test_on_a_terminal_what_is_typed_is_pressed_and_h_hangs_up(terminal):
    terminal.types("hello\n")
    terminal.sees("h and Enter or Ctrl-D to hang up")
    terminal.types("1 2\n")
    terminal.sees("instructions: POST http://file.test/chosen 404 Digits=12")
    terminal.sees("We are sorry.")
    terminal.types("h\n")
    terminal.sees("cut off")
    terminal.sees("ended by the caller")
    assert terminal.exit_status() == 1  # the action is not there


def test_the_end_of_the_input_hangs_up_too(terminal):
    terminal.types("\x04")
    terminal.sees("ended by the caller")
    assert terminal.exit_status() == 0


REACHED = """
dial:
  "+15550002222": {ring: 1, answer: true, talk: 3}
  alice: {answer: true, talk: 3}
  "sip:bob@example.com": {answer: true, talk: 3}
"""


# docs/simulator.md says: "documents reach all of them: a name is a telephone, a user …"
@pytest.mark.parametrize(
    ("document", "reached"),
    [
        ("<Response><Dial callerId='+15557654321'>+15550002222</Dial></Response>", "+15550002222"),
        ("<Response><Dial><Client>alice</Client></Dial></Response>", "alice"),
        ("<Response><Dial><Application>alice</Application></Dial></Response>", "alice"),
        ("<Response><Dial><Sip>sip:bob@example.com</Sip></Dial></Response>", "sip:bob@example.com"),
        ('{"module": "device", "data": {"id": "alice"}}', "alice"),
        ('{"module": "user", "data": {"id": "alice"}}', "alice"),
        ('{"module": "resources", "data": {"to_did": "+15550002222"}}', "+15550002222"),
    ],
)
def test_without_a_configuration_whoever_the_script_has_is_reached(
    tmp_path, capsys, document, reached
):
    script, file = tmp_path / "script.yaml", tmp_path / "document"
    script.write_text(REACHED)
    file.write_text(document)
    assert simulate(str(file), script, json=True) == 0
    result = json.loads(capsys.readouterr().out)
    assert [(one["to"], one["bridged_at"] is not None) for one in result["dialled"]] == [
        (reached, True)
    ]
    assert result["warnings"] == result["errors"] == []


def test_a_configuration_with_a_directory_says_itself_who_is_reached(tmp_path, capsys):
    script, file = tmp_path / "script.yaml", tmp_path / "document.xml"
    script.write_text(REACHED)
    file.write_text("<Response><Dial>+15550002222</Dial></Response>")
    settings = {"directory": {"devices": {"carol": {"endpoint": "PJSIP/carol"}}}}
    assert simulate(str(file), script, json=True, settings=settings) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["dialled"], [one["code"] for one in result["warnings"]]) == ([], [13225])
