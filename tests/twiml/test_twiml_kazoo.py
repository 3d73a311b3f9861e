"""What only KAZOO's TwiML has: <Set>, and telephones by the ids of devices and users."""

import pytest
from simulated import simulate

DIRECTORY = {
    "users": {"bob": {}, "ann": {}},
    "devices": {
        "desk": {"endpoint": "PJSIP/desk", "owner": "bob"},
        "soft": {"endpoint": "PJSIP/soft", "owner": "bob"},
        "off": {"endpoint": "PJSIP/off", "owner": "bob", "enabled": False},
        "hers": {"endpoint": "PJSIP/hers", "owner": "ann"},
    },
}
LINE = {"ring": 1, "answer": True, "talk": 2}


def dial(noun, **dialled):
    body = f'<Response><Dial action="/done">{noun}</Dial></Response>'
    result = simulate(
        body, web={"done": "<Response/>"}, dial=dialled, settings={"directory": DIRECTORY}
    )
    done = next(one.params for one in result.requests if one.url.endswith("/done"))
    return result, done["DialCallStatus"]


def test_a_device_is_dialled_by_its_id():
    result, status = dial("<Device>\n  desk\n</Device>", desk=LINE)
    assert (len(result.dialled), status, result.warnings) == (1, "completed", [])


def test_all_telephones_of_a_user_ring_but_for_those_that_are_off():
    result, status = dial("<User> bob </User>", desk={"ring": 9, "busy": True}, soft=LINE)
    assert (len(result.dialled), status, result.warnings) == (2, "completed", [])


@pytest.mark.parametrize("noun", ["<Device>nobody</Device>", "<User>nobody</User>", "<User/>"])
def test_who_is_not_there_is_noted(noun):
    result, status = dial(noun)
    assert (result.dialled, status) == ([], "failed")
    assert [one.code for one in result.warnings] == [13225]


def sent(*documents, **action):
    result = simulate(documents[0], web={"next": list(documents[1:])}, **action)
    return [one.params for one in result.requests]


SET = '<Set><Variable key="tier" value="gold"/><Variable key="To" value="no"/></Set>'


def test_what_is_set_is_said_by_every_later_request():
    first, second, third = sent(
        f"<Response>{SET}<Redirect>/next</Redirect></Response>",
        "<Response><Redirect>/next</Redirect></Response>",
        "<Response/>",
    )
    assert "tier" not in first
    assert second["tier"] == third["tier"] == "gold"


def test_what_requests_say_anyway_comes_above_it():
    # KAZOO merges them underneath: the parameters of the format win
    for how in ({}, {"req_format": "kazoo"}):
        _, second = sent(
            f"<Response>{SET}<Redirect>/next</Redirect></Response>", "<Response/>", **how
        )
        assert (second["To"], second["tier"]) == ("1000", "gold")


def test_a_variable_needs_a_key():
    result = simulate('<Response><Set><Variable value="x"/></Set></Response>')
    assert result.errors[0].where.startswith("/Response/Set[1]/Variable[1]")


@pytest.mark.parametrize(
    "verb", ["<Say {}>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</Say>", "<Play {}>tone.wav</Play>"]
)
def test_terminators_end_what_is_heard(verb):
    for attribute, until in (('terminators="*"', 1.5), ("", 2)):
        result = simulate(
            f"<Response>{verb.format(attribute)}</Response>",
            do=[{"at": 0.5, "press": "1"}, {"at": 1.4, "press": "*"}], web={"tone.wav": {"audio": 2}},
        )  # fmt: skip
        assert (result.heard[0].until, result.warnings) == (pytest.approx(until), [])


@pytest.mark.parametrize("prompt", ["vm-goodbye", "http://web.test/tone.wav"])
def test_a_prompt_is_heard_before_the_refusal(prompt):
    document = f'<Response><Reject reason="busy" prompt="{prompt}"/></Response>'
    result = simulate(document, web={"tone.wav": {"audio": 1}})
    assert [one.value for one in result.heard] == [prompt]
    assert (result.answered_at, result.sip, result.ended_at) == (None, 486, pytest.approx(1))


@pytest.mark.parametrize(
    ("attribute", "method"), [("", "PUT"), ('recordStoreMethod="POST"', "POST")]
)
def test_a_recording_is_sent_where_the_document_says(attribute, method):
    url = "http://web.test/store/call_recording_simulator-1767225600.0.mp3"
    record = f'<Record action="/got" timeout="1" recordingUrl="http://web.test/store" {attribute}/>'
    result = simulate(
        f"<Response>{record}</Response>", do=[{"at": 1, "speak": 2}],
        web={"got": "<Response/>", url: {"status": 201}},
    )  # fmt: skip
    (sent,) = [one for one in result.requests if one.kind == "upload"]
    assert (sent.method, sent.url, sent.headers["Content-Type"]) == (method, url, "audio/mpeg")
    told = next(one.params for one in result.requests if one.url.endswith("/got"))
    assert told["RecordingUrl"] == url
    assert result.warnings == []


def test_a_dial_may_have_its_own_key_to_hang_up_and_kazoos_strategy():
    nouns = "<Device>desk</Device><Device>hers</Device>"
    result = simulate(
        f'<Response><Dial hangupOn="5" strategy="single" timeout="5">{nouns}</Dial></Response>',
        do=[{"at": 8, "press": "4"}, {"at": 9, "press": "5"}],
        dial={"desk": {"no_answer": True}, "hers": {"answer": True}},
        settings={"directory": DIRECTORY},
    )
    assert [one.at for one in result.dialled] == [0, 5]
    assert result.dialled[1].ended_at == pytest.approx(9, abs=0.2)
    assert result.warnings == []
