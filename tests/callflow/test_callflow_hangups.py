"""A caller who hangs up, at every moment of every module: the call is over, and quiet."""

from functools import cache

import pytest
from flows import act, run

from ari_pivot.callflow.modules import MODULES

MENU = {"menus": {"main": {"retries": 2, "timeout": 2000}}}
PEOPLE = {
    "users": {"bob": {}, "ann": {}},
    "devices": {
        "desk": {"endpoint": "PJSIP/caller", "owner": "bob"},
        "phone": {"endpoint": "PJSIP/alice", "owner": "ann"},
    },
}
PEOPLE["groups"] = {"all": {"endpoints": [{"id": "ann", "endpoint_type": "user"}]}}
PEOPLE["trunks"] = {"out": {"endpoint": "PJSIP/{number}@trunk", "numbers": ["+1555*"]}}
PEOPLE["users"]["ann"] = {"first_name": "Ann", "directories": {"team": "reception"}}
PEOPLE["directories"] = {"team": {}}
PEOPLE["mailboxes"] = {"b" * 32: {"mailbox": "100"}}
RULES = {"temporal_rules": {"always": {"cycle": "daily"}}}
EXAMPLES = {
    "after_bridge": {"action": "hangup", "data": True},
    "answer": {},
    "audio_macro": {
        "macros": [
            {"macro": "play", "id": "beep"},
            {"macro": "tts", "text": "two seconds of words, or so"},
            {"macro": "say", "type": "number", "text": "12"},
            {"macro": "tone", "frequencies": [440], "duration_on": 500, "duration_off": 0},
        ]
    },
    "branch_bnumber": {"hunt": True},
    "branch_variable": {"variable": "call_priority"},
    "call_forward": {"action": "menu"},
    "call_waiting": {},
    "callflow": {"id": "reception"},
    "check_cid": {},
    "cidlistmatch": {"id": "vip"},
    "collect_dtmf": {"max_digits": 4},
    "conference": {"config": {"name": "room"}},
    "dead_air": {},
    "device": {"id": "phone"},
    "directory": {"id": "team"},
    "disa": {"pin": "1234", "retries": 1},
    "do_not_disturb": {"action": "toggle"},
    "dynamic_cid": {},
    "eavesdrop": {"device_id": "phone", "approved_device_id": "desk"},
    "eavesdrop_feature": {"approved_device_id": "desk"},
    "fax_detect": {},
    "flush_dtmf": {},
    "group": {"id": "all"},
    "group_pickup": {"device_id": "phone"},
    "group_pickup_feature": {},
    "hangup": {},
    "hotdesk": {"action": "login"},
    "intercept": {"user_id": "ann"},
    "intercept_feature": {},
    "intercom": {},
    "language": {"language": "fr"},
    "lookupcidname": {"lists": []},
    "manual_presence": {"presence_id": "desk"},
    "menu": {"id": "main"},
    "missed_call_alert": {"recipients": []},
    "noop": {},
    "notification": {"template_id": "any", "send_at": "callflow_exec"},
    "offnet": {"to_did": "+15550199"},
    "page_group": {
        "audio": "one-way",
        "endpoints": [{"id": "ann", "endpoint_type": "user"}],
    },
    "park": {},
    "pivot": {"voice_url": "http://web.test/slow"},
    "play": {"id": "http://web.test/tone.wav", "loop_count": 2},
    "prepend_cid": {},
    "privacy": {},
    "receive_fax": {},
    "record_call": {"action": "start"},
    "record_caller": {},
    "resources": {"to_did": "+15550199"},
    "response": {"media": "http://web.test/tone.wav"},
    "ring_group": {"endpoints": [{"id": "ann", "endpoint_type": "user"}], "repeats": 2},
    "route_to_cid": {"endpoint_types": ["user"]},
    "send_dtmf": {"digits": "123", "duration_ms": 500},
    "set_alert_info": {"alert_info": "any"},
    "set_cid": {},
    "set_variable": {"variable": "call_priority", "value": "1"},
    "set_variables": {"custom_application_vars": {"a": 1}},
    "sleep": {"duration": 3},
    "temporal_route": {"action": "menu", "rules": ["always"]},
    "transfer": {"target": "200"},
    "tts": {"text": "two seconds of words, or so"},
    "user": {"id": "ann"},
    "voicemail": {"id": "b" * 32, "max_message_length": 10},
    "wait_for_hangup": {},
    "webhook": {"uri": "http://web.test/hook"},
}


def test_every_module_is_among_the_examples():
    assert EXAMPLES.keys() == MODULES.keys()


def play(module, do):
    return run(
        act(module, EXAMPLES[module], _=act("sleep", {"duration": 60})),
        do=do,
        directory=MENU | RULES | PEOPLE | {"notify_url": "http://web.test/notify"},
        dial={
            "alice": {"ring": 1, "answer": True, "talk": 2},
            "+15550199": {"ring": 1, "busy": True},
        },
        web={
            "tone.wav": {"audio": 2},
            "hook": {"status": 204},
            "notify": {"status": 204},
            "slow": {"body": "", "delay": 4},
        },
    )


@cache
def left_alone(module):
    """Return when the call ends by itself."""
    return play(module, []).ended_at


@pytest.mark.parametrize("at", [0.0, 0.05, 0.3, 0.9, 1.7, 2.6, 4.1])
@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_it_ends_with_the_caller(module, at):
    result = play(module, [{"at": at, "hangup": True}])
    if at < left_alone(module):
        assert result.ended_by == "caller"
        assert result.ended_at == pytest.approx(at)
    assert all(one.until <= result.ended_at + 1e-6 for one in result.heard)
    assert not result.errors
