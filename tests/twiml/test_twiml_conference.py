"""<Conference>: the caller meets all others in the conference of that name."""

import pytest
from simulated import meet
from twiml_calls import asked, codes, told

EVENTS = 'statusCallback="status" statusCallbackEvent="start end join leave mute hold"'
WEB = {"status": {"status": 204}, "got": "<Response/>", "wait": "<Response/>"}


def room(attributes="", dial="", name="Room", after=""):
    inside = f"<Conference {attributes}>{name}</Conference>"
    return f'<Response><Dial action="got" {dial}>{inside}</Dial>{after}</Response>'


def leaves(at):
    return [{"at": at, "hangup": True}]


def gathering(*callers, web=None, **options):
    return meet(*callers, web=WEB | (web or {}), **options)


def statuses(result):
    """Return the status callbacks, in the order of what they tell of."""
    said = [one.params for one in result.requests if one.url.partition("?")[0].endswith("/status")]
    return sorted(said, key=lambda one: int(one["SequenceNumber"]))


def actions(result):
    return [one.params for one in result.requests if one.url.endswith("/got")]


def music(person):
    return [(one.began, one.ended) for one in person.sounds if one.media.startswith("moh:")]


def beeps(person):
    return [one.began for one in person.sounds if one.media == "sound:beep"]


def document_heard(person):
    return [one.media.partition(":")[0] for one in person.sounds]


# TwiML says: "starts at 2 participants with >=1 startConferenceOnEnter=true. Before that: muted +
# waitUrl media"
def test_who_comes_first_hears_music_until_somebody_comes():
    _, (ann, bob) = gathering((0, room(), leaves(20)), (5, room(), leaves(9)))
    assert music(ann) == [(0.0, pytest.approx(5.0, abs=0.5))]
    assert music(bob) == []


def test_who_comes_before_the_moderator_waits():
    later = room('startConferenceOnEnter="false"')
    _, (ann, bob, moderator) = gathering(
        (0, later, leaves(20)), (1, later, leaves(19)), (4, room(), leaves(9))
    )
    assert music(ann)[0][1] == pytest.approx(4, abs=0.5)
    assert music(bob)[0][1] == pytest.approx(4, abs=0.5)
    assert music(moderator) == []


# TwiML says: "DialCallStatus=answered, no DialCallSid/DialCallDuration"
def test_the_action_is_told_once_of_each_way_out():
    result, _ = gathering((0, room(), leaves(20)), (2, room(dial='hangupOnStar="true"'),
                          [{"at": 6, "press": "*"}]))  # fmt: skip
    first, second = actions(result)
    for params in (first, second):
        assert (params["DialCallStatus"], params["DialBridged"]) == ("answered", "true")
        assert not {"DialCallSid", "DialCallDuration"} & params.keys()
    assert (first["From"], first["CallStatus"]) == ("+15551230002", "in-progress")
    assert (second["From"], second["CallStatus"]) == ("+15551230001", "completed")


def test_without_an_action_the_next_verb_follows():
    body = "<Response><Dial hangupOnStar='true'><Conference>Room</Conference></Dial><Play>next.wav</Play></Response>"
    result, _ = gathering((0, body, [{"at": 3, "press": "*"}]), web={"next.wav": {"audio": 1}})
    assert [one.kind for one in result.heard][-1] == "play"


def test_a_time_limit_ends_the_stay_and_nobody_else_s():
    result, (ann, bob) = gathering(
        (0, room(), leaves(20)), (2, room(dial='timeLimit="5"'), leaves(99))
    )
    assert bob.ended_at == pytest.approx(7, abs=0.5)
    assert ann.ended_at == pytest.approx(20)
    assert [one["DialCallStatus"] for one in actions(result)] == ["answered"] * 2


# TwiML says: "endConferenceOnExit participant leaving ends it: others leave and continue with their
# own action/next verb"
def test_who_ends_it_ends_it_for_all():
    result, (ann, _, _) = gathering(
        (0, room(EVENTS), leaves(99)),
        (1, room(), leaves(98)),
        (2, room('endConferenceOnExit="true" participantLabel="boss"'), leaves(5)),
    )
    assert ann.ended_at == pytest.approx(7, abs=0.5)
    assert len(actions(result)) == 3
    left = [one for one in statuses(result) if one["StatusCallbackEvent"] == "participant-leave"]
    assert [one["ReasonParticipantLeft"] for one in left] == [
        "participant_hung_up", "moderator_ended_conference", "moderator_ended_conference",
    ]  # fmt: skip
    end = statuses(result)[-1]
    assert end["StatusCallbackEvent"] == "conference-end"
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert (end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (
        left[0]["CallSid"], "boss",
    )  # fmt: skip


# TwiML says: the events, in order, from the first participant's attributes only
def test_every_change_is_told_once_with_its_number():
    result, _ = gathering(
        (0, room(EVENTS), leaves(8)),
        (3, room('muted="true" participantLabel="two" statusCallback="other"'), leaves(9)),
    )
    all_told = statuses(result)
    assert [one["SequenceNumber"] for one in all_told] == ["1", "2", "3", "4", "5", "6"]
    assert [one["StatusCallbackEvent"] for one in all_told] == [
        "participant-join", "participant-join", "conference-start",
        "participant-leave", "participant-leave", "conference-end",
    ]  # fmt: skip
    assert {one["ConferenceSid"][:2] for one in all_told} == {"CF"}
    assert len({one["ConferenceSid"] for one in all_told}) == 1
    assert {one["FriendlyName"] for one in all_told} == {"Room"}
    joined = all_told[1]
    assert {name: joined[name] for name in ("Muted", "Hold", "Coaching", "EndConferenceOnExit",
                                            "StartConferenceOnEnter", "ParticipantLabel")} == {
        "Muted": "true", "Hold": "false", "Coaching": "false", "EndConferenceOnExit": "false",
        "StartConferenceOnEnter": "true", "ParticipantLabel": "two",
    }  # fmt: skip
    assert all_told[3]["ParticipantCallStatus"] == "completed"
    assert all_told[5]["ReasonConferenceEnded"] == "last-participant-left"
    assert not any(one.url.endswith("/other") for one in result.requests)


def test_only_the_changes_that_are_asked_for_are_told():
    attributes = 'statusCallback="status" statusCallbackEvent="end" statusCallbackMethod="GET"'
    result, _ = gathering((0, room(attributes), leaves(8)))
    assert [one["StatusCallbackEvent"] for one in statuses(result)] == ["conference-end"]
    assert statuses(result)[0]["SequenceNumber"] == "3"


# TwiML says: "beep true/false/onEnter/onExit, per joining participant"; the joiner hears none
@pytest.mark.parametrize(
    ("attribute", "heard"),
    [("", [5, 10]), ('beep="onEnter"', [5]), ('beep="onExit"', [10]), ('beep="false"', [])],
)
def test_the_others_hear_a_beep_when_somebody_comes_and_goes(attribute, heard):
    _, (ann, bob) = gathering((0, room(), leaves(20)), (5, room(attribute), leaves(5)))
    assert beeps(ann) == [pytest.approx(at, abs=0.2) for at in heard]
    assert beeps(bob) == []


# TwiML says: "waitUrl: TwiML (Play Say Pause Redirect); runs once then silence; empty = silence"
def test_a_document_can_be_heard_instead_of_music():
    wait = {"wait": "<Response><Play>tone.wav</Play><Dial>+1555</Dial></Response>"}
    result, (ann, _) = gathering(
        (0, room('waitUrl="wait" waitMethod="GET"'), leaves(20)), (9, room(), leaves(3)),
        web=wait | {"tone.wav": {"audio": 2}},
    )  # fmt: skip
    (request,) = [one for one in result.requests if one.url.partition("?")[0].endswith("/wait")]
    assert request.method == "GET"
    assert document_heard(ann)[0] == "sound"
    assert (ann.sounds[0].began, ann.sounds[0].ended) == (0.0, 2.0)
    assert music(ann) == []
    assert codes(result)[0] == [13750]


def test_the_document_is_cut_off_when_somebody_comes():
    result, (ann, _) = gathering(
        (0, room('waitUrl="wait"'), leaves(20)), (3, room(), leaves(3)),
        web={"wait": "<Response><Play>tone.wav</Play></Response>", "tone.wav": {"audio": 9}},
    )  # fmt: skip
    assert ann.sounds[0].ended == pytest.approx(3, abs=0.1)
    assert actions(result)[-1]["DialBridged"] == "true"


def test_an_empty_wait_url_is_silence():
    _, (ann, _) = gathering((0, room('waitUrl=""'), leaves(20)), (9, room(), leaves(3)))
    assert music(ann) == []


# TwiML says: "waitUrl fails -> the participant does not join: action/next verb"
def test_with_a_wait_url_that_fails_the_caller_does_not_take_part():
    result, _ = gathering(
        (0, room(f'waitUrl="wait" {EVENTS}'), leaves(20)), web={"wait": {"status": 404}}
    )
    assert asked(result) == ["voice", "wait", "got"]
    assert told(result, "got")["DialCallStatus"] == "failed"
    assert codes(result)[0] == [11200]
    assert statuses(result)[1]["ReasonParticipantLeft"] == "participant_add_failed"


# TwiML says: "participantLabel unique; 16025 -> next verb"; "maxParticipants"; "13240 if not in
# conference"
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('participantLabel="x"', 'participantLabel="x"'),
        ("", 'maxParticipants="1"'),
        ("", 'coach="CA1234"'),
    ],
)
def test_who_cannot_take_part_goes_on(first, second):
    result, (_, bob) = gathering((0, room(first), leaves(9)), (2, room(second), leaves(60)))
    assert bob.ended_at == pytest.approx(2, abs=0.5)
    assert actions(result)[0]["DialCallStatus"] == "failed"


@pytest.mark.parametrize(
    ("attribute", "code"), [('maxParticipants="1"', 90500), ('coach="CA1234"', 13240)]
)
def test_it_is_said_why(attribute, code):
    first = "<Response><Pause length='2'/>" + room(attribute).removeprefix("<Response>")
    result, _ = gathering((0, first, leaves(60)), (0, room(), leaves(9)))
    assert codes(result)[0] == [code]


def test_a_conference_is_over_with_its_last_participant_and_begins_anew():
    stays = "<Response><Pause length='30'/></Response>"
    result, _ = gathering(
        (0, stays, leaves(20)), (1, room(EVENTS), leaves(3)), (5, room(EVENTS), leaves(3))
    )
    assert len({one["ConferenceSid"] for one in statuses(result)}) == 2
    assert sorted(one["SequenceNumber"] for one in statuses(result)) == sorted("123123")


# TwiML says: "coach: 13240 if not in conference"; whoever coaches is heard by one only
def test_who_coaches_takes_part_and_leaves_nothing():
    result, _ = gathering(
        (0, room(EVENTS + ' participantLabel="pupil"'), leaves(9)),
        (1, room(), leaves(9)),
        (2, room('coach="pupil"'), leaves(9)),
    )
    joined = [one for one in statuses(result) if one["StatusCallbackEvent"] == "participant-join"]
    assert [one["Coaching"] for one in joined] == ["false", "false", "true"]
    assert actions(result)[-1]["DialCallStatus"] == "answered"


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('muted="maybe"', 13230),
        ('endConferenceOnExit="x"', 13231),
        ('startConferenceOnEnter="x"', 13232),
        ('waitMethod="PUT"', 13234),
        ('beep="loud"', 13235),
        ('maxParticipants="251"', 12200),
        ('statusCallbackEvent="begin"', 12200),
    ],
)
def test_a_value_that_cannot_be_meant_is_left_out(attribute, code):
    result, _ = gathering((0, room(attribute), leaves(5)))
    assert codes(result) == ([code], [])


def test_a_conference_stands_alone_and_has_a_name():
    for inside in ("<Conference>A</Conference><Number>1</Number>", "<Conference/>"):
        result, _ = gathering((0, f"<Response><Dial>{inside}</Dial></Response>", leaves(5)))
        assert codes(result)[1] == [13237 if "/>" in inside else 12200]


@pytest.mark.parametrize("at", [0, 1, 5, 5.3, 8, 8.2])
def test_a_caller_who_hangs_up_at_any_moment_is_told_of_once(at):
    result, _ = gathering(
        (0, room(EVENTS), leaves(at)), (5, room(), leaves(3)), (6, room(), leaves(9))
    )
    names = [one["StatusCallbackEvent"] for one in statuses(result)]
    assert names.count("participant-join") == names.count("participant-leave")
    callers = [one["From"] for one in actions(result)]
    assert len(callers) == len(set(callers)) >= names.count("participant-join")
    if names:
        assert (names[-1], names.count("conference-end")) == ("conference-end", 1)


# TwiML says: "record-from-start: starts when first two are bridged; hold music not recorded"
RECORDS = (
    'record="record-from-start" recordingStatusCallback="taped"'
    ' recordingStatusCallbackEvent="in-progress completed"'
)


def test_it_is_recorded_from_when_two_are_together():
    result, _ = gathering(
        (0, room(RECORDS), leaves(20)), (5, room(), leaves(9)), web={"taped": {"status": 204}}
    )
    (recording,) = result.recordings
    assert (round(recording.at), round(recording.at + recording.duration)) == (5, 20)
    first, last = [one.params for one in result.requests if one.url.endswith("/taped")]
    assert (first["RecordingStatus"], last["RecordingStatus"]) == ("in-progress", "completed")
    assert (last["RecordingSource"], last["ConferenceSid"][:2]) == ("Conference", "CF")
    assert "CallSid" not in last
    assert round(int(last["RecordingDuration"])) == 15
    assert codes(result) == ([], [])


# TwiML says: "recordingStatusCallbackMethod: GET|POST, default POST"
def test_its_recording_is_told_by_the_method_it_says():
    attributes = f'{RECORDS} recordingStatusCallbackMethod="GET"'
    result, _ = gathering(
        (0, room(attributes), leaves(20)), (5, room(), leaves(9)), web={"taped": {"status": 204}}
    )
    told = [one for one in result.requests if "/taped" in one.url]
    assert [one.method for one in told] == ["GET", "GET"]


def test_who_is_alone_is_not_recorded():
    result, _ = gathering((0, room(RECORDS), leaves(20)))
    assert result.recordings == []


def test_the_deprecated_callback_of_a_recording_is_told_unless_there_is_the_other():
    attributes = 'record="record-from-start" eventCallbackUrl="ended"'
    result, _ = gathering(
        (0, room(attributes), leaves(9)), (2, room(), leaves(9)), web={"ended": {"status": 204}}
    )
    (told,) = [one.params for one in result.requests if one.url.endswith("/ended")]
    assert (told["EventName"], told["FriendlyName"]) == ("conference-record-end", "Room")
    assert told["Duration"] == "9"


def test_who_speaks_is_told_where_that_is_wanted():
    attributes = 'statusCallback="status" statusCallbackEvent="speaker"'
    result, _ = gathering(
        (0, room(attributes), [{"at": 6, "speak": 2}, *leaves(20)]),
        (2, room(), [{"at": 1, "speak": 1}, *leaves(9)]),
    )
    told = [(one["StatusCallbackEvent"], one["CallSid"]) for one in statuses(result)]
    assert [event for event, _ in told] == [
        "participant-speech-start", "participant-speech-stop",
        "participant-speech-start", "participant-speech-stop",
    ]  # fmt: skip
    assert told[0][1] == told[1][1] != told[2][1]
