"""A faulty callflow is refused whole, with the place and the reason."""

import json

import pytest
from flows import act, chain, codes, heard, run, say

from ari_pivot.callflow import build, build_known, parse
from ari_pivot.callflow.modules import ELSEWHERE
from ari_pivot.errors import Code, InstructionError


def refusal(document):
    with pytest.raises(InstructionError) as error:
        build(document)
    return error.value


@pytest.mark.parametrize(
    ("document", "where", "reason"),
    [
        ([], "$", "must be an action, an object, not an array"),
        ({}, "$", 'needs "module"'),
        ({"module": ""}, "$", 'needs "module"'),
        ({"module": "x" * 65}, "$", 'needs "module"'),
        ({"module": "noop", "data": []}, "$.data", "must be an object, not an array"),
        ({"module": "noop", "children": "x"}, "$.children", "must be an object, not a string"),
        (act("noop", _={}), "$.children[_]", 'needs "module"'),
        (act("noop", a=act("noop", b=None)), "$.children[a].children[b]", "must be an action, an object, not null"),
        (act("noop", {"skip_module": "true"}), "$.data.skip_module", "true or false"),
        (act("collect_dtmf", {"max_digits": 0}), "$.data.max_digits", "1 or more"),
        (act("collect_dtmf", {"max_digits": 1.0}), "$.data.max_digits", "not an integer"),
        (act("collect_dtmf", {"max_digits": True}), "$.data.max_digits", "not an integer"),
        (act("collect_dtmf", {"max_digits": None}), "$.data.max_digits", "a whole number"),
        (act("collect_dtmf", {"max_digits": "ten"}), "$.data.max_digits", "not an integer"),
        (act("collect_dtmf", {"max_digits": "1_0"}), "$.data.max_digits", "not an integer"),
        (act("collect_dtmf", {"terminator": None}), "$.data.terminator", "must not be null"),
        (act("collect_dtmf", {"terminators": ["1", "x"]}), "$.data.terminators[1]", "'#'"),
        (act("audio_macro", {"macros": []}), "$.data.macros", "1 or more"),
        (act("audio_macro", {"macros": [{}]}), "$.data.macros[0]", "macro"),
        (act("audio_macro", {"macros": [{"macro": "sing"}]}), "$.data.macros[0]", "sing"),
        (act("audio_macro", {"macros": [{"macro": "tts"}]}), "$.data.macros[0].text", "is missing"),
        (act("audio_macro", {"macros": [{"macro": "tone", "volume": 101}]}), "$.data.macros[0].volume", "100"),
        (act("check_cid", {"caller_id": {"external": {"name": 1}}}), "$.data.caller_id.external.name", "text"),
        (act("notification", {"recipients": [{"type": "user"}]}), "$.data.recipients[0].id", "is missing"),
        (act("notification", {"recipients": [{"type": "user", "id": [1]}]}), "$.data.recipients[0].id", "string or an array"),
        (act("notification", {"notification_media": ["fax"]}), "$.data.notification_media[0]", "email"),
        (act("send_dtmf", {"digits": "1", "duration_ms": 1.5}), "$.data.duration_ms", "text"),
        (act("branch_variable", {"scope": "world"}), "$.data.scope", "merged"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_place_and_reason(document, where, reason):
    error = refusal(document)
    assert error.code == Code.FLOW_SCHEMA
    assert error.where == where
    assert reason in error.message


def test_a_module_nobody_knows_is_noted_by_name_and_passed_over():
    # KAZOO, cf_exe: an unknown module goes straight to `_`
    result = run(act("noop", _=act("shout", {"loud": [1]}, _="after", other="no")))
    assert heard(result) == ["after"]
    (warning,) = result.warnings
    assert (warning.code, warning.where) == (Code.UNKNOWN_MODULE, "$.children[_]")
    assert warning.message == 'unknown module "shout"; going to "_"'
    assert not result.errors


def test_a_module_nobody_knows_ends_the_flow_where_nothing_follows():
    result = run(act("shout"), children={"_": say("no")})
    assert (heard(result), result.ended_by, codes(result)) == ([], "pivot", [Code.UNKNOWN_MODULE])


def test_what_a_module_nobody_knows_leads_to_is_checked_all_the_same():
    error = refusal(act("shout", _=act("sleep", {"duration": "long"})))
    assert (error.code, error.where) == (Code.FLOW_SCHEMA, "$.children[_].data.duration")


def test_a_module_nobody_knows_is_a_mistake_in_our_own_configuration():
    with pytest.raises(InstructionError) as error:
        build_known(act("noop", _=act("shout")))
    assert (error.value.code, error.value.where) == (Code.UNKNOWN_MODULE, "$.children[_]")


def test_what_is_not_json_is_refused():
    with pytest.raises(InstructionError) as error:
        parse(b'{"module":', "http://web.test/flow")
    assert error.value.code == Code.JSON_SYNTAX


def test_too_deep_a_flow_is_refused():
    flow = act("noop")
    for _ in range(300):
        flow = act("noop", _=flow)
    assert "below each other" in refusal(flow).message


def test_a_deeper_json_than_can_be_read_is_refused():
    with pytest.raises(InstructionError):
        parse(b'{"module":"noop","data":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "")


def test_integers_may_come_as_strings():
    flow = build(act("collect_dtmf", {"max_digits": "4", "timeout": "500"}))
    assert (flow.module.max_digits, flow.module.timeout) == (4, 500)


def test_unknown_keys_and_data_that_is_left_out_are_fine():
    assert build({"module": "noop", "data": {"anything": [1]}}).name == "noop"
    assert build({"module": "response"}).module.code == 486


def test_a_stored_flow_is_taken_too():
    body = json.dumps({"flow": act("noop"), "numbers": ["100"]}).encode()
    assert parse(body, "").name == "noop"


def test_nothing_is_done_of_a_flow_with_a_fault_far_down():
    result = run(act("tts", {"text": "never"}, _=chain("noop", ("sleep", {"duration": "soon"}))),
                 children={"_": say("refused")})  # fmt: skip
    assert heard(result) == ["refused"]
    assert codes(result) == [Code.FLOW_SCHEMA]


@pytest.mark.parametrize("module", sorted(ELSEWHERE))
def test_a_module_that_is_not_executed_here_is_noted_and_passed_over(module):
    result = run(act(module, {"id": "x"}, _="after", match="no"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.UNSUPPORTED]
    assert ELSEWHERE[module] in result.warnings[0].message
