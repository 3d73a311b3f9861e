"""A command and the link that carries it, which may be dead before anybody has noticed."""

import asyncio

import pytest

from ari_pivot.ari.client import Ari
from ari_pivot.ari.operations import ANSWER, CHANNEL, FILTER, PLAY, SEND_DTMF
from ari_pivot.errors import AsteriskUnavailable

pytestmark = pytest.mark.virtual


def seconds():
    return asyncio.get_running_loop().time()


class Link:
    """Fails so many times at once, then answers."""

    def __init__(self, failures=0):
        self.failures = failures
        self.asked = []

    async def request(self, operation, params):
        self.asked.append(operation.name)
        if len(self.asked) <= self.failures:
            raise AsteriskUnavailable("the connection was lost")
        return 200, '{"done": true}'


async def test_a_dead_link_blocks_nobody_while_its_loss_is_not_yet_noticed():
    ari, dead, alive = Ari(), Link(10**9), Link()
    ari.use(dead)
    asyncio.get_running_loop().call_later(1.05, ari.use, None)
    asyncio.get_running_loop().call_later(5, ari.use, alive)
    assert await ari.send(ANSWER, channelId="1") == {"done": True}
    assert seconds() == 5
    assert len(dead.asked) < 20


async def test_a_new_link_is_used_at_once():
    ari, dead, alive = Ari(), Link(10**9), Link()
    ari.use(dead)
    asyncio.get_running_loop().call_later(0.01, ari.use, alive)
    await ari.send(ANSWER, channelId="1")
    assert seconds() == 0.01


async def test_a_link_that_fails_for_ever_is_given_up_after_the_patience():
    ari = Ari(patience=5)
    ari.use(Link(10**9))
    with pytest.raises(AsteriskUnavailable, match="the connection was lost"):
        await ari.send(ANSWER, channelId="1")
    assert seconds() == pytest.approx(5, abs=0.2)


async def test_what_may_not_be_repeated_fails_at_once():
    ari, link = Ari(), Link(1)
    ari.use(link)
    with pytest.raises(AsteriskUnavailable):
        await ari.send(SEND_DTMF, channelId="1", dtmf="1")
    assert (seconds(), link.asked) == (0, ["channels.sendDTMF"])


async def test_a_command_waits_for_a_connection_that_is_yet_to_come():
    ari, link = Ari(), Link()
    asyncio.get_running_loop().call_later(9, ari.use, link)
    assert not ari.connected
    await ari.send(ANSWER, channelId="1")
    assert ari.connected
    assert seconds() == 9


class TestTheUriOfAnOperation:
    def test_has_its_ids_and_leaves_the_rest(self):
        path, rest = PLAY.uri({"channelId": "c", "playbackId": "p", "media": "m", "lang": None})
        assert (path, rest) == ("channels/c/play/p", {"media": "m"})

    @pytest.mark.parametrize(
        ("channel", "quoted"),
        [
            ("1700000000.12", "1700000000.12"),
            ("a/b?c#d&e=f", "a%2Fb%3Fc%23d%26e%3Df"),
            ("a b+c%d", "a%20b%2Bc%25d"),
            ("../applications", "..%2Fapplications"),
            ("{playbackId}", "%7BplaybackId%7D"),
            ("ü", "%C3%BC"),
        ],
    )
    def test_quotes_whatever_an_id_holds(self, channel, quoted):
        assert CHANNEL.uri({"channelId": channel}) == (f"channels/{quoted}", {})
        assert PLAY.uri({"channelId": channel, "playbackId": "p"})[0] == f"channels/{quoted}/play/p"

    def test_gives_a_body_that_is_one_parameter_alone(self):
        uri = FILTER.uri({"applicationName": "pivot", "filter": {"allowed": []}})
        assert uri == ("applications/pivot/eventFilter", {"allowed": []})
