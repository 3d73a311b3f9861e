"""Virtual time: it jumps over waits, and stands still or walks where something real goes on."""

import asyncio
import socket
import threading

import pytest

from ari_pivot.simulator.clock import VirtualLoop, run

pytestmark = pytest.mark.virtual


async def test_time_begins_at_nothing_and_jumps_over_every_wait():
    loop = asyncio.get_running_loop()
    assert loop.time() == 0
    await asyncio.sleep(86_400)
    assert loop.time() == 86_400


async def test_who_waits_for_less_goes_first():
    order = []

    async def wait(seconds):
        await asyncio.sleep(seconds)
        order.append(seconds)

    await asyncio.gather(*map(wait, (3, 1, 2)))
    assert order == [1, 2, 3]


async def test_while_a_thread_works_no_time_goes_by():
    loop = asyncio.get_running_loop()
    alarm = asyncio.create_task(asyncio.sleep(0.001))
    hold = threading.Event()
    working = asyncio.create_task(asyncio.to_thread(hold.wait))
    for _ in range(10):
        await asyncio.sleep(0)
    loop.call_soon(hold.set)
    await working
    assert not alarm.done()
    await alarm
    assert loop.time() == pytest.approx(0.001)


async def test_while_something_outside_is_waited_for_time_does_not_jump():
    loop = asyncio.get_running_loop()
    alarm = asyncio.create_task(asyncio.sleep(3600))
    here, there = socket.socketpair()
    here.settimeout(0)
    with here, there, loop.real():
        threading.Timer(0.01, there.send, [b"x"]).start()
        assert await loop.sock_recv(here, 1) == b"x"
    assert not alarm.done()
    assert 0 < loop.time() < 3600
    alarm.cancel()


def test_a_coroutine_is_run_to_its_end_in_a_loop_of_its_own():
    async def main():
        await asyncio.sleep(60)
        return asyncio.get_running_loop()

    loop = run(main())
    assert isinstance(loop, VirtualLoop)
    assert loop.is_closed()
