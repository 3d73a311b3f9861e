"""Channels the Asterisk in memory makes itself, as a real 22.10.1 treats them."""

import asyncio

import pytest
from box import Box

pytestmark = pytest.mark.virtual

BOB = "PJSIP/+15550002222@trunk"


def box_with(**party):
    return Box(parties={"+15550002222": party})


async def create(box, endpoint=BOB, channel="leg", **params):
    return await box.do(
        "channels.create", channelId=channel, endpoint=endpoint, app="pivot", **params
    )


async def dial(box, timeout=30):
    await create(box)
    return await box.do("channels.dial", channelId="leg", timeout=timeout)


async def originate(box, channel="leg", **params):
    return await box.do(
        "channels.originateWithId", channelId=channel, endpoint=BOB, app="pivot", **params
    )


async def test_a_created_channel_comes_to_the_application_before_it_is_dialled():
    box = box_with(answer=True)
    status, answer = await create(box, appArgs="a,b", callerId='"Zed" <123>')
    await asyncio.sleep(0)
    assert (status, answer["state"]) == (200, "Down")
    assert answer["caller"] == {"name": "Zed", "number": "123"}
    (start,) = box.events
    assert (start.channel.id, start.channel.state, start.args) == ("leg", "Down", ["a", "b"])


async def test_who_answers_rings_first():
    box = box_with(ring=3, answer=True)
    assert await dial(box) == (204, None)
    await asyncio.sleep(4)
    assert box.told()[1:] == [
        "Dial",
        "ChannelStateChange Ringing",
        "Dial RINGING",
        "ChannelStateChange Up",
        "Dial ANSWER",
    ]
    (callee,) = box.dialled.dialled
    assert (callee.to, callee.dialled_at, callee.answered_at) == ("+15550002222", 0, 3)


async def test_who_has_talked_enough_hangs_up():
    box = box_with(answer=True, talk=10)
    await dial(box)
    await asyncio.sleep(11)
    assert box.told()[-3:] == ["ChannelHangupRequest 0 0", "StasisEnd", "ChannelDestroyed 16 0"]
    (callee,) = box.dialled.dialled
    assert (callee.ended_at, callee.cause, callee.sip, callee.hung_up) == (10, 16, 200, True)


@pytest.mark.parametrize(
    ("party", "cause", "sip"),
    [
        ({"busy": True}, 17, 486),
        ({"reject": True}, 21, 603),
        ({"reject": 403}, 21, 403),
        ({"fail": 404}, 1, 404),
        ({"fail": 480}, 19, 480),
        ({"fail": 503}, 34, 503),
        ({"fail": 500}, 38, 500),
        ({"fail": 415}, 127, 415),
    ],
)
async def test_who_refuses_is_gone_with_the_cause_of_the_sip_status(party, cause, sip):
    box = box_with(**party)
    await dial(box)
    await asyncio.sleep(0.1)
    assert box.told()[1:] == [
        "Dial",
        f"ChannelHangupRequest {cause} {sip}",
        "StasisEnd",
        f"ChannelDestroyed {cause} {sip}",
    ]
    (callee,) = box.dialled.dialled
    assert (callee.cause, callee.sip) == (cause, sip)


async def test_who_does_not_answer_in_time_is_given_up():
    box = box_with(no_answer=True)
    await dial(box, timeout=20)
    await asyncio.sleep(21)
    assert box.told()[-3:] == [
        "ChannelHangupRequest 32 soft 0",
        "StasisEnd",
        "ChannelDestroyed 19 480",
    ]
    assert box.dialled.dialled[0].ended_at == 20


async def test_who_is_cancelled_while_it_rings_is_told_so():
    box = box_with(no_answer=True)
    await dial(box)
    await asyncio.sleep(5)
    await box.do("channels.hangup", channelId="leg")
    await asyncio.sleep(0.1)
    assert box.told()[-1] == "ChannelDestroyed 16 0"
    assert (box.dialled.dialled[0].cause, box.dialled.dialled[0].sip) == (16, 487)


async def test_an_answered_leg_that_we_end_with_a_reason_says_it():
    box = box_with(answer=True)
    await dial(box)
    await asyncio.sleep(1)
    await box.do("channels.hangup", channelId="leg", reason="busy")
    await asyncio.sleep(0.1)
    assert box.told()[-1] == "ChannelDestroyed 17 486"


async def test_a_leg_takes_few_commands_before_it_rings():
    box = box_with(no_answer=True)
    await create(box)
    refused = (412, {"message": "Channel in invalid state"})
    for command in ("answer", "ring", "continueInDialplan"):
        assert await box.do(f"channels.{command}", channelId="leg") == refused
    play = {"channelId": "leg", "playbackId": "p", "media": "sound:beep"}
    assert await box.do("channels.playWithId", **play) == refused
    assert (await box.do("channels.hangup", channelId="leg"))[0] == 204


async def test_a_leg_is_dialled_once():
    box = box_with(ring=5, answer=True)
    await dial(box)
    await asyncio.sleep(0.1)
    refused = (409, {"message": "Channel is not in the 'Down' state"})
    assert await box.do("channels.dial", channelId="leg") == refused
    assert (await box.do("channels.dial", channelId="x"))[0] == 404


async def test_what_cannot_be_dialled_is_refused():
    box = Box(parties={})
    box.parties = lambda _: None
    assert await create(box) == (500, {"message": "Allocation failed"})
    assert await create(box, "nobody") == (400, {"message": "Invalid endpoint specified"})
    assert await create(box, "") == (400, {"message": "Endpoint must be specified"})
    no_app = await box.do("channels.create", channelId="x", endpoint=BOB)
    assert no_app == (400, {"message": "Application or extension must be specified"})


async def test_a_second_channel_of_one_id_is_refused():
    box = box_with(no_answer=True)
    await create(box)
    taken = (409, {"message": "Channel with given unique ID already exists"})
    assert await create(box) == taken
    assert await originate(box) == taken


async def test_an_originated_channel_comes_to_the_application_with_the_answer():
    box = box_with(ring=2, answer=True)
    status, answer = await originate(box, appArgs="x", variables={"A": "b"})
    assert (status, answer["state"]) == (200, "Down")
    assert box.channels["leg"].variables == {"A": "b"}
    await asyncio.sleep(3)
    assert box.told() == [
        "Dial",
        "ChannelStateChange Ringing",
        "Dial RINGING",
        "ChannelStateChange Up",
        "Dial ANSWER",
        "StasisStart",
    ]
    assert box.events[-1].args == ["x"]


async def test_an_originated_channel_that_is_busy_is_only_destroyed():
    box = box_with(ring=1, busy=True)
    await originate(box)
    await asyncio.sleep(2)
    assert box.told()[3:] == [
        "ChannelHangupRequest 17 486",
        "Dial BUSY",
        "ChannelDestroyed 17 486",
    ]


async def test_who_is_dialled_is_found_by_number_by_uri_and_by_name():
    busy = {"busy": True}
    box = Box(
        parties={"+1555": busy, "sip:bob@example.com": busy, "alice": busy, "Local/1@x": busy}
    )
    endpoints = ("PJSIP/+1555@trunk", "PJSIP/trunk/sip:bob@example.com", "PJSIP/alice", "Local/1@x",
                 "PJSIP/trunk/sip:+1555@10.0.0.1")  # fmt: skip
    found = [box.parties(endpoint).to for endpoint in endpoints]
    assert found == ["+1555", "sip:bob@example.com", "alice", "Local/1@x", "+1555"]


async def test_who_is_not_listed_has_no_number():
    box = Box(parties={})
    await dial(box)
    await asyncio.sleep(0.1)
    (callee,) = box.dialled.dialled
    assert (callee.to, callee.cause, callee.sip) == ("+15550002222", 1, 404)


async def test_caller_and_callee_are_together_when_both_are_in_a_bridge():
    box = box_with(ring=1, answer=True)
    _, caller = box.comes_in()
    await box.do("bridges.createWithId", bridgeId="b")
    await box.do("bridges.addChannel", bridgeId="b", channel=caller)
    await dial(box)
    await asyncio.sleep(2)
    await box.do("bridges.addChannel", bridgeId="b", channel="leg")
    assert box.dialled.dialled[0].bridged_at == 2
