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


async def test_what_is_for_threads_takes_no_time_and_is_done_in_its_order():
    loop = asyncio.get_running_loop()
    done = []
    holds = threading.Event()
    work = [asyncio.to_thread(holds.wait, 0.01), asyncio.to_thread(done.append, 2)]
    await asyncio.gather(asyncio.to_thread(done.append, 1), *work)
    assert (done, loop.time()) == ([1, 2], 0)


async def test_what_goes_wrong_there_is_told_to_who_waits_for_it():
    with pytest.raises(ValueError, match="invalid literal"):
        await asyncio.to_thread(int, "x")


async def test_while_a_thread_works_beside_something_outside_no_time_is_jumped_over():
    loop = asyncio.get_running_loop()
    alarm = asyncio.create_task(asyncio.sleep(3600))
    hold = threading.Event()
    with loop.real():
        working = asyncio.create_task(asyncio.to_thread(hold.wait))
        await asyncio.sleep(0)
    loop.call_soon(hold.set)
    await working
    assert not alarm.done()
    alarm.cancel()


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
