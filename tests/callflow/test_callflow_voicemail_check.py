"""voicemail, action check: listening to messages, and what an owner sets by telephone."""

import pytest
from voicemail_flows import (
    CHECK,
    LEAVE,
    MAILBOX,
    OTHER,
    SAVED,
    call,
    heard,
    press,
    speak,
)

PIN, WRONG, ABORT, HAVE = "agent-pass", "vm-incorrect", "sorry-youre-having-problems", "vm-youhave"
NONE, ONE_NEW, ONE_SAVED = "You have no messages.", "new message.", "saved message."
INVALID, FORWARD_TO = (
    "pm-invalid-option",
    "Please enter the mailbox to forward to, then the pound key.",
)
#: A message of three seconds is left first; what follows begins at 15.
LEFT = [speak(6.5, 3), press(10, "#"), press(12, "1")]
BEGIN = 15
OWNER = {"owner_id": "bob"}  # whose telephone calls


def listen(*do, left=True, document=None, **more):
    """Leave a message, and listen; `do` counts from there on."""
    later = [{**one, "at": one["at"] + BEGIN} for one in do]
    first = [LEAVE] if left else []
    document = {"check_if_owner": False} | (document or {})
    return call(*first, CHECK, do=[*LEFT, *later] if left else list(do), document=document, **more)


def after(result, sound):
    """Return what was heard from the first occurrence of a sound on."""
    sounds = heard(result)
    return sounds[sounds.index(sound) :]


def test_who_knows_the_pin_hears_how_many_messages_there_are():
    result = listen(press(2, "1234#"), press(10, "#"))
    assert after(result, PIN)[:4] == [PIN, HAVE, "1", ONE_NEW]
    assert heard(result)[-1] == "after"


def test_a_wrong_pin_is_asked_for_again_and_in_the_end_the_caller_is_let_go():
    result = listen(press(1, "9999#"), press(6, "8888#"), press(11, "7777#"), left=False)
    assert heard(result) == [PIN, WRONG, PIN, WRONG, PIN, WRONG, ABORT, "after"]


def test_attempts_are_as_many_as_configured():
    result = listen(press(1, "9999#"), left=False, settings={"max_login_attempts": 1})
    assert heard(result) == [PIN, WRONG, ABORT, "after"]


def test_a_mailbox_without_a_pin_opens_to_nobody_else():
    result = listen(left=False, document={"pin": ""})
    assert heard(result) == ["This mailbox cannot be opened from here.", "after"]


@pytest.mark.parametrize(
    ("document", "settings", "first"),
    [({}, {}, NONE), ({"require_pin": True}, {}, PIN), ({}, {"force_require_pin": True}, PIN)],
)
def test_the_owner_needs_no_pin_unless_it_is_required(document, settings, first):
    result = listen(
        {"at": 3, "hangup": True}, left=False, document=OWNER | document, settings=settings
    )
    assert heard(result)[0] == first


def test_without_an_id_the_number_is_asked_for():
    do = [press(1, "100#"), press(5, "1234#"), press(9, "#")]
    result = call({"action": "check"}, do=do)
    assert heard(result)[1:3] == [PIN, NONE]


def test_a_number_that_is_none_is_said():
    result = call({"action": "check"}, do=[press(1, "77#"), {"at": 8, "hangup": True}])
    assert heard(result)[1] == INVALID


@pytest.mark.parametrize(
    ("data", "directly"),
    [({"single_mailbox_login": True}, True), ({"callerid_match_login": True}, True), ({}, False)],
)
def test_the_callers_own_mailbox_may_be_found_without_a_number(data, directly):
    document = OWNER | {"mailbox": "+15551230001"}
    result = call({"action": "check"} | data, do=[{"at": 3, "hangup": True}], document=document)
    assert (heard(result)[0] == NONE) is directly


def opened(*do, **more):
    """Listen as the owner, whom nothing is asked."""
    return listen(*do, document=OWNER | more.pop("document", {}), **more)


def test_a_message_is_played_with_its_envelope_and_kept():
    result = opened(press(2, "1"), press(21, "1"), press(30, "#"))
    name = result.recordings[0].name
    played = after(result, "vm-message")
    assert played[:4] == ["vm-message", "1", name, "vm-received"]
    assert played[5:7] == ["vm-from-phonenumber", "15551230001"]
    assert SAVED in played
    assert ONE_SAVED in played


def test_the_envelope_may_be_left_out():
    result = opened(press(2, "1"), press(9, "1"), press(20, "#"), document={"skip_envelope": True})
    assert "vm-received" not in heard(result)


@pytest.mark.parametrize(
    ("key", "said", "then"),
    [("7", "vm-deleted", NONE), ("1", SAVED, ONE_SAVED), ("0", SAVED, ONE_SAVED)],
)
def test_what_becomes_of_a_message(key, said, then):
    result = opened(press(2, "1"), press(5, key), press(20, "#"))
    rest = after(result, "vm-message")
    assert said in rest
    assert then in rest


def test_a_message_is_played_again_and_what_is_no_key_is_said():
    result = opened(press(2, "1"), press(5, "2"), press(9, "9"), press(14, "7"), press(22, "#"))
    assert heard(result).count("vm-message") == 2
    assert INVALID in heard(result)


def test_saved_messages_are_heard_from_the_main_menu():
    result = opened(press(2, "1"), press(5, "1"), press(12, "2"), press(16, "7"), press(24, "#"))
    assert heard(result).count("vm-message") == 2
    assert heard(result)[-3] == NONE or NONE in heard(result)


@pytest.mark.parametrize(("oldest", "order"), [(False, (1, 0)), (True, (0, 1))])
def test_the_newest_message_comes_first_unless_the_oldest_is_to(oldest, order):
    second = [speak(22, 2), press(25, "#"), press(27, "1")]
    do = [*LEFT, *second, press(32, "1"), press(37, "6"), press(44, "0"), press(52, "#")]
    document = {"check_if_owner": False, "oldest_message_first": oldest} | OWNER
    result = call(LEAVE, LEAVE, CHECK, do=do, document=document)
    names = [one.name for one in result.recordings]
    played = [one for one in after(result, "vm-message") if one in names]
    assert played[:2] == [names[order[0]], names[order[1]]]


def forwarded(*do, settings=None):
    boxes = {OTHER: MAILBOX | {"mailbox": "200", "notify_email_addresses": ["other@example.com"]}}
    result = opened(press(2, "1"), press(5, "3"), *do, boxes=boxes, settings=settings)
    return result, [one.url for one in result.requests if one.url == "mailto:other@example.com"]


def test_a_message_is_forwarded_to_another_mailbox_and_kept():
    result, mails = forwarded(press(8, "200#"), press(20, "#"))
    assert after(result, FORWARD_TO)[:2] == [FORWARD_TO, SAVED]
    assert mails == ["mailto:other@example.com"]


def test_a_message_is_not_forwarded_to_its_own_mailbox_or_to_none():
    result, mails = forwarded(press(8, "100#"), press(13, "5#"), press(18, "6#"), press(30, "#"))
    assert heard(result).count(INVALID) == 3
    assert "The message was not forwarded." in heard(result)
    assert mails == []


def test_a_comment_is_put_before_a_message_that_is_forwarded():
    result, mails = forwarded(
        press(8, "200#"), press(10, "1"), speak(13, 2), press(16, "#"), press(18, "1"), press(30, "#"),
        settings={"forward_type": "prepend_forward"},
    )  # fmt: skip
    assert mails == ["mailto:other@example.com"]
    assert len(result.recordings) == 2
    mail = next(one for one in result.requests if one.url in mails)
    assert (
        "Length:  8 seconds" in mail.params["text"] or "Length:  9 seconds" in mail.params["text"]
    )


def test_forwarding_with_a_comment_may_be_given_up():
    _, mails = forwarded(press(8, "200#"), press(10, "0"), press(25, "#"),
                         settings={"forward_type": "prepend_forward"})  # fmt: skip
    assert mails == []


def test_a_new_pin_counts_from_then_on():
    do = [press(1, "1234#"), press(4, "5"), press(6, "3"), press(8, "4321#"), press(10, "4321#"),
          press(14, "0"), press(17, "#"), press(20, "4321#"), press(25, "#")]  # fmt: skip
    result = call(CHECK, CHECK, do=do)
    assert "vm-passchanged" in heard(result)
    assert heard(result).count(WRONG) == 0
    assert heard(result)[-1] == "after"


def test_a_pin_that_is_too_short_or_not_the_same_twice_is_refused():
    do = [press(1, "1234#"), press(4, "5"), press(6, "3"), press(8, "12#"), press(10, "12#"),
          press(14, "4321#"), press(17, "4320#"), {"at": 30, "hangup": True}]  # fmt: skip
    result = call(CHECK, do=do)
    assert heard(result).count("vm-invalid-password") == 2
    assert "vm-passchanged" not in heard(result)


def recorded(key, *more):
    do = [press(1, "5"), press(3, key), speak(6, 3), press(10, "#"), press(12, "1"), press(16, "0"),
          press(19, "#"), *more]  # fmt: skip
    return call(CHECK, LEAVE, do=do, document=OWNER | {"check_if_owner": False})


@pytest.mark.parametrize(("key", "prompt"), [("1", "vm-rec-unv"), ("4", "vm-rec-temp")])
def test_a_greeting_that_was_recorded_is_what_callers_hear(key, prompt):
    result = recorded(key, {"at": 26, "hangup": True})
    greeting = result.recordings[0].name
    assert prompt in heard(result)
    assert after(result, SAVED)[-2:] == [greeting, "vm-intro"] or greeting in after(result, SAVED)


def test_a_name_that_was_recorded_is_the_owners():
    assert "vm-rec-name" in heard(recorded("2", {"at": 26, "hangup": True}))


def test_a_new_owner_is_led_through_pin_and_greeting():
    do = [press(5, "5555#"), press(8, "5555#"), speak(15, 3), press(19, "#"), press(21, "1"),
          press(30, "#")]  # fmt: skip
    result = call(CHECK, do=do, document=OWNER | {"is_setup": False})
    assert heard(result)[0] == "Your mailbox is new. Please choose a pin."
    assert "vm-passchanged" in heard(result)
    assert "Your mailbox is ready." in heard(result)
    assert NONE in heard(result)


def test_a_new_owner_who_chooses_no_pin_is_let_go():
    result = call(CHECK, document=OWNER | {"is_setup": False})
    assert heard(result)[-1] == "vm-goodbye"
    assert result.ended_by == "pivot"


def test_a_mailbox_that_is_not_configurable_has_no_settings():
    result = call(
        CHECK, do=[press(2, "5"), press(9, "#")], document=OWNER | {"not_configurable": True}
    )
    assert not [one for one in heard(result) if one.startswith("To record your greeting")]


def test_a_caller_who_does_nothing_is_let_go_after_some_rounds():
    result = call(CHECK, document=OWNER)
    assert heard(result).count(NONE) == 4
    assert heard(result)[-2:] == ["vm-goodbye", "after"]


def test_keys_are_those_that_are_configured():
    result = call(CHECK, do=[press(2, "9")], document=OWNER, settings={"keys": {"exit": "9"}})
    assert heard(result)[-1] == "after"
    assert heard(result).count(NONE) == 1


@pytest.mark.parametrize("at", [1, 3.5, 7, 11, 14, 19, 24])
def test_a_caller_who_hangs_up_while_listening_ends_the_call(at):
    result = opened(press(2, "1"), press(5, "3"), press(10, "9"), {"at": at, "hangup": True})
    assert result.ended_by == "caller"
    assert result.errors == []


@pytest.mark.parametrize(
    ("keys", "more", "seconds"),
    [
        ("", {}, 4),
        ("#", {}, 3.2),  # to its end
        ("*", {}, 6),
        ("*", {"seek_duration_ms": 500}, 4.5),
        ("**", {"seek_duration_ms": 500}, 5),
        ("#", {"is_voicemail_ff_rw_enabled": False}, 3.2),  # as any other key: it is over
    ],
)
def test_keys_go_forward_and_back_in_a_message(keys, more, seconds):
    """KAZOO: is_voicemail_ff_rw_enabled, by seek_duration_ms."""
    document = {"is_voicemail_ff_rw_enabled": True, "seek_duration_ms": 2000} | more
    pressed = [press(10, keys)] if keys else []
    result = listen(press(2, "1234#"), press(5, "1"), *pressed, document=document)
    sounds = [one for one in result.heard if one.at > BEGIN + 6]
    played = next(one for one in sounds if one.kind == "play")
    assert played.until - played.at == pytest.approx(seconds, abs=0.1)
    following = sounds[sounds.index(played) + 1].value
    assert (following == "vm-received") is document["is_voicemail_ff_rw_enabled"]


def test_other_keys_may_go_forward():
    document = {"is_voicemail_ff_rw_enabled": True, "seek_duration_ms": 2000}
    settings = {"keys": {"fast_forward": "9", "rewind": ""}}
    result = listen(
        press(2, "1234#"), press(5, "1"), press(10, "9"), document=document, settings=settings
    )
    played = next(one for one in result.heard if one.at > BEGIN + 6 and one.kind == "play")
    assert played.until - played.at == pytest.approx(3.2, abs=0.1)
