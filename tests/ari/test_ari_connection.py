"""The connection to Asterisk, over real sockets, in virtual time."""

import asyncio

import pytest
from ari_asterisk import Asterisk, listening
from structlog.testing import capture_logs
from web_servers import ELSEWHERE, presenting, trusting

from ari_pivot.ari import events
from ari_pivot.ari.connection import Replaced
from ari_pivot.ari.operations import ANSWER, CHANNELS, HANGUP, PLAY, SEND_DTMF, SOUND
from ari_pivot.errors import AsteriskError, AsteriskUnavailable

pytestmark = pytest.mark.virtual

TRANSPORTS = pytest.mark.parametrize("modern", [True, False], ids=["websocket", "http"])
UNWANTED = (
    '{"disallowed": [{"type": "ChannelVarset"}, {"type": "ChannelDialplan"}, '
    '{"type": "ChannelConnectedLine"}, {"type": "ChannelCallerId"}]}'
)
FILTERED = f"PUT applications/pivot/eventFilter {UNWANTED}"


def seconds():
    return asyncio.get_running_loop().time()


@TRANSPORTS
async def test_commands_go_over_the_websocket_where_asterisk_takes_them(connected_to, modern):
    async with listening(Asterisk(modern=modern)) as asterisk, connected_to(asterisk) as line:
        await line.until(lambda: line.set_ups)
        await line.ari.send(
            PLAY, channelId="chan 1/2;x", playbackId="p-1", media="sound:a,b", lang=None
        )
        name = "websocket" if modern else "http"
        assert line.connection.transport == name
        assert asterisk.apps == ["pivot"]
        channel = "chan%201%2F2%3Bx" if modern else "chan+1%2F2%3Bx"
        assert asterisk.commands == [
            f"{name} {FILTERED}",
            f'{name} POST channels/{channel}/play/p-1 {{"media": "sound:a,b"}}',
        ]


@TRANSPORTS
async def test_answers_find_their_commands_in_any_order(connected_to, modern):
    async with listening(Asterisk(modern=modern)) as asterisk, connected_to(asterisk) as line:
        second_asked = asyncio.Event()

        async def first():
            await second_asked.wait()
            return 200, '"first"'

        async def second():
            second_asked.set()
            return 200, '"second"'

        asterisk.answers = {"POST channels/1/answer": first, "POST channels/2/answer": second}
        got = await asyncio.gather(*(line.ari.send(ANSWER, channelId=n) for n in "12"))
        assert got == ["first", "second"]


@TRANSPORTS
async def test_a_refusal_is_told_with_asterisks_words(connected_to, modern):
    async with listening(Asterisk(modern=modern)) as asterisk, connected_to(asterisk) as line:
        asterisk.answers["POST channels/1/answer"] = (404, '{"message": "Channel not found"}')
        with pytest.raises(AsteriskError) as caught:
            await line.ari.send(ANSWER, channelId="1")
        assert str(caught.value) == "channels.answer: Channel not found"
        assert caught.value.status == 404


@pytest.mark.parametrize("body", ["", "<html>", "[]", '"x"', "null", "{}"])
async def test_a_refusal_without_words_is_told_all_the_same(connected_to, body):
    async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
        asterisk.answers["POST channels/1/answer"] = (500, body)
        with pytest.raises(AsteriskError) as caught:
            await line.ari.send(ANSWER, channelId="1")
        assert caught.value.status == 500


async def test_events_are_told_in_their_order_and_unreadable_ones_passed_over(connected_to):
    async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
        await line.until(lambda: line.set_ups)
        channel = {"id": "c"}
        with capture_logs() as logs:
            await asterisk.tell(type="StasisStart", channel=channel, args=[])
            for unreadable in ("{", "[]", '{"type": 1}', '{"type": "StasisEnd"}', "{}", "null"):
                await asterisk.say(unreadable)
            await asterisk.tell(type="NeverHeardOf", channel=channel)
            await asterisk.tell(type="StasisEnd", channel=channel)
            await line.until(lambda: type((line.events or [None])[-1]) is events.StasisEnd)
        kinds = [type(event) for event in line.events]
        assert kinds[0] is events.StasisStart
        assert kinds[-1] is events.StasisEnd
        assert set(kinds[1:-1]) == {events.Unknown}
        assert {entry["event"] for entry in logs} == {"asterisk.unreadable"}
        assert len(asterisk.sockets) == 1


async def test_tls_is_checked_against_the_authority_that_is_trusted(connected_to):
    async with (
        listening(Asterisk(), tls=presenting("127.0.0.1")) as asterisk,
        connected_to(asterisk, tls=trusting()) as line,
    ):
        await line.until(lambda: line.set_ups)
        assert asterisk.url.startswith("https:")


async def test_a_certificate_that_proves_nothing_is_not_talked_to(connected_to):
    certificate = presenting("127.0.0.1", by=ELSEWHERE)
    with capture_logs() as logs:
        async with (
            listening(Asterisk(), tls=certificate) as asterisk,
            connected_to(asterisk, tls=trusting()),
        ):
            await asyncio.sleep(1)
            assert asterisk.apps == []
    assert "certificate verify failed" in logs[0]["reason"]


async def test_a_certificate_need_not_be_checked(connected_to):
    certificate = presenting("other.example.com", by=ELSEWHERE)
    async with (
        listening(Asterisk(), tls=certificate) as asterisk,
        connected_to(asterisk, tls=False) as line,
    ):
        await line.until(lambda: line.set_ups)


@TRANSPORTS
async def test_ipv6_is_an_address_like_any_other(connected_to, modern):
    async with (
        listening(Asterisk(modern=modern), host="::1") as asterisk,
        connected_to(asterisk) as line,
    ):
        await line.until(lambda: line.set_ups)
        await line.ari.send(ANSWER, channelId="1")


@TRANSPORTS
@pytest.mark.parametrize("suffix", ["", "/", "/ari", "/ari/"])
async def test_the_url_may_name_the_path_or_not(connected_to, modern, suffix):
    async with listening(Asterisk(modern=modern)) as asterisk:
        asterisk.url += suffix
        async with connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)


@TRANSPORTS
@pytest.mark.parametrize("password", ["a&b=c#d%20%zz:e/f?g", "pässwörd ☎", '"\\', " "])
async def test_a_password_may_hold_anything(connected_to, modern, password):
    async with (
        listening(Asterisk(modern=modern, user="pi-vot", password=password)) as asterisk,
        connected_to(asterisk, user="pi-vot", password=password) as line,
    ):
        await line.until(lambda: line.set_ups)
        await line.ari.send(ANSWER, channelId="1")


async def test_a_wrong_password_is_said_and_tried_again(connected_to):
    with capture_logs() as logs:
        async with (
            listening(Asterisk(password="other")) as asterisk,
            connected_to(asterisk, password="wrong") as line,
        ):
            await asyncio.sleep(60)
            asterisk.who = "pivot:wrong"
            await line.until(lambda: line.set_ups)
    assert "user or password refused (401)" in logs[0]["reason"]
    assert "wrong" not in str(logs)
    assert len([entry for entry in logs if entry["event"] == "asterisk.lost"]) < 60


class TestALostConnection:
    @TRANSPORTS
    @pytest.mark.parametrize("how", ["close", "cut"])
    async def test_is_made_again_and_set_up_again(self, connected_to, modern, how):
        async with listening(Asterisk(modern=modern)) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups == 1)
            if how == "cut":
                asterisk.cut()
            else:
                await asterisk.close()
            await line.until(lambda: line.set_ups == 2)
            filters = [command for command in asterisk.commands if "eventFilter" in command]
            assert len(filters) == 2
            assert line.ari.connected

    async def test_is_noticed_when_the_other_side_falls_silent(self, connected_to):
        async with listening(Asterisk()) as asterisk:
            asterisk.deaf = True
            async with connected_to(asterisk) as line:
                await asterisk.connected()
                began = seconds()
                asterisk.deaf = False
                await line.until(lambda: line.set_ups)
                assert 10 <= seconds() - began <= 25

    async def test_holds_commands_until_it_is_back(self, connected_to):
        asterisk = Asterisk()
        async with listening(asterisk):
            pass
        port = int(asterisk.url.rpartition(":")[2])
        async with connected_to(asterisk) as line:
            waiting = asyncio.create_task(line.ari.send(ANSWER, channelId="1"))
            await asyncio.sleep(20)
            assert not waiting.done()
            async with listening(asterisk, port=port):
                await waiting
                assert "websocket POST channels/1/answer {}" in asterisk.commands

    async def test_that_does_not_come_back_fails_commands_after_their_patience(self, connected_to):
        async with connected_to(Asterisk()) as line:
            with pytest.raises(AsteriskUnavailable, match="not connected"):
                await line.ari.send(ANSWER, channelId="1")
            assert seconds() == pytest.approx(30, abs=0.1)

    async def test_repeats_the_command_it_was_lost_under(self, connected_to):
        async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)

            async def die():
                asterisk.answers.clear()
                asterisk.cut()
                return 204, ""

            asterisk.answers["POST channels/1/answer"] = die
            await line.ari.send(ANSWER, channelId="1")
            assert asterisk.commands.count("websocket POST channels/1/answer {}") == 2

    async def test_does_not_repeat_what_would_be_done_twice(self, connected_to):
        async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)

            async def die():
                asterisk.cut()
                return 204, ""

            asterisk.answers["POST channels/1/dtmf"] = die
            with pytest.raises(AsteriskUnavailable):
                await line.ari.send(SEND_DTMF, channelId="1", dtmf="1")
            await line.until(lambda: line.set_ups == 2)
            assert len([c for c in asterisk.commands if "dtmf" in c]) == 1

    async def test_takes_the_refusal_of_a_second_try_for_the_success_of_the_first(
        self, connected_to
    ):
        async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)

            async def die():
                asterisk.answers["POST channels/1/answer"] = (409, '{"message": "exists"}')
                asterisk.cut()
                return 204, ""

            asterisk.answers["POST channels/1/answer"] = die
            assert await line.ari.send(ANSWER, channelId="1") is None
            with pytest.raises(AsteriskError, match="exists"):
                await line.ari.send(ANSWER, channelId="1")

    @pytest.mark.parametrize(("found", "times"), [((200, "{}"), 1), ((404, "{}"), 2)])
    async def test_does_not_play_twice_what_already_plays(self, connected_to, found, times):
        async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)

            async def die():
                asterisk.answers = {"GET playbacks/p": found}
                asterisk.cut()
                return 201, "{}"

            asterisk.answers["POST channels/1/play/p"] = die
            await line.ari.send(PLAY, channelId="1", playbackId="p", media="sound:a")
            assert len([c for c in asterisk.commands if "/play/" in c]) == times

    async def test_is_not_made_again_when_another_program_has_our_name(self, connected_to):
        async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)
            await asterisk.tell(type="ApplicationReplaced", application="another")
            await asterisk.tell(type="ApplicationReplaced", application="pivot")
            with pytest.raises(Replaced):
                await line.task
            assert not line.ari.connected


async def test_a_command_that_is_not_answered_is_given_up(connected_to):
    async with listening(Asterisk()) as asterisk, connected_to(asterisk) as line:
        await line.until(lambda: line.set_ups)
        began = seconds()
        asterisk.answers["POST channels/1/answer"] = asyncio.Event().wait
        with pytest.raises(AsteriskUnavailable, match="no answer"):
            await line.ari.send(ANSWER, channelId="1")
        assert seconds() - began == pytest.approx(10, abs=0.1)


class TestOverHttp:
    """An Asterisk without REST over WebSocket."""

    async def test_what_it_has_not_is_an_error_and_no_crash(self, connected_to):
        async with listening(Asterisk(modern=False)) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)
            with pytest.raises(AsteriskError, match=r"has no sounds\.get") as caught:
                await line.ari.send(SOUND, soundId="a")
            assert caught.value.status == 501
            with pytest.raises(AsteriskError, match="has no between"):
                await line.ari.send(SEND_DTMF, channelId="1", dtmf="1", between=100)

    async def test_causes_are_said_by_name(self, connected_to):
        async with listening(Asterisk(modern=False)) as asterisk, connected_to(asterisk) as line:
            await line.ari.send(HANGUP, channelId="1", reason_code="17")
            assert asterisk.commands[-1] == 'http DELETE channels/1 {"reason": "busy"}'

    async def test_lists_are_lists(self, connected_to):
        async with listening(Asterisk(modern=False)) as asterisk, connected_to(asterisk) as line:
            asterisk.answers["GET channels"] = (200, '[{"id": "1"}]')
            assert await line.ari.send(CHANNELS) == [{"id": "1"}]

    @pytest.mark.parametrize("documents", ["", "{", "[]", "null", "{}", '{"apis": [{}]}'])
    async def test_documents_that_cannot_be_read_are_said_and_tried_again(
        self, connected_to, documents
    ):
        with capture_logs() as logs:
            async with listening(Asterisk(modern=False)) as asterisk:
                asterisk.documents = documents
                async with connected_to(asterisk) as line:
                    await asterisk.connected(3)
                    asterisk.documents = None
                    await line.until(lambda: line.set_ups)
        assert "API documents cannot be read" in logs[0]["reason"]

    async def test_a_command_may_fail_on_a_connection_that_stands(self, connected_to):
        async with listening(Asterisk(modern=False)) as asterisk, connected_to(asterisk) as line:
            await line.until(lambda: line.set_ups)

            async def cut_once():
                asterisk.answers.clear()
                raise asyncio.CancelledError

            asterisk.answers["POST channels/1/answer"] = cut_once
            await line.ari.send(ANSWER, channelId="1")
            assert len([c for c in asterisk.commands if "answer" in c]) == 2
            assert line.set_ups == 1
