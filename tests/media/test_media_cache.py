"""What is kept of sounds, and how long."""

import asyncio

from media_fakes import AUDIO, HELLO, HOUR, NOON, ONE, World, reply, unreachable
from media_sounds import encoded, heard, pcm

from ari_pivot.call.source import Speech
from ari_pivot.media.maker import Limits

# Kept as long as HTTP allows


async def test_a_fresh_audio_is_not_asked_for_again(world):
    await world.library.get(AUDIO)
    world.clock.now += 3599
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 1
    world.clock.now += 1
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 2


async def test_an_unchanged_audio_is_neither_sent_nor_converted_again(world):
    world.web.replies = [reply(ETag='"1"'), reply(b"", 304, "")]
    first = await world.library.get(AUDIO)
    assert await world.library.get(AUDIO) == first
    assert world.web.requests[1][1]["If-None-Match"] == '"1"'


async def test_a_changed_audio_is_a_new_file_and_the_old_one_can_be_played_to_its_end(world):
    world.web.replies = [reply(), reply(encoded("wav", "pcm_s16le", pcm(700, 0.1)))]
    first, second = await world.library.get(AUDIO), await world.library.get(AUDIO)
    assert first != second
    assert len(world.files) == 5
    assert world.library.describe(first) == world.library.describe(second) == AUDIO


async def test_the_old_audio_is_played_while_its_server_is_away(world):
    world.web.replies = [reply(ETag='"1"'), unreachable()]
    first = await world.library.get(AUDIO)
    assert await world.library.get(AUDIO) == first
    world.clock.now += 29
    assert await world.library.get(AUDIO) == first
    assert len(world.web.requests) == 2
    world.clock.now += 2
    assert await world.library.get(AUDIO) == first
    assert len(world.web.requests) == 3


async def test_an_audio_that_may_not_be_stored_is_gone_after_its_use(tmp_path):
    world = World(tmp_path, reply(Cache_Control="no-store"), limits=Limits(hold=60))
    await world.library.get(AUDIO)
    assert len(world.files) == 2
    world.clock.now += 61
    await world.library.get(HELLO)
    assert len(world.files) == 2
    assert world.library.describe(await world.library.get(HELLO)) == HELLO


async def test_audio_without_a_header_is_known_by_its_type(world):
    world.web.replies = [reply(encoded("mulaw", "pcm_mulaw"), type="audio/basic")]
    key = (await world.library.get(AUDIO)).rpartition("/")[2]
    assert heard((world.folder / f"{key}.ulaw").read_bytes(), "ulaw") == (1.0, 440)


async def test_the_same_bytes_of_another_type_are_another_sound(world):
    body = bytes(range(256))
    world.web.replies = [reply(body, type=f"audio/{name}") for name in ("ulaw", "x-alaw")]
    assert await world.library.get(AUDIO) != await world.library.get(AUDIO)


# Found again


async def test_after_a_restart_nothing_is_spoken_or_fetched_again(world):
    before = [await world.library.get(HELLO), await world.library.get(AUDIO)]
    world.restart()
    assert [await world.library.get(HELLO), await world.library.get(AUDIO)] == before
    assert world.voice.said == ["Hello"]
    assert len(world.web.requests) == 1


async def test_after_a_restart_an_old_audio_is_asked_for_conditionally(world):
    world.web.replies = [reply(ETag='"1"', **HOUR), reply(b"", 304, "")]
    before = await world.library.get(AUDIO)
    world.clock.now += 4000
    world.restart()
    assert await world.library.get(AUDIO) == before
    assert world.web.requests[1][1]["If-None-Match"] == '"1"'


async def test_after_a_restart_half_a_sound_and_leftovers_are_gone(world):
    key = (await world.library.get(HELLO)).rpartition("/")[2]
    (world.folder / f"{key}.sln16").unlink()
    once = "0" * 64 + "-once"
    for name in ("0" * 64 + ".part", "0" * 32 + ".json", f"{once}.ulaw", f"{once}.sln16"):
        (world.folder / name).write_bytes(b"x")
    (world.folder / "somebody-elses.wav").write_bytes(b"x")
    world.restart()
    assert world.files == ["somebody-elses.wav"]
    await world.library.get(HELLO)
    assert world.voice.said == ["Hello", "Hello"]


async def test_an_empty_file_after_a_power_cut_is_made_again(world):
    key = (await world.library.get(HELLO)).rpartition("/")[2]
    (world.folder / f"{key}.ulaw").write_bytes(b"")
    world.restart()
    await world.library.get(HELLO)
    assert (world.folder / f"{key}.ulaw").stat().st_size == 800


async def test_a_note_that_cannot_be_read_only_costs_a_fetch(world):
    uri = await world.library.get(AUDIO)
    note = uri.rpartition("/")[2][:32] + ".json"
    (world.folder / note).write_text('{"key": 5}')
    world.restart()
    assert await world.library.get(AUDIO) == uri
    assert len(world.web.requests) == 2


# Bounded


async def test_the_least_recently_used_goes_when_there_is_no_room_and_no_more_than_needed(tmp_path):
    world = World(tmp_path, limits=Limits(cache_bytes=3 * ONE, hold=60))
    for word in ("one", "two", "three"):
        await world.library.get(Speech(word))
    world.clock.now += 100
    for word in ("one", "four"):
        await world.library.get(Speech(word))
    assert len(world.files) == 6
    for word in ("one", "three", "four", "two"):
        await world.library.get(Speech(word))
    assert world.voice.said == ["one", "two", "three", "four", "two"]


async def test_one_sound_made_twice_at_once_counts_once(tmp_path):
    world = World(tmp_path, limits=Limits(cache_bytes=2 * ONE, hold=60))
    await asyncio.gather(*map(world.library.get, (HELLO, Speech(" Hello "))))
    world.clock.now += 61
    await world.library.get(Speech("two"))
    assert len(world.files) == 4


async def test_when_an_old_version_goes_the_new_one_is_still_known(tmp_path):
    changed = reply(encoded("wav", "pcm_s16le", pcm(700, 0.1)), ETag='"2"', **HOUR)
    world = World(tmp_path, reply(), changed, limits=Limits(cache_bytes=2 * ONE, hold=60))
    for source in (AUDIO, AUDIO, HELLO):
        await world.library.get(source)
        world.clock.now += 61
    assert len([name for name in world.files if name.endswith(".ulaw")]) == 2
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 2
    world.clock.now += 3600
    await world.library.get(AUDIO)
    assert world.web.requests[2][1]["If-None-Match"] == '"2"'


async def test_what_was_handed_out_lately_stays_though_there_is_no_room(tmp_path):
    world = World(tmp_path, limits=Limits(cache_bytes=ONE, hold=60))
    for word in ("one", "two", "three"):
        await world.library.get(Speech(word))
    assert len(world.files) == 6
    world.clock.now += 61
    await world.library.get(Speech("four"))
    assert len(world.files) == 2


async def test_the_note_of_an_audio_goes_with_it(tmp_path):
    world = World(tmp_path, limits=Limits(cache_bytes=ONE, hold=60))
    await world.library.get(AUDIO)
    world.clock.now += 61
    await world.library.get(HELLO)
    assert not [name for name in world.files if name.endswith(".json")]
    assert len(world.files) == 2


async def test_files_of_an_earlier_run_count(tmp_path):
    limits = Limits(cache_bytes=ONE, hold=60)
    world = World(tmp_path, limits=limits)
    await world.library.get(Speech("one"))
    world.restart()
    world.clock.now += 2 * NOON  # their times are the disk's own
    await world.library.get(Speech("two"))
    assert len(world.files) == 2
