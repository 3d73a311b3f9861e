"""What goes wrong with a prompt is an error of that prompt."""

import resource
from contextlib import contextmanager
from dataclasses import replace

import pytest
from media_fakes import AUDIO, HELLO, TONE, World, reply

from ari_pivot.errors import Code, MediaError
from ari_pivot.media.maker import Limits


async def test_a_folder_that_cannot_be_written_is_an_error_of_the_prompt(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    world = World(tmp_path / "file" / "sounds")
    with pytest.raises(MediaError, match=r"cannot write .*Not a directory") as raised:
        await world.library.get(HELLO)
    assert raised.value.code == Code.MEDIA_UNPLAYABLE


@contextmanager
def a_disk_of_1000_bytes():
    """Files end there, as on a disk that is full; the tests' own output is not under way then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_an_error_of_the_prompt_and_leaves_no_half_file(world):
    with a_disk_of_1000_bytes(), pytest.raises(MediaError, match="cannot write") as raised:
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
