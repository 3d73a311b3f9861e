"""A telephone that puts its call on hold and takes it back, with a re-INVITE as telephones do."""

import pytest
from test_connection_lost import script
from test_real_sip_callee import carol, pytestmark  # noqa: F401 - a fixture, and what it needs


@pytest.mark.parametrize("carol", ["holds.xml"], indirect=True)
async def test_webhooks_are_told_of_it(stage, carol):  # noqa: F811 - the fixture
    uri = f"sip:carol@127.0.0.1:{carol[0]}"
    acts = script(f"<Response><Dial><Sip>{uri}</Sip></Dial></Response>", hook={"status": 204})
    hook = stage.web.add("hooks", acts)["web"][-1]["url"]
    hooks = [{"hook": ["channel_hold", "channel_unhold", "channel_bridge"], "uri": hook}]
    await stage.open({"1000": acts}, directory={"sip": "PJSIP/sipp/{uri}"}, webhooks=hooks)

    outcome = await stage.outcome("1000", await stage.call("1000", acts))

    bridge, hold, unhold = (one.params for one in stage.web.asked["hooks"])
    assert (hold["hook_event"], unhold["hook_event"]) == ("channel_hold", "channel_unhold")
    for told in (hold, unhold):
        assert told["call_id"] == bridge["other_leg_call_id"]
        assert told["other_leg_call_id"] == bridge["call_id"]
        assert (told["call_direction"], told["to"]) == ("outbound", uri)
    assert int(unhold["timestamp"]) - int(hold["timestamp"]) in {1, 2}
    assert outcome.problems == []
