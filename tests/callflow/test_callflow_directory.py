"""The directory: read, checked, and looked up."""

import re
from pathlib import Path

import pytest
import yaml

from ari_pivot import config
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import ConfigError


def refusal(**directory):
    with pytest.raises(ConfigError) as error:
        config.build({"directory": directory}, "test.yaml")
    return str(error.value)


HANGUP = {"module": "hangup"}


@pytest.mark.parametrize(
    ("directory", "key", "reason"),
    [
        ({"menus": {"m": {"retries": 11}}}, "directory.menus.m.retries", "must be 10 or less"),
        ({"menus": {"m": {"retry": 1}}}, "directory.menus.m.retry", "is not a setting"),
        ({"menus": {"m": {"hunt_allow": "("}}}, "directory.menus.m.hunt_allow", "regular expression"),
        ({"devices": {"d": {"endpoint": "alice"}}}, "directory.devices.d.endpoint", "as PJSIP/alice"),
        ({"devices": {"d": {"endpoint": "PJSIP/a", "owner": "bob"}}}, "devices.d.owner", "no user 'bob'"),
        ({"groups": {"g": {"endpoints": [{"id": "d", "endpoint_type": "device"}]}}}, "groups.g.endpoints", "no device 'd'"),
        ({"mailboxes": {"b": {"mailbox": "1@default", "owner": "bob"}}}, "mailboxes.b.owner_id", "no user"),
        ({"trunks": {"t": {"endpoint": "PJSIP/x", "numbers": ["*"]}}}, "directory.trunks.t.endpoint", "as PJSIP/{number}@trunk"),
        ({"temporal_rules": {"r": {"cycle": "weekly"}}}, "directory.temporal_rules.r", "needs `wdays`"),
        ({"temporal_rules": {"r": {"cycle": "monthly"}}}, "directory.temporal_rules.r", "needs `days`"),
        ({"temporal_rules": {"r": {"cycle": "hourly"}}}, "directory.temporal_rules.r.cycle", "daily"),
        ({"temporal_rule_sets": {"s": {"temporal_rules": ["r"]}}}, "temporal_rule_sets.s.temporal_rules", "no rule 'r'"),
        ({"lists": {"l": {"entries": [{}]}}}, "directory.lists.l.entries[0]", "needs `number`"),
        ({"callflows": {"c": {"flow": {"module": "nothing"}}}}, "directory.callflows.c.flow", 'unknown module "nothing"'),
        ({"callflows": {"c": {"flow": {"module": "sleep", "data": {"duration": -1}}}}}, "directory.callflows.c.flow", "$.data.duration"),
        ({"callflows": {"c": {"patterns": ["("], "flow": HANGUP}}}, "directory.callflows.c.patterns[0]", "regular expression"),
        ({"media": {"m": "what://ever"}}, "media.m", "not a media id"),
        ({"media": {"m": {}}}, "media.m", "empty"),
        ({"timezone": "Nowhere/Land"}, "timezone", "no timezone 'Nowhere/Land'"),
        ({"users": {"u": {"timezone": "Nowhere"}}}, "users.u.timezone", "no timezone"),
        ({"notify_url": "example.com"}, "directory.notify_url", "an http or https URL"),
        ({"region": "us"}, "directory.region", "as US"),
        ({"printers": {}}, "directory.printers", "is not a setting"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_key_and_the_reason(directory, key, reason):
    message = refusal(**directory)
    assert key in message
    assert reason in message


#: What else KAZOO's documents of these kinds have. Sources: schemas menus, devices; lists, users.
COPIED = {
    "menus": {"m": {"name": "Main", "retries": 3, "record_pin": "1234", "allow_record_from_offnet": False,
                    "hunt": True, "flags": [], "id": "m", "_rev": "1-a", "pvt_type": "menu"}},
    "temporal_rules": {"r": {"cycle": "weekly", "wdays": ["monday"], "flags": ["x"], "ui_metadata": {}}},
    "lists": {"l": {"name": "VIP", "description": "friends", "org": "us",
                    "entries": [{"id": "e", "list_id": "l", "number": "+1555", "firstname": "A"}]}},
    "users": {"u": {"first_name": "A", "username": "a", "password": "x", "priv_level": "user", "presence_id": "1",
                    "vm_to_email_enabled": True, "verified": True}},
    "devices": {"d": {"endpoint": "PJSIP/d", "owner_id": "u", "device_type": "softphone", "mac_address": "00",
                      "media": {"audio": {"codecs": ["PCMU"]}}, "mwi_unsolicited_updates": True,
                      "sip": {"method": "password", "username": "d", "password": "x", "invite_format": "contact",
                              "expire_seconds": 300, "custom_sip_headers": {"X-A": "b"}}}},
    "callflows": {"c": {"numbers": ["1"], "flow": HANGUP, "featurecode": {"name": "x"}}},
}  # fmt: skip


def test_documents_of_kazoos_can_be_copied_with_what_has_no_meaning_here():
    directory = config.build({"directory": COPIED}, "test.yaml").directory
    assert directory.devices["d"].owner == "u"
    assert directory.devices["d"].sip.custom_sip_headers == {"X-A": "b"}
    assert directory.lists["l"].entries[0].number == "+1555"


@pytest.mark.parametrize(
    "faulty",
    [
        {"menus": {"m": {"record_pins": "1"}}},
        {"users": {"u": {"user_name": "a"}}},
        {"devices": {"d": {"endpoint": "PJSIP/d", "sip": {"user": "d"}}}},
        {"groups": {"g": {"name": "G", "endpoint": []}}},
    ],
)
def test_what_no_document_has_is_refused(faulty):
    assert "is not a setting" in refusal(**faulty)


def test_everything_wrong_is_said_at_once():
    message = refusal(
        devices={
            "a": {"endpoint": "PJSIP/a", "owner": "x"},
            "b": {"endpoint": "PJSIP/b", "owner": "y"},
        }
    )
    assert "devices.a.owner" in message
    assert "devices.b.owner" in message


def test_it_may_be_a_file_of_its_own(tmp_path):
    (tmp_path / "people.yaml").write_text("users: {bob: {email: bob@example.com}}\n")
    (tmp_path / "ari_pivot.yaml").write_text("directory: people.yaml\n")
    loaded = config.load(tmp_path / "ari_pivot.yaml")
    assert loaded.directory.users["bob"].email == "bob@example.com"


def test_a_file_that_is_not_there_is_named(tmp_path):
    (tmp_path / "ari_pivot.yaml").write_text("directory: people.yaml\n")
    with pytest.raises(ConfigError, match=r"people\.yaml"):
        config.load(tmp_path / "ari_pivot.yaml")


def flows(**callflows):
    return ConfiguredDirectory(
        region="US",
        callflows={
            id_: {"flow": {"module": "tts", "data": {"text": id_}}} | one
            for id_, one in callflows.items()
        },
    )


def text(found):
    return found and found.flow.module.text


@pytest.mark.parametrize(
    ("number", "id_"),
    [
        ("100", "number"),
        ("+12125550100", "e164"),
        ("2125550100", "e164"),
        ("*97", "star"),
        ("*9712", "longer"),
        ("555", "rest"),
        ("+445551234567", "rest"),
        ("alice", None),
        ("*55", None),
        ("", None),
    ],
)
def test_a_callflow_is_found_by_number_then_pattern_then_for_all_others(number, id_):
    directory = flows(
        rest={"numbers": ["no_match"]},
        star={"patterns": [r"^\*9(\d)"]},
        longer={"patterns": [r"^\*9(\d\d+)$"]},
        number={"numbers": ["100"]},
        e164={"numbers": ["+12125550100"]},
    )
    assert text(directory.find(number)) == id_


@pytest.mark.parametrize(
    ("pattern", "capture", "captures"),
    [
        (r"^\*9(\d+)$", "123", {}),
        (r"^\*9(?P<one>\d)(?P<rest>\d+)$", "23", {"one": "1", "rest": "23"}),
        (r"^\*9(?<one>\d)", "1", {"one": "1"}),
        (r"^\*9\d+$", "*9123", {}),
        (r"^\*9123(x)?", "", {}),
    ],
)
def test_what_a_pattern_catches_is_the_calls_capture(pattern, capture, captures):
    found = flows(star={"patterns": [pattern]}).find("*9123")
    assert (found.capture, found.captures) == (capture, captures)


def test_a_number_among_those_of_the_callflow_for_all_others_is_still_for_all_others():
    assert flows(rest={"numbers": ["no_match", "100"]}).find("100").no_match
    assert not flows(mine={"numbers": ["100"]}).find("100").no_match


def test_the_documentations_examples_are_valid():
    page = (Path(__file__).parents[2] / "docs" / "kazoo.md").read_text("utf-8")
    first, *others = [
        config.build(yaml.safe_load(example), "kazoo.md")
        for example in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    ]
    assert others
    assert first.directory.find("*67200").capture == "200"
