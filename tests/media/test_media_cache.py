"""What is kept of sounds, how long, and what goes wrong."""

import resource
from dataclasses import replace

import pytest
from media_fakes import AUDIO, HELLO, HOUR, NOON, ONE, TONE, World, reply, unreachable
from media_sounds import encoded, heard, pcm

from ari_pivot.call.source import Speech
from ari_pivot.errors import Code, MediaError
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
    for name in ("0" * 64 + ".part", "0" * 32 + ".json", "0" * 64 + "-once.ulaw"):
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


async def test_the_least_recently_used_goes_when_there_is_no_room(tmp_path):
    world = World(tmp_path, limits=Limits(cache_bytes=2 * ONE, hold=60))
    for word in ("one", "two"):
        await world.library.get(Speech(word))
    world.clock.now += 100
    two = await world.library.get(Speech("two"))
    three = await world.library.get(Speech("three"))
    assert sorted({name.partition(".")[0] for name in world.files}) == sorted(
        uri.rpartition("/")[2] for uri in (two, three)
    )
    await world.library.get(Speech("one"))
    assert world.voice.said == ["one", "two", "three", "one"]


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


# What goes wrong


async def test_a_folder_that_cannot_be_written_is_an_error_of_the_prompt(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    world = World(tmp_path / "file" / "sounds")
    with pytest.raises(MediaError, match=r"cannot write .*Not a directory") as raised:
        await world.library.get(HELLO)
    assert raised.value.code == Code.MEDIA_UNPLAYABLE


@pytest.fixture
def disk_of_1000_bytes():
    """Files end there, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("disk_of_1000_bytes")
async def test_a_full_disk_is_an_error_of_the_prompt_and_leaves_no_half_file(world):
    with pytest.raises(MediaError, match="cannot write") as raised:
        await world.library.get(HELLO)
    assert raised.value.code == Code.MEDIA_UNPLAYABLE
    assert world.files == []


async def test_a_page_instead_of_audio_is_an_error_that_names_the_url_without_secrets(world):
    world.web.replies = [reply(b"<html>", type="text/html")]
    with pytest.raises(MediaError) as raised:
        await world.library.get(AUDIO)
    assert str(raised.value) == (
        "http://web.example.com/hello.wav: text/html is not a type of audio"
    )


async def test_audio_that_cannot_be_decoded_is_an_error(world):
    world.web.replies = [reply(b"not audio at all", type="audio/mpeg")]
    with pytest.raises(MediaError) as raised:
        await world.library.get(AUDIO)
    assert raised.value.code == Code.MEDIA_UNPLAYABLE


async def test_audio_over_the_limits_is_an_error(tmp_path):
    world = World(tmp_path, limits=Limits(max_seconds=0.05))
    with pytest.raises(MediaError, match=r"longer than 0\.05 seconds"):
        await world.library.get(AUDIO)
    world = World(tmp_path, limits=Limits(max_bytes=100))
    with pytest.raises(MediaError, match="larger than 100 bytes"):
        await world.library.get(AUDIO)


async def test_speech_of_nothing_is_an_error(world):
    with pytest.raises(MediaError, match="tone: no text to speak") as raised:
        await world.library.get(replace(HELLO, text=" \x00\n"))
    assert raised.value.code == Code.SPEECH


async def test_an_engine_that_returns_no_audio_is_an_error(world):
    world.voice.wav = TONE[:44]
    with pytest.raises(MediaError, match="tone: no"):
        await world.library.get(HELLO)
