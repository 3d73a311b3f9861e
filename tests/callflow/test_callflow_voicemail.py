"""voicemail, action compose: leaving a message."""

import pytest
from flows import codes
from voicemail_flows import (
    BOX,
    CHECK,
    GREETING,
    INSTRUCTIONS,
    LEAVE,
    NUMBER,
    PERSON,
    REVIEW,
    SAVED,
    THANKS,
    TONE,
    UNAVAILABLE,
    call,
    heard,
    left,
    press,
    speak,
)

from ari_pivot.callflow import build
from ari_pivot.errors import InstructionError

KEPT = [*GREETING, TONE, REVIEW, SAVED, THANKS, "after"]
OPERATOR = {
    "callflows": {
        "desk": {"numbers": ["0"], "flow": {"module": "tts", "data": {"text": "operator"}}}
    }
}


def test_a_caller_is_greeted_leaves_a_message_and_keeps_it():
    result = call(LEAVE, do=[speak(6.5, 3), press(10, "#"), press(13, "1")])
    assert heard(result) == KEPT
    assert left(result) == [4.0]
    assert result.warnings == []


def test_a_caller_who_hangs_up_has_left_a_message():
    result = call(LEAVE, do=[speak(6.5, 5), {"at": 10, "hangup": True}], document=MAILED)
    assert left(result) == [3.9]
    assert mails(result) == ["Voicemail from +15551230001"]


@pytest.mark.parametrize("at", [1, 5.7, 11])
def test_a_caller_who_hangs_up_at_any_other_moment_leaves_what_was_recorded_once(at):
    result = call(
        LEAVE, do=[speak(6.5, 3), press(10, "#"), {"at": at, "hangup": True}], document=MAILED
    )
    assert len(mails(result)) == (1 if at > 10 else 0)
    assert result.ended_by == "caller"


MAILED = {"notify_email_addresses": ["desk@example.com"]}


def mails(result):
    return [one.params["subject"] for one in result.requests if one.kind == "email"]


def test_the_message_is_mailed_once():
    result = call(LEAVE, do=[speak(6.5, 3), press(10, "#"), press(13, "1")], document=MAILED)
    (mail,) = [one for one in result.requests if one.kind == "email"]
    assert mail.url == "mailto:desk@example.com"
    assert "+15551230001" in mail.params["text"]
    assert "100 (Reception)" in mail.params["text"]
    (attachment,) = mail.params["attachments"]
    assert attachment.startswith("voicemail-100-")
    assert attachment.endswith(".mp3")


def test_silence_ends_the_message():
    result = call(LEAVE, do=[speak(6.5, 3), press(20, "1")])
    assert heard(result) == KEPT
    assert left(result) == [8.4]  # five seconds of silence among them


def test_its_longest_ends_the_message():
    result = call(LEAVE | {"max_message_length": 5}, do=[speak(6.5, 30), press(15, "1")])
    assert left(result) == [5.0]


@pytest.mark.parametrize(
    ("settings", "count"), [({}, 0), ({"min_message_size": 300}, 1), ({"min_message_size": 0}, 1)]
)
def test_what_is_too_short_is_no_message(settings, count):
    result = call(LEAVE, do=[press(6.5, "#"), press(8, "1")], document=MAILED, settings=settings)
    assert len(mails(result)) == count


def test_a_message_is_heard_again_and_recorded_anew():
    do = [speak(6.5, 3), press(10, "#"), press(13, "2"), press(20, "3"), speak(22, 2),
          press(26, "#"), press(28, "1")]  # fmt: skip
    result = call(LEAVE, do=do, document=MAILED)
    first, second = (one.name for one in result.recordings)
    assert heard(result) == [
        *GREETING,
        TONE,
        REVIEW,
        first,
        REVIEW,
        TONE,
        REVIEW,
        SAVED,
        THANKS,
        "after",
    ]
    assert first != second
    assert mails(result) == ["Voicemail from +15551230001"]


def test_a_caller_who_decides_nothing_has_left_a_message():
    result = call(LEAVE, do=[speak(6.5, 3), press(10, "#")], document=MAILED)
    assert heard(result) == [
        *GREETING,
        TONE,
        REVIEW,
        REVIEW,
        REVIEW,
        REVIEW,
        SAVED,
        THANKS,
        "after",
    ]
    assert len(mails(result)) == 1


def test_any_key_skips_the_greeting():
    result = call(LEAVE, do=[press(1.5, "5"), speak(3, 3), press(7, "#"), press(10, "1")])
    assert heard(result) == [PERSON, NUMBER, TONE, REVIEW, SAVED, THANKS, "after"]


def test_the_operator_is_called_from_the_greeting():
    result = call(LEAVE, do=[press(1.5, "0")], directory=OPERATOR)
    assert heard(result) == [PERSON, NUMBER, "operator", "after"]


def test_the_operator_is_called_behind_a_message_which_is_kept():
    do = [speak(6.5, 3), press(10, "#"), press(13, "0")]
    result = call(LEAVE, do=do, directory=OPERATOR, document=MAILED)
    assert heard(result) == [*GREETING, TONE, REVIEW, SAVED, "operator", "after"]
    assert len(mails(result)) == 1


def test_without_an_operator_the_key_is_any_other():
    result = call(LEAVE, do=[press(1.5, "0"), speak(3, 2), press(6, "#"), press(8, "1")])
    assert heard(result) == [PERSON, NUMBER, TONE, REVIEW, SAVED, THANKS, "after"]


def test_the_operator_may_have_another_number():
    numbers = {
        "callflows": {
            "desk": {"numbers": ["55"], "flow": {"module": "tts", "data": {"text": "operator"}}}
        }
    }
    result = call(LEAVE, do=[press(1.5, "0")], directory=numbers, document={"operator_number": 55})
    assert heard(result) == [PERSON, NUMBER, "operator", "after"]


@pytest.mark.parametrize(
    ("document", "greeting"),
    [
        ({"skip_greeting": True}, [INSTRUCTIONS]),
        ({"skip_instructions": True}, [PERSON, NUMBER, UNAVAILABLE]),
        ({"skip_greeting": True, "skip_instructions": True}, []),
        ({"media": {"unavailable": "tts://We are out."}}, ["We are out.", INSTRUCTIONS]),
        (
            {"media": {"unavailable": "tts://Out.", "temporary_unavailable": "tts://Holiday."}},
            ["Holiday.", INSTRUCTIONS],
        ),
        ({"use_person_not_available": True}, ["vm-nobodyavail", INSTRUCTIONS]),
        ({"play_greeting_intro": True, "skip_greeting": True}, ["hello", INSTRUCTIONS]),
    ],
)
def test_how_the_caller_is_greeted(document, greeting):
    result = call(LEAVE, do=[{"at": 12, "hangup": True}], document=document)
    assert heard(result)[: len(greeting) + 1] == [*greeting, TONE]


def test_a_mailbox_may_only_announce():
    result = call(LEAVE, document={"announcement_only": True})
    assert heard(result) == [PERSON, NUMBER, UNAVAILABLE, "after"]
    assert left(result) == []


def test_a_mailbox_that_is_not_there_is_said():
    result = call({"id": "x" * 32})
    assert heard(result) == ["Nobody is available, and there is no voicemail.", "after"]


def test_a_full_mailbox_takes_no_message_and_tells_webhooks():
    settings = {
        "settings": {"max_message_count": 1},
        "hooks": [{"hook": "notifications", "uri": "http://web.test/hook"}],
    }
    do = [speak(6.5, 3), press(10, "#"), press(13, "1")]
    result = call(LEAVE, LEAVE, do=do, web={"hook": {"status": 204}}, **settings)
    assert heard(result) == [*KEPT[:-1], PERSON, NUMBER, UNAVAILABLE, "vm-mailboxfull", "after"]
    new, full = [one.params for one in result.requests if one.kind == "webhook"]
    assert new["event_name"] == "voicemail_new"
    assert new["voicemail_box"] == BOX
    assert new["voicemail_length"] == pytest.approx(3980, abs=50)
    assert new["voicemail_timestamp"] == 62_167_219_200 + 1_767_225_600 + 6
    assert full["event_name"] == "voicemail_full"
    assert full["message_count"] == 1


def test_a_key_leads_from_the_greeting_to_the_messages():
    result = call(LEAVE, do=[press(1.5, "*"), press(4, "1234#"), press(10, "#")])
    assert heard(result)[:4] == [PERSON, NUMBER, "agent-pass", "You have no messages."]


@pytest.mark.parametrize(("check", "first"), [(True, "agent-pass"), (False, PERSON)])
def test_the_owner_listens_instead(check, first):
    document = {"owner_id": "bob", "check_if_owner": check, "require_pin": True}
    result = call(LEAVE, do=[{"at": 3, "hangup": True}], document=document)
    assert heard(result)[0] == first


def test_a_call_with_a_message_is_not_missed():
    directory = {"notify_url": "http://web.test/notify"}
    flow = {"module": "missed_call_alert", "data": {"recipients": []}}
    result = call(LEAVE, do=[speak(6.5, 3), {"at": 10, "hangup": True}], first=flow,
                  directory=directory, web={"notify": {"status": 204}})  # fmt: skip
    assert [one for one in result.requests if one.kind == "webhook"] == []


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"id": "short"}, "$.data.id"),
        ({"action": "listen"}, "$.data.action"),
        ({"max_message_length": 1.5}, "$.data.max_message_length"),
        ({"single_mailbox_login": "yes"}, "$.data.single_mailbox_login"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(data, place):
    with pytest.raises(InstructionError) as caught:
        build({"module": "voicemail", "data": data})
    assert caught.value.where == place


def test_a_message_that_cannot_be_kept_is_said():
    result = call(CHECK | {"id": "y" * 32}, do=[{"at": 30, "hangup": True}])
    assert codes(result) == []
