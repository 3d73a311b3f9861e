"""How often a request is tried, and how long: the fragment of its URL, or the configuration."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_fakes import seconds
from web_fakes import Web, reply
from web_servers import raw, saying

from ari_pivot.errors import Code, WebError
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.hop import Request
from ari_pivot.web.signature import Keys
from ari_pivot.web.tries import IDEMPOTENCY_HEADER, Tries, send, tries

A = "http://a.example/voice"
REFUSED = WebError("refused", code=Code.CONNECTION, stage="ct")
LOST = WebError("broke off", code=Code.CONNECTION, stage="rt")
BROKEN = WebError("broke off within", code=Code.CONNECTION)
ALL = frozenset({"ct", "rt", "4xx", "5xx"})


class TestTheFragment:
    @pytest.mark.parametrize(
        ("fragment", "meant"),
        [
            ("", Tries()),
            ("chapter", Tries()),
            ("rc=2", Tries(2)),
            ("rc=0", Tries(0)),
            ("rc=6", Tries(5)),
            ("rc=-1", Tries()),
            ("rc=two&ct=&rt=1.5&tt=٣", Tries()),
            ("ct=2000&rt=3000&tt=4000", Tries(0, frozenset({"ct"}), 2, 3, 4)),
            ("ct=1&rt=1&tt=1", Tries(0, frozenset({"ct"}), 0.1, 0.1, 0.1)),
            ("ct=10001&rt=15001&tt=999999999", Tries(0, frozenset({"ct"}), 10, 15, 15)),
            ("rc=1&rp=5xx,rt", Tries(1, frozenset({"5xx", "rt"}))),
            ("rp=all", Tries(0, ALL)),
            ("rp=ct%2C4xx", Tries(0, frozenset({"ct", "4xx"}))),
            ("rp=nonsense&e=dublin&sni=y", Tries(0, frozenset())),
        ],
    )
    def test_says_it_within_its_ranges(self, fragment, meant):
        assert tries(f"{A}?rc=9#{fragment}") == meant

    def test_wins_over_the_configuration(self):
        assert tries(A, 3).retries == 3
        assert tries(A + "#rt=200", 3).retries == 3
        assert tries(A + "#rc=0", 3).retries == 0

    @settings(deadline=None)
    @given(st.text())
    def test_may_be_anything(self, fragment):
        meant = tries(f"{A}#{fragment}")
        assert 0 <= meant.retries <= 5
        assert meant.after <= ALL


@pytest.mark.virtual
class TestTrying:
    async def ask(self, answers, fragment="", **more):
        self.web = Web({A: answers})
        url = f"{A}#{fragment}"
        return await send(
            Client(self.web, Keys()), Outgoing("instructions", "POST", url, **more), tries(url)
        )

    async def fails(self, *args, **more):
        with pytest.raises(WebError) as caught:
            await self.ask(*args, **more)
        return caught.value

    @pytest.mark.parametrize(
        ("rp", "first"),
        [
            ("ct", REFUSED), ("rt", LOST), ("rt", 99.0), ("4xx", reply(404)), ("5xx", reply(503)),
            ("all", REFUSED), ("all", LOST), ("all", reply(429)), ("all", reply(500)),
        ],
    )  # fmt: skip
    async def test_is_done_again_after_what_is_named(self, rp, first):
        assert (await self.ask([first, reply()], f"rc=1&rt=1000&rp={rp}")).status == 200
        assert len(self.web.asked) == 2

    @pytest.mark.parametrize(
        ("rp", "first"),
        [("ct", LOST), ("rt", REFUSED), ("ct,rt,4xx", reply(500)), ("5xx", reply(404)),
         ("all", BROKEN), ("all", reply(204)), ("all", reply(304)),
         ("all", reply(302, Location="ftp://h/")),
         ("all", WebError("", code=Code.TOO_LARGE)), ("all", WebError("", code=Code.PROTOCOL))],
    )  # fmt: skip
    async def test_is_not_done_again_after_anything_else(self, rp, first):
        with suppress(WebError):
            await self.ask([first, reply()], f"rc=5&rp={rp}")
        assert len(self.web.asked) == 1

    async def test_is_not_done_again_unless_somebody_says_so(self):
        assert await self.fails([REFUSED]) is REFUSED
        assert len(self.web.asked) == 1

    async def test_ends_with_what_the_last_one_said(self):
        assert (await self.ask([reply(500), reply(503)], "rc=1&rp=5xx")).status == 503
        assert await self.fails([reply(500), LOST], "rc=1&rp=all") is LOST

    async def test_is_done_as_often_as_is_said(self):
        await self.fails([REFUSED], "rc=3")
        assert len(self.web.asked) == 4

    async def test_waits_a_moment_before_each(self):
        await self.fails([REFUSED], "rc=4")
        assert seconds() == 1

    async def test_keeps_to_one_time_for_all(self):
        await self.fails([99.0], "rc=5&rp=rt&rt=1000&tt=3000")
        assert seconds() == 3
        assert [request.read_timeout for request in self.web.asked] == [3, 1.75, 0.5]

    async def test_keeps_to_the_time_of_the_action_where_the_url_has_none(self):
        await self.fails([99.0], "rc=5&rp=rt", timeout=2.0)
        assert seconds() == 2
        assert len(self.web.asked) == 1

    async def test_carries_the_same_token_each_time_and_another_one_for_another_request(self):
        await self.fails([REFUSED], "rc=2")
        (token,) = {request.headers[IDEMPOTENCY_HEADER] for request in self.web.asked}
        await self.fails([REFUSED])
        assert self.web.asked[0].headers[IDEMPOTENCY_HEADER] != token

    async def test_hands_on_the_connect_timeout(self):
        await self.ask([reply()], "ct=700")
        assert self.web.asked[0].connect_timeout == 0.7

    async def test_never_sends_or_signs_the_fragment(self):
        await self.ask([reply()], "rc=1")
        assert self.web.lines == [f"POST {A}"]


class TestHowFarItCame:
    """What a real server does, and whether another try may follow."""

    async def stage(self, hop, url, **more):
        with pytest.raises(WebError) as caught:
            await hop(Request("GET", url, "instructions", **more))
        return caught.value.stage

    async def test_not_even_a_connection(self, hop_to, unused_tcp_port):
        async with hop_to("127.0.0.1", "nowhere.invalid") as hop:
            assert await self.stage(hop, f"http://127.0.0.1:{unused_tcp_port}/") == "ct"
            assert await self.stage(hop, "http://nowhere.invalid/") == "ct"

    async def test_no_byte_of_an_answer(self, hop_to):
        async with raw(saying(b"")) as url, hop_to("127.0.0.1") as hop:
            assert await self.stage(hop, url) == "rt"

    async def test_no_byte_in_time(self, hop_to):
        async def silent(reader, writer):
            await asyncio.Event().wait()

        async with raw(silent) as url, hop_to("127.0.0.1") as hop:
            assert await self.stage(hop, url, silence=0.05) == "rt"
            assert await self.stage(hop, url, read_timeout=0.05) == "rt"

    async def test_part_of_an_answer(self, hop_to):
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
        async with raw(saying(whole)) as url, hop_to("127.0.0.1") as hop:
            assert await self.stage(hop, url) == ""

    async def test_garbage(self, hop_to):
        async with raw(saying(b"\x00\x01\x02\r\n\r\n")) as url, hop_to("127.0.0.1") as hop:
            assert await self.stage(hop, url) == ""

    async def test_an_address_that_is_refused(self, hop_to):
        async with raw(saying(b"")) as url, hop_to() as hop:
            assert await self.stage(hop, url) == ""
