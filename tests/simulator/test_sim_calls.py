"""Whole simulated calls: what comes of them is told truly, and the same every time."""

import pytest
from simulated import VOICE, run_script, simulate

from ari_pivot.errors import ConfigError
from ari_pivot.simulator.target import Target, aim
from ari_pivot.simulator.web import wav

GATHER = """<Response><Gather numDigits="2" action="/got"><Say>Please choose.</Say></Gather>
<Say>Nothing.</Say></Response>"""


def heard(result):
    return [(h.kind, h.value, round(h.at, 2), round(h.until, 2), h.by) for h in result.heard]


def test_a_call_is_told_from_its_first_request_to_its_end():
    result = simulate(
        "<Response><Say>Hello there, whoever it is.</Say><Pause length='2'/>"
        "<Play>hello.wav</Play><Play digits='12'/></Response>",
        web={"hello.wav": {"audio": 1.5}},
    )
    assert heard(result) == [
        ("say", "Hello there, whoever it is.", 0, 1.8, "Say"),
        ("silence", "", 1.8, 3.8, "Pause"),
        ("play", "http://web.test/hello.wav", 3.8, 5.3, "Play"),
        ("digits", "12", 5.3, 5.7, "Play"),
    ]
    assert [(r.kind, r.url, r.status) for r in result.requests] == [
        ("instructions", VOICE, 200),
        ("media", "http://web.test/hello.wav", 200),
    ]
    assert (result.answered_at, result.ended_by, result.cause, result.sip) == (0, "pivot", 16, 200)
    assert result.ended_at == result.heard[-1].until
    assert result.warnings == result.errors == []


def test_a_key_counts_when_it_is_released_and_cuts_off_what_plays():
    result = simulate(
        GATHER, "<Response/>", web={"got": "<Response/>"}, do=[{"at": 0.4, "press": "12"}]
    )
    (prompt,) = result.heard
    assert (prompt.by, prompt.until, prompt.interrupted) == ("Gather", 0.5, True)
    assert [(r.url, r.at) for r in result.requests] == [
        (VOICE, 0),
        ("http://web.test/got", pytest.approx(0.7)),
    ]
    assert result.requests[1].params["Digits"] == "12"


def test_keys_of_two_actions_at_one_time_are_pressed_one_after_the_other():
    result = simulate(
        "<Response><Gather action='/got' numDigits='4'/></Response>",
        web={"got": "<Response/>"},
        do=[{"at": 1, "press": "12"}, {"at": 1, "press": "34"}],
    )
    assert result.requests[1].params["Digits"] == "1234"
    assert result.requests[1].at == pytest.approx(1.7)


def test_a_caller_who_hangs_up_cuts_off_what_plays_and_that_is_no_fault_of_the_prompt():
    result = simulate(
        "<Response><Say>A text that takes a while to be said.</Say></Response>",
        do=[{"at": 1, "hangup": True}],
    )
    assert [(h.until, h.interrupted) for h in result.heard] == [(1, True)]
    assert (result.ended_at, result.ended_by, result.cause, result.sip) == (1, "caller", 16, 200)
    assert result.warnings == []


def test_a_caller_who_hangs_up_in_a_pause_interrupts_the_silence():
    result = simulate(
        "<Response><Say>Hi.</Say><Pause length='60'/></Response>", do=[{"at": 3, "hangup": True}]
    )
    silence = result.heard[-1]
    assert (silence.kind, silence.until, silence.interrupted) == ("silence", 3, True)


@pytest.mark.parametrize(
    ("behind", "by"),
    [("", "callee"), ("<Hangup/>", "pivot"), ("<Say>Bye.</Say>", "pivot")],
)
def test_a_callee_who_leaves_ends_the_call_where_nothing_was_to_follow(behind, by):
    settings = {"directory": {"devices": {"alice": {"endpoint": "PJSIP/alice"}}}}
    result = simulate(
        f"<Response><Dial><Client>alice</Client></Dial>{behind}</Response>",
        dial={"alice": {"ring": 1, "answer": True, "talk": 2}},
        settings=settings,
    )
    assert (result.dialled[0].ended_at, result.ended_by, result.cause) == (3, by, 16)


def test_an_action_that_is_asked_behind_the_callee_decides_and_so_ends_the_call():
    settings = {"directory": {"devices": {"alice": {"endpoint": "PJSIP/alice"}}}}
    result = simulate(
        "<Response><Dial action='/done'><Client>alice</Client></Dial></Response>",
        dial={"alice": {"answer": True, "talk": 2}},
        web={"done": "<Response/>"},
        settings=settings,
    )
    assert (result.ended_at, result.ended_by) == (2, "pivot")


def test_a_caller_who_gives_up_while_the_web_is_asked_is_a_cancel():
    result = simulate({"body": "<Response/>", "delay": 9}, do=[{"at": 2, "hangup": True}])
    assert (result.answered_at, result.ended_by, result.cause, result.sip) == (
        None,
        "caller",
        127,
        487,
    )
    assert [(r.status, r.error) for r in result.requests] == [(None, "cancelled")]


@pytest.mark.parametrize(("reason", "cause", "sip"), [("busy", 17, 486), ("rejected", 1, 404)])
def test_a_rejected_caller_is_told_by_a_sip_status(reason, cause, sip):
    result = simulate(f"<Response><Reject reason='{reason}'/></Response>")
    assert (result.answered_at, result.ended_by, result.cause, result.sip) == (
        None,
        "pivot",
        cause,
        sip,
    )


def test_beeps_tones_and_silences_of_a_callflow_have_their_kinds():
    flow = {"module": "play", "data": {"id": "beep"}}
    flow["children"] = {"_": {"module": "play", "data": {"id": "tone_stream://%(500,500,440)"}}}
    flow["children"]["_"]["children"] = {
        "_": {"module": "play", "data": {"id": "silence_stream://2000"}}
    }
    result = simulate(flow)
    assert [(h.kind, h.value, h.interrupted) for h in result.heard] == [
        ("beep", "beep", False),
        ("tone", "440/500,0/500", False),
        ("silence", "", False),
    ]
    assert [round(h.until - h.at, 2) for h in result.heard] == [0.44, 1, 2]


def test_what_is_heard_first_is_asked_for_first():
    flow = {"module": "play", "data": {"id": "http://web.test/one.wav"}}
    flow["children"] = {"_": {"module": "play", "data": {"id": "http://web.test/two.wav"}}}
    media = {"one.wav": {"audio": 1, "delay": 0.05}, "two.wav": {"audio": 1}}
    for document in (flow, "<Response><Play>one.wav</Play><Play>two.wav</Play></Response>"):
        asked = [r for r in simulate(document, web=media).requests if r.kind == "media"]
        assert [(r.url[-7:], r.at) for r in asked] == [("one.wav", 0), ("two.wav", 0)]


def test_a_failed_pivot_takes_its_child_and_says_why():
    result = simulate({"error": "dns"}, children={"_": {"module": "play", "data": {"id": "sorry"}}})
    assert heard(result) == [("play", "sorry", 0.1, 1.1, "play")]
    assert [(e.code, e.where) for e in result.errors] == [(11210, VOICE)]


@pytest.mark.parametrize("reply", [{"status": 500}, {"error": "refused"}, {"body": "<Foo"}])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_failure_is_about_the_url_without_the_parameters_that_we_added(reply, method):
    (error,) = simulate(reply, method=method).errors
    assert error.where == VOICE


def test_without_a_child_the_fallback_is_heard():
    result = simulate({"status": 500}, settings={"fallback": {"media": "tts://Sorry."}})
    assert heard(result) == [("say", "Sorry.", 0, 0.5, "fallback")]
    assert [e.code for e in result.errors] == [11200]


def test_without_a_fallback_the_dialplan_gets_the_call_and_ends_it():
    result = simulate({"status": 500}, settings={"fallback": {"media": ""}})
    assert (result.heard, result.cause, result.sip) == ([], 41, 603)


def test_a_warning_names_code_place_and_reason():
    result = simulate("<Response><Foo/><Say>Hi.</Say></Response>")
    ((code, where),) = [(w.code, w.where) for w in result.warnings]
    assert (code, where) == (12200, "/Response/Foo[1]")


def test_the_cdr_is_sent_after_the_end_and_again_until_it_is_taken():
    result = simulate(
        "<Response><Say>Hi.</Say></Response>",
        cdr_url="http://web.test/cdr",
        web={"cdr": [{"status": 500}, {"error": "refused"}, {"status": 204}]},
    )
    reports = [r for r in result.requests if r.kind == "cdr"]
    assert [(r.status, r.error) for r in reports] == [(500, None), (None, "refused"), (204, None)]
    assert all(r.at >= result.ended_at for r in reports)
    assert len({r.headers["I-Twilio-Idempotency-Token"] for r in reports}) == 1
    assert result.errors == []


def test_a_cdr_that_nobody_takes_is_an_error_of_the_result():
    result = simulate(
        "<Response/>", cdr_url="http://web.test/cdr", web={"cdr": {"error": "timeout"}}
    )
    (error,) = result.errors
    assert error.where == "http://web.test/cdr"
    assert error.message == "the cdr was not accepted within 600 s: timeout"


def test_two_runs_of_a_script_are_equal_to_the_last_digit():
    def once():
        return simulate(
            GATHER,
            web={
                "got": "<Response><Play>a.wav</Play><Say>Bye.</Say></Response>",
                "a.wav": {"audio": 1, "delay": 0.3},
                "cdr": [{"error": "reset"}, {"status": 500}, {}],
            },
            cdr_url="http://web.test/cdr",
            do=[{"at": 0.31, "press": "42"}],
        ).model_dump_json()

    assert once() == once()


def test_an_hour_of_waiting_takes_no_time():
    result = simulate("<Response><Pause length='3600'/><Say>Still there?</Say></Response>")
    assert result.ended_at == pytest.approx(3600.8)


def test_a_call_nobody_ends_is_ended_when_it_has_lived_as_long_as_it_may():
    result = simulate("<Response><Play loop='0'>long.wav</Play></Response>",
                      web={"long.wav": {"audio": 100}})  # fmt: skip
    assert (result.ended_at, result.ended_by) == (14_400, "pivot")
    assert [e.code for e in result.errors] == [90004]


def test_who_calls_and_what_was_dialled_are_what_the_web_is_told():
    result = run_script(
        {
            "caller": {"from": "+15551239999", "to": "2000", "name": 'Ann "the" Other'},
            "pivot": {"method": "POST", "req_format": "twiml"},
            "web": [{"url": VOICE, "replies": [{"body": "<Response/>"}]}],
        }
    )
    params = result.requests[0].params
    assert (params["From"], params["To"]) == ("+15551239999", "2000")
    assert params["CallerName"] == 'Ann "the" Other'


def test_the_action_may_name_another_voice_url_than_the_target():
    result = run_script(
        {
            "pivot": {"voice_url": "http://web.test/other"},
            "web": [{"url": "http://web.test/other", "replies": [{"body": "<Response/>"}]}],
        }
    )
    (asked,) = result.requests
    assert (asked.method, asked.url.partition("?")[0]) == ("GET", "http://web.test/other")


@pytest.mark.parametrize(
    ("replies", "method", "named"),
    [
        ([{"body": "<Response/>"}], "POST", "CallSid"),
        ([{"body": '{"module": "hangup"}'}], "GET", "Call-ID"),
        ([{"status": 500}, {"body": '{"module": "hangup"}'}], "GET", "Call-ID"),
        ([{"error": "refused"}], "POST", "CallSid"),
    ],
)
def test_without_an_action_the_target_is_asked_as_the_language_of_its_answer_is(
    replies, method, named
):
    asked = run_script({"web": [{"url": VOICE, "replies": replies}]}).requests[0]
    assert (asked.method, named in asked.params) == (method, True)


def test_an_action_that_cannot_be_meant_is_refused_by_its_key():
    with pytest.raises(ConfigError, match=r"script: pivot\.method"):
        run_script({"pivot": {"method": "brew"}})
    with pytest.raises(ConfigError, match=r"script: children\[_\]"):
        run_script({"children": {"_": {"module": "teleport"}}})


def test_a_file_with_a_document_is_served_as_the_first_answer(tmp_path):
    file = tmp_path / "my document.xml"
    file.write_text("<Response><Say>Hi.</Say><Redirect>more</Redirect></Response>")
    script = {
        "web": [{"url": "http://web.test/sorry.wav", "replies": [{"audio": 1}]}],
        "children": {"_": {"module": "play", "data": {"id": "http://web.test/sorry.wav"}}},
    }
    result = run_script(script, target=aim(str(file)))
    assert [(r.method, r.url, r.status) for r in result.requests] == [
        ("POST", "http://file.test/my%20document.xml", 200),
        ("GET", "http://web.test/sorry.wav", 200),
        ("POST", "http://file.test/more", 404),
    ]


def test_the_files_beside_a_document_are_found_by_its_relative_urls(tmp_path):
    (tmp_path / "beyond").write_text("<Response><Say>Never.</Say></Response>")
    folder = tmp_path / "site"
    (folder / "more").mkdir(parents=True)
    (folder / "menu.xml").write_text(
        "<Response><Play>a%20tone.wav</Play><Play>/etc/none.wav</Play><Redirect>more/next?x=1</Redirect></Response>"
    )
    (folder / "a tone.wav").write_bytes(wav(bytes(16000)))
    (folder / "more" / "next.xml").write_text(
        "<Response><Redirect>../../beyond</Redirect></Response>"
    )
    script = {"web": [{"url": "http://file.test/beyond", "replies": [{"body": "<Response/>"}]}]}
    result = run_script(script, target=aim(str(folder / "menu.xml")))
    assert [(r.url, r.status) for r in result.requests] == [
        ("http://file.test/menu.xml", 200),
        ("http://file.test/a%20tone.wav", 200),
        ("http://file.test/etc/none.wav", 404),
        ("http://file.test/more/next?x=1", 200),
        ("http://file.test/beyond", 200),
    ]
    assert heard(result) == [("play", "http://file.test/a%20tone.wav", 0, 1, "Play")]


def test_a_file_with_a_callflow_is_asked_for_as_kazoo_does(tmp_path):
    file = tmp_path / "flow"
    file.write_text('{"module": "tts", "data": {"text": "Hello."}}')
    result = run_script({"web": []}, target=aim(str(file)))
    assert [h.value for h in result.heard] == ["Hello."]
    assert result.requests[0].method == "GET"


def test_a_target_that_is_neither_url_nor_file_is_refused(tmp_path):
    assert aim(VOICE) == Target(VOICE)
    with pytest.raises(ConfigError, match="neither an http URL nor a file"):
        aim(str(tmp_path / "none.xml"))
