"""record_call and record_caller: what is recorded, and where it is sent. Times are seconds."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from flows import act, chain, codes, run
from line_box import Box

from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Target
from ari_pivot.callflow.parse import build
from ari_pivot.callflow.recordings import hide, stop
from ari_pivot.errors import Code

STORE = "http://web.test/store"
PAUSE = ("sleep", {"duration": 10, "unit": "s"})


def record(
    *modules,
    replies=({"status": 201},),
    name="call_recording_simulator-1767225600.0.mp3",
    **options,
):
    """Run modules in a chain; what is PUT into the store is answered by `replies`."""
    web = {f"store/{name}": list(replies), "store": list(replies)} | options.pop("web", {})
    return run(chain(*modules), web=web, **options)


def uploads(result):
    return [one for one in result.requests if one.kind == "upload"]


def lengths(result):
    return [round(one.duration, 1) for one in result.recordings]


def test_a_call_is_recorded_through_what_follows_and_sent_when_it_is_over():
    result = record(("record_call", {"url": STORE}), ("answer", {}), PAUSE)
    (sent,) = uploads(result)
    parts = urlsplit(sent.url)
    assert (sent.method, sent.status) == ("PUT", 201)
    assert sent.headers["Content-Type"] == "audio/mpeg"
    assert parts.path == "/store/call_recording_simulator-1767225600.0.mp3"
    said = {key: value for key, (value,) in parse_qs(parts.query).items()}
    assert said["from"] == said["caller_id_number"] == "+15551230001"
    assert (said["to"], said["account_id"]) == ("1000", "0" * 32)
    assert said["call_id"] == said["cdr_id"] == "simulator-1767225600.0"
    assert set(said) == {
        "from", "to", "caller_id_name", "caller_id_number", "call_id", "cdr_id", "interaction_id",
        "account_id",
    }  # fmt: skip
    assert lengths(result) == [10]
    assert codes(result) == []


@pytest.mark.parametrize(
    ("data", "method", "kind", "ending"),
    [({"format": "wav"}, "PUT", "audio/x-wav", "wav"), ({"method": "post"}, "POST", "audio/mpeg", "mp3")],
)  # fmt: skip
def test_format_and_method_are_the_flows(data, method, kind, ending):
    name = f"call_recording_simulator-1767225600.0.{ending}"
    result = record(("record_call", {"url": STORE} | data), ("answer", {}), PAUSE, name=name)
    (sent,) = uploads(result)
    assert (sent.method, sent.headers["Content-Type"], sent.status) == (method, kind, 201)


def test_a_url_that_has_a_query_gets_the_name_as_part_of_it():
    result = record(("record_call", {"url": f"{STORE}?tenant=7"}), ("answer", {}), PAUSE)
    (sent,) = uploads(result)
    parts = urlsplit(sent.url)
    assert parts.path == "/store"
    assert parse_qs(parts.query)["tenant"] == ["7"]
    assert parse_qs(parts.query)["recording"] == ["call_recording_simulator-1767225600.0.mp3"]


def test_it_is_sent_again_until_it_is_taken_and_never_after_that():
    replies = [{"status": 503}, {"error": "timeout"}, {"status": 200}]
    result = record(("record_call", {"url": STORE}), ("answer", {}), PAUSE, replies=replies)
    assert [one.status for one in uploads(result)] == [503, None, 200]
    assert len({one.headers["I-Twilio-Idempotency-Token"] for one in uploads(result)}) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_it_follows_to_another_place_with_all_of_it(status):
    moved = {"status": status, "headers": {"Location": "http://web.test/elsewhere"}}
    web = {"elsewhere": {"status": 200}}
    result = record(
        ("record_call", {"url": STORE}), ("answer", {}), PAUSE, replies=[moved], web=web
    )
    assert [(one.method, urlsplit(one.url).path) for one in uploads(result)] == [
        ("PUT", "/store/call_recording_simulator-1767225600.0.mp3"),
        ("PUT", "/elsewhere"),
    ]


def test_stop_ends_what_began_last():
    result = record(
        ("answer", {}), ("record_call", {"url": STORE}), PAUSE, ("record_call", {"action": "stop"}),
        PAUSE,
    )  # fmt: skip
    assert lengths(result) == [10]
    assert len(uploads(result)) == 1


@pytest.mark.parametrize(("follows", "seconds"), [(True, [11]), (False, [5])])
def test_a_transfer_is_followed_unless_that_is_not_wanted(follows, seconds):
    """KAZOO: should_follow_transfer, on by default."""
    pause = act("sleep", {"duration": 5})
    onward = {"callflows": {"other": {"numbers": ["300"], "flow": act("sleep", {"duration": 6})}}}
    pause["children"]["_"] = act("transfer", {"target": "300"})
    flow = act("record_call", {"should_follow_transfer": follows}, _=pause)
    assert lengths(run(act("answer", _=flow), directory=onward)) == seconds


def test_there_may_be_nothing_to_stop():
    result = record(("record_call", {"action": "stop"}), ("answer", {}))
    assert (lengths(result), codes(result)) == ([], [])


def test_its_length_ends_it():
    result = record(("answer", {}), ("record_call", {"time_limit": 5, "url": STORE}), PAUSE)
    assert lengths(result) == [5]
    assert uploads(result)[0].at == pytest.approx(5, abs=1)


@pytest.mark.parametrize(("least", "sent"), [(9, 1), (11, 0)])
def test_one_that_is_too_short_is_dropped(least, sent):
    result = record(("record_call", {"url": STORE, "record_min_sec": least}), ("answer", {}), PAUSE)
    assert len(uploads(result)) == sent


@pytest.mark.parametrize("at", [0.3, 5])
def test_a_caller_who_hangs_up_ends_it(at):
    result = record(
        ("answer", {}), ("record_call", {"url": STORE}), PAUSE, do=[{"at": at, "hangup": True}]
    )
    assert lengths(result) == [at]
    assert len(uploads(result)) == 1


def test_one_that_waits_for_the_answer_begins_there():
    result = record(
        ("record_call", {"record_on_answer": True, "url": STORE}), PAUSE, ("answer", {}), PAUSE
    )
    assert lengths(result) == [10]


def test_one_that_waits_for_what_never_comes_leaves_nothing():
    result = record(
        ("record_call", {"record_on_bridge": True, "url": STORE}), ("answer", {}), PAUSE
    )
    assert (lengths(result), uploads(result)) == ([], [])


def test_one_that_waits_can_be_stopped():
    result = record(
        ("record_call", {"record_on_answer": True}), ("record_call", {"action": "stop"}),
        ("answer", {}), PAUSE,
    )  # fmt: skip
    assert lengths(result) == []


@pytest.mark.virtual
async def test_one_that_waits_for_the_bridge_hears_the_conversation():
    box = Box({"ann": {"ring": 2, "answer": True, "talk": 5}}, state="Up")
    await build(act("record_call", {"record_on_bridge": True})).run(box.call)
    await dial(box.call, Plan(targets=[Target("PJSIP/ann")]))
    await stop(box.call)
    assert [round(one.seconds, 1) for one in box.asterisk.recorded] == [5]


@pytest.mark.virtual
async def test_wideband_is_recorded_where_it_is_wanted():
    box = Box(state="Up")
    await build(act("record_call", {"record_sample_rate": 16000})).run(box.call)
    assert dict(box.sent)["record"]["format"] == "wav16"


@pytest.mark.virtual
async def test_what_is_said_can_be_hidden():
    box = Box(state="Up")
    await build(act("record_call")).run(box.call)
    await hide(box.call, masked=True)
    await hide(box.call, masked=False)
    assert box.told[-2:] == ["mute", "unmute"]
    await stop(box.call)
    await hide(box.call, masked=True)
    await asyncio.sleep(1)
    assert box.told.count("mute") == 1
    assert box.call.notes == []


def test_a_url_that_cannot_be_is_said_and_the_recording_is_kept_here():
    result = record(("record_call", {"url": "ftp://web.test"}), ("answer", {}), PAUSE)
    assert codes(result) == [Code.INVALID_URL]
    assert (lengths(result), uploads(result)) == ([10], [])


def test_a_caller_is_recorded_until_silence_and_it_is_sent():
    result = record(
        ("record_caller", {"url": STORE}), ("tts", {"text": "Thank you."}),
        name="simulator-1767225600.0.mp3", do=[{"at": 1, "speak": 3}],
    )  # fmt: skip
    (sent,) = uploads(result)
    assert (sent.method, sent.url) == ("PUT", f"{STORE}/simulator-1767225600.0.mp3")
    assert lengths(result) == [9]
    assert [one.value for one in result.heard] == ["Thank you."]


def test_any_key_ends_it():
    result = record(("record_caller", {}), do=[{"at": 0, "speak": 9}, {"at": 4, "press": "5"}])
    assert lengths(result) == [pytest.approx(4.1, abs=0.1)]
    assert uploads(result) == []


@pytest.mark.parametrize("at", [0.2, 4])
def test_what_a_caller_has_said_who_hangs_up_is_sent(at):
    result = record(
        ("record_caller", {"url": STORE, "format": "wav"}), name="simulator-1767225600.0.wav",
        do=[{"at": 0, "speak": 9}, {"at": at, "hangup": True}],
    )  # fmt: skip
    assert [one.headers["Content-Type"] for one in uploads(result)] == ["audio/x-wav"]


def test_webhooks_hear_of_its_beginning_and_its_end_once_each():
    hooks = [{"hook": ["record_start", "record_stop"], "uri": "http://web.test/hook"}]
    result = record(
        ("answer", {}),
        ("record_call", {"media_name": "desk", "label": "sales", "origin": "callflow : main"}),
        PAUSE,
        web={"hook": {"status": 200}}, webhooks=hooks,
    )  # fmt: skip
    told = [one.params for one in result.requests if one.kind == "webhook"]
    assert [one["hook_event"] for one in told] == ["record_start", "record_stop"]
    for one in told:
        said = one["media_name"], one["label"], one["origin"]
        assert said == ("desk", "sales", "callflow : main")
    (url,) = {one["recording_url"] for one in told}
    assert url == f"http://127.0.0.1:8086/recordings/RE{told[0]['recording_id']}"
