"""The script's and the result's formats, which are a public interface."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from simulated import run_script

from ari_pivot.errors import ConfigError
from ari_pivot.simulator import schema
from ari_pivot.simulator.script import Party, Reply, Script, build, load

DOCS = Path(__file__).parents[2] / "docs"

EXAMPLE = """\
caller: {from: "+15551230001", to: "1000", name: "Ann", do: [{at: 1.5, press: "12#"}, {at: 6, speak: 3}, {at: 40, hangup: true}]}
pivot: {method: POST, req_format: twiml, cdr_url: "http://web.test/cdr"}
children: {_: {module: play, data: {id: sorry}}}
web:
  - url: "http://web.test/voice"
    replies: [{status: 200, type: text/xml, headers: {X-A: b}, body: "<Response><Say>Hi.</Say></Response>", delay: 0.2}, {error: timeout}]
  - {url: "http://web.test/hello.wav", replies: [{status: 200, type: audio/wav, audio: 2}]}
dial: {"+15550002222": {ring: 3, answer: true, talk: 10}, "sip:bob@example.com": {busy: true}, "alice": {no_answer: true}, "carol": {reject: true}, "dave": {fail: 503}}
"""


def read(tmp_path, text):
    file = tmp_path / "script.yaml"
    file.write_text(text)
    return load(file)


def accepted(name, document):
    validator = jsonschema.Draft202012Validator(schema.schemas()[name])
    return validator.is_valid(document)


def test_the_whole_format_is_read(tmp_path):
    script = read(tmp_path, EXAMPLE)
    caller = script.caller
    assert (caller.from_, caller.to, caller.name) == ("+15551230001", "1000", "Ann")
    assert [(a.at, a.press, a.speak, a.hangup) for a in caller.do] == [
        (1.5, "12#", None, None),
        (6, None, 3, None),
        (40, None, None, True),
    ]
    assert script.pivot["cdr_url"] == "http://web.test/cdr"
    assert script.children["_"]["module"] == "play"
    voice, hello = script.web
    assert voice.replies[0].headers == {"X-A": "b"}
    assert voice.replies[1] == Reply(error="timeout")
    assert hello.replies[0].audio == 2
    assert script.dial["+15550002222"] == Party(ring=3, answer=True, talk=10)
    assert script.dial["dave"].fail == 503


def test_an_empty_script_is_a_caller_who_listens(tmp_path):
    assert read(tmp_path, "") == Script()
    assert (Script().caller.from_, Script().caller.to) == ("+15551230001", "1000")
    assert Script().web is None


def test_numbers_need_no_quotes_and_lose_nothing(tmp_path):
    script = read(
        tmp_path,
        "{caller: {from: +15551230001, to: 01000, do: [{at: 1, press: 0123}, {at: 2, press: 12}]},"
        " dial: {+15550002222: {busy: true}}}",
    )
    assert (script.caller.from_, script.caller.to) == ("+15551230001", "01000")
    assert [action.press for action in script.caller.do] == ["0123", "12"]
    assert list(script.dial) == ["+15550002222"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{web: [{url: 'http://a/', replies: []}]}", "web[0].replies: "),
        ("{web: [{url: 'a', replies: [{}]}]}", "web[0].url: "),
        ("{web: [{url: 'http://a/', replies: [{error: dns, body: x}]}]}", "web[0].replies[0]: "),
        ("{web: [{url: 'http://a/', replies: [{audio: 1, body: x}]}]}", "web[0].replies[0]: "),
        ("{web: [{url: 'http://a/', replies: [{error: bored}]}]}", "web[0].replies[0].error: "),
        ("{web: [{url: 'http://a/', replies: [{status: 99}]}]}", "web[0].replies[0].status: "),
        ("{caller: {do: [{at: 1}]}}", "caller.do[0]: needs one of `press`, `speak` and `hangup`"),
        ("{caller: {do: [{at: 1, press: '1', hangup: true}]}}", "caller.do[0]: needs one of"),
        ("{caller: {do: [{at: -1, press: '1'}]}}", "caller.do[0].at: "),
        ("{caller: {do: [{press: '1'}]}}", "caller.do[0].at: is missing"),
        ("{caller: {do: [{at: 1, press: 1x}]}}", "caller.do[0].press: "),
        ("{caller: {do: [{at: 1, hangup: false}]}}", "caller.do[0].hangup: "),
        ("{caller: {says: hello}}", "caller.says: is not a key of scripts"),
        ("{callers: {}}", "callers: is not a key of scripts; did you mean `caller`?"),
        ("{dial: {alice: {}}}", "dial.alice: needs one of `answer`, `busy`"),
        ("{dial: {alice: {busy: true, answer: true}}}", "dial.alice: needs one of"),
        ("{dial: {alice: {busy: true, talk: 3}}}", "dial.alice: `talk` goes with `answer`"),
        ("{dial: {alice: {fail: 200}}}", "dial.alice.fail: "),
        ("[1, 2]", "the whole: must hold keys"),
        ("{dial: {alice: {reject: 200}}}", "dial.alice.reject: must be true, or a SIP status"),
        ("{dial: {alice: {busy: false}}}", "dial.alice.busy: must be true"),
        (
            "{web: [{url: 'http://a/b', replies: [{}]}, {url: 'http://A/b?c', replies: [{}]}]}",
            "web: has /b more than once",
        ),
        ("{a: b", "not YAML: line 1, column 6: "),
    ],
)
def test_what_is_wrong_is_named_by_file_key_and_reason(tmp_path, text, complaint):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/script.yaml: {complaint}")


def test_a_script_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", schema.schemas())
def test_the_schemas_in_docs_are_those_of_the_program(name):
    """To renew them: python -m ari_pivot.simulator.schema docs."""
    assert (DOCS / name).read_text() == schema.text(schema.schemas()[name])


@pytest.mark.parametrize(
    "document",
    [
        yaml.safe_load(EXAMPLE),
        {},
        {"caller": {"do": [{"at": 0, "press": 5}]}},
        {"dial": {"a": {"reject": 403}}},
    ],
)
def test_the_schema_accepts_what_the_program_accepts(document):
    build(document, "script")
    assert accepted("simulator-script.schema.json", document)


@pytest.mark.parametrize(
    "document",
    [
        {"x": 1},
        {"caller": {"do": [{"at": 1}]}},
        {"caller": {"do": [{"at": 1, "press": "1", "speak": 1}]}},
        {"dial": {"a": {"ring": 1}}},
        {"dial": {"a": {"busy": True, "fail": 500}}},
        {"web": [{"url": "http://a/", "replies": []}]},
    ],
)
def test_the_schema_refuses_what_the_program_refuses(document):
    with pytest.raises(ConfigError):
        build(document, "script")
    assert not accepted("simulator-script.schema.json", document)


def test_a_result_fits_its_schema_to_the_last_key():
    result = json.loads(run_script(yaml.safe_load(EXAMPLE)).model_dump_json())
    jsonschema.validate(result, schema.schemas()["simulator-result.schema.json"])
    assert list(result) == [
        "requests", "heard", "dialled", "recordings", "answered_at", "ended_at", "ended_by",
        "cause", "sip", "warnings", "errors",
    ]  # fmt: skip
    assert list(result["requests"][0]) == [
        "at", "kind", "method", "url", "headers", "params", "status", "error",
    ]  # fmt: skip
    assert list(result["heard"][0]) == ["at", "until", "kind", "value", "interrupted", "by"]
