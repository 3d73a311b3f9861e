"""The media library: one way to a sound, made once."""

import asyncio

import pytest
from media_fakes import AUDIO, HELLO, Voice, Web, World, reply, settle, unreachable
from media_sounds import heard

from ari_pivot.call.source import Audio, Prompt, Recorded, Speech, Tone
from ari_pivot.errors import Code, ConfigError, MediaError
from ari_pivot.media.library import MediaLibrary

# What a source becomes


async def test_a_prompt_and_a_tone_are_asterisks_own(world):
    assert await world.library.get(Prompt("digits/1")) == "sound:digits/1"
    assert await world.library.get(Tone("480+620/500,0/500")) == "tone:480+620/500,0/500"
    assert await world.library.get(Tone("busy;tonezone=de")) == "tone:busy;tonezone=de"


BAD_PROMPTS = [
    "",
    "../x",
    "a/../b",
    "a..b",
    "/etc/passwd",
    "a,b",
    "a\nb",
    "a\n",
    "http://x.test/a",
    "a//b",
]


@pytest.mark.parametrize("name", BAD_PROMPTS)
async def test_a_prompt_that_is_more_than_a_name_is_refused(world, name):
    with pytest.raises(MediaError) as raised:
        await world.library.get(Prompt(name))
    assert (raised.value.code, raised.value.where) == (Code.MEDIA_UNPLAYABLE, name)


@pytest.mark.parametrize("spec", ["", "busy\n", "a b", "tone:busy", "é"])
async def test_a_tone_that_is_more_than_a_tone_is_refused(world, spec):
    with pytest.raises(MediaError):
        await world.library.get(Tone(spec))


async def test_speech_is_a_file_in_the_shared_folder_in_two_formats(world):
    uri = await world.library.get(HELLO)
    key = uri.removeprefix("sound:/sounds/")
    assert world.files == [f"{key}.sln16", f"{key}.ulaw"]
    for suffix in ("ulaw", "sln16"):
        path = world.folder / f"{key}.{suffix}"
        assert heard(path.read_bytes(), suffix) == (pytest.approx(0.1), 440)
        assert path.stat().st_mode & 0o777 == 0o644


async def test_without_a_shared_folder_asterisk_fetches_a_wav_from_us(tmp_path):
    world = World(tmp_path, base_url="http://127.0.0.1:8080/")
    uri = await world.library.get(AUDIO)
    name = uri.removeprefix("sound:http://127.0.0.1:8080/media/")
    path = world.library.file(name)
    assert path == tmp_path / name
    assert heard(path.read_bytes(), "wav") == (pytest.approx(0.1), 440)
    assert world.library.describe(uri) == AUDIO


async def test_only_sounds_of_ours_are_handed_out_over_http(tmp_path):
    world = World(tmp_path, base_url="http://127.0.0.1:8080")
    key = (await world.library.get(AUDIO)).rpartition("/")[2].removesuffix(".wav")
    (tmp_path / "secret.wav").write_bytes(b"x")
    for name in (f"{key}.ulaw", f"{key[:32]}.json", key, "secret.wav", f"../{key}.wav", ""):
        assert world.library.file(name) is None


async def test_a_library_asterisk_cannot_reach_is_not_made(tmp_path):
    with pytest.raises(ConfigError, match="our folder, or reach our HTTP"):
        MediaLibrary(tmp_path, speech=Voice(), fetch=Web([reply()]))


async def test_every_uri_tells_what_it_is(world):
    for source in (HELLO, AUDIO, Prompt("vm-goodbye"), Tone("busy"), Recorded("x-1")):
        assert world.library.describe(await world.library.get(source)) == source
    assert world.library.describe("sound:/sounds/unknown") is None
    assert world.library.describe("recording:../x") is None


async def test_two_urls_of_one_content_stay_two_sounds(world):
    other = Audio("http://web.example.com/other.wav")
    first, second = await world.library.get(AUDIO), await world.library.get(other)
    assert first != second
    assert world.library.describe(second) == other


# Made once


async def test_the_same_speech_is_spoken_once(world):
    assert await world.library.get(HELLO) == await world.library.get(Speech("Hello"))
    assert world.voice.said == ["Hello"]


async def test_space_around_and_within_words_is_nothing_new_to_say(world):
    assert await world.library.get(HELLO) == await world.library.get(Speech("\n  Hello\x07 "))
    assert world.voice.said == ["Hello"]


async def test_everything_that_changes_the_sound_makes_another(world):
    uris = {await world.library.get(s) for s in (HELLO, Speech("Bye"), Speech("Hello", "man"))}
    world.voice.version = "2"
    world.restart()
    uris.add(await world.library.get(HELLO))
    assert len(uris) == 4


async def test_who_ask_together_are_answered_by_one_fetch(world):
    world.web.open.clear()
    asking = [asyncio.create_task(world.library.get(AUDIO)) for _ in range(5)]
    await asyncio.sleep(0)
    world.web.open.set()
    assert len(set(await asyncio.gather(*asking))) == 1
    assert len(world.web.requests) == 1


async def test_a_caller_who_hangs_up_does_not_take_the_sound_from_the_others(world):
    world.web.open.clear()
    gone, waiting = (asyncio.create_task(world.library.get(AUDIO)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait([gone])
    world.web.open.set()
    assert (await waiting).startswith("sound:/sounds/")
    assert gone.cancelled()
    assert len(world.web.requests) == 1


async def test_all_who_wait_hear_of_the_failure(world):
    world.web.replies = [reply(status=404)]
    asking = [world.library.get(AUDIO) for _ in range(3)]
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert [str(error) for error in outcomes] == [
        "http://web.example.com/hello.wav: answered 404"
    ] * 3
    assert len(world.web.requests) == 1


async def test_after_a_failure_the_next_asks_again(world):
    world.web.replies = [reply(status=404), reply()]
    with pytest.raises(MediaError):
        await world.library.get(AUDIO)
    assert (await world.library.get(AUDIO)).startswith("sound:")


# Prepared


async def test_what_was_prepared_is_there_when_it_is_wanted(world):
    world.library.prepare(AUDIO)
    await settle()
    assert len(world.web.requests) == 1
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 1


async def test_what_was_prepared_serves_once_though_it_may_not_be_reused(world):
    world.web.replies = [reply(Cache_Control="no-store")]
    for _ in range(2):
        world.library.prepare(AUDIO)
        await settle()
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 1
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 2


async def test_what_was_prepared_long_ago_is_asked_for_again(world):
    world.web.replies = [reply(Cache_Control="no-cache")]
    world.library.prepare(AUDIO)
    await settle()
    world.clock.now += 61
    await world.library.get(AUDIO)
    assert len(world.web.requests) == 2


async def test_a_failure_while_preparing_is_told_by_get_once(world):
    world.web.replies = [unreachable(), reply()]
    world.library.prepare(AUDIO)
    await settle()
    with pytest.raises(MediaError, match="connection refused"):
        await world.library.get(AUDIO)
    assert len(world.web.requests) == 1
    assert (await world.library.get(AUDIO)).startswith("sound:")


async def test_preparing_and_getting_at_once_is_one_fetch(world):
    world.web.open.clear()
    world.library.prepare(AUDIO)
    getting = asyncio.create_task(world.library.get(AUDIO))
    await asyncio.sleep(0)
    world.web.open.set()
    await getting
    assert len(world.web.requests) == 1


async def test_what_asterisk_has_needs_no_preparing(world):
    world.library.prepare(Prompt("beep"))
    world.library.prepare(Prompt("../x"))
    assert not world.folder.exists()


async def test_closing_gives_up_what_is_under_way(world):
    world.web.open.clear()
    getting = asyncio.create_task(world.library.get(AUDIO))
    world.library.prepare(HELLO)
    await asyncio.sleep(0)
    await world.library.close()
    with pytest.raises(asyncio.CancelledError):
        await getting
