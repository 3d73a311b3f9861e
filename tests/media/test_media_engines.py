"""Speech engines that come by configuration."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from media_fakes import TONE, unreachable

from ari_pivot.call.source import Speech
from ari_pivot.errors import Code, MediaError
from ari_pivot.media.engines import OpenAiSpeech, Piper
from ari_pivot.media.fetch import Fetched

HELLO = Speech("Hello & <you>", voice="woman", language="de-DE")


class Server:
    """A speech server that remembers what it was asked for."""

    def __init__(self):
        self.asked, self.keys, self.status = [], [], 200

    async def speak(self, request):
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization"))
        return web.Response(body=TONE, content_type="audio/wav", status=self.status)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    application = web.Application()
    application.router.add_post("/v1/audio/speech", server.speak)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield server
    await runner.cleanup()


@pytest.fixture
async def post():
    async with aiohttp.ClientSession() as session:

        async def post(url, headers, body):
            async with session.post(url, headers=headers, data=body) as answer:
                content = await answer.read()
                return Fetched(answer.status, answer.headers, content, str(answer.url))

        yield post


async def test_a_speech_server_is_asked_for_a_wav(server, post):
    engine = OpenAiSpeech(post, server.url, model="tts-1", voice="alloy", api_key="k", speed=1.2)
    assert await engine.synthesise(HELLO) == TONE
    assert server.asked == [
        {
            "model": "tts-1",
            "input": "Hello & <you>",
            "voice": "alloy",
            "speed": 1.2,
            "response_format": "wav",
        }
    ]
    assert server.keys == ["Bearer k"]


async def test_a_speech_server_without_a_key_is_sent_none(server, post):
    await OpenAiSpeech(post, server.url, model="tts-1", voice="alloy").synthesise(HELLO)
    assert server.keys == [None]


@pytest.mark.parametrize(
    ("voices", "chosen"),
    [
        ({}, "alloy"),
        ({"man": "onyx"}, "alloy"),
        ({"man": "onyx", "woman": "nova"}, "nova"),
        ({"woman": "nova", "de": "fable"}, "nova"),
        ({"de": "fable", "man": "onyx"}, "fable"),
        ({"de": "fable", "de-DE": "echo"}, "echo"),
    ],
)
async def test_the_voice_is_chosen_by_name_language_or_sex(server, post, voices, chosen):
    engine = OpenAiSpeech(post, server.url, model="m", voice="alloy", voices=voices)
    await engine.synthesise(HELLO)
    assert server.asked[0]["voice"] == chosen
    assert chosen in await engine.fingerprint(HELLO)


async def test_a_voice_of_the_same_sex_serves_names_that_are_not_configured(server, post):
    engine = OpenAiSpeech(post, server.url, model="m", voice="alloy", voices={"woman": "nova"})
    await engine.synthesise(Speech("Hello", voice="Polly.Joanna"))
    assert server.asked[0]["voice"] == "nova"


async def test_a_speech_server_that_refuses_is_an_error(server, post):
    server.status = 401
    with pytest.raises(MediaError, match="answered 401") as raised:
        await OpenAiSpeech(post, server.url, model="m", voice="alloy").synthesise(HELLO)
    assert raised.value.code == Code.SPEECH


async def test_a_speech_server_that_cannot_be_reached_is_an_error():
    async def post(*_):
        raise unreachable()

    with pytest.raises(MediaError, match="connection refused") as raised:
        await OpenAiSpeech(post, "http://tts.example.com", model="m", voice="a").synthesise(HELLO)
    assert raised.value.code == Code.SPEECH


async def test_everything_that_changes_the_sound_is_in_the_fingerprint():
    async def print_of(base="http://a.example.com", **settings):
        settings = {"model": "m", "voice": "v", **settings}
        return await OpenAiSpeech(None, base, **settings).fingerprint(HELLO)

    prints = [await print_of(), await print_of("http://b.example.com"), await print_of(model="n")]
    prints += [await print_of(voice="w"), await print_of(speed=2.0)]
    assert len(set(prints)) == 5


@pytest.fixture
def piper(tmp_path):
    """Return a program that answers as piper does: a WAV whose text and options it leaves behind."""
    (tmp_path / "tone.wav").write_bytes(TONE)
    program = tmp_path / "piper"
    program.write_text(
        f'#!/bin/sh\necho "$@" >{tmp_path}/options\ncat >{tmp_path}/text\ncat {tmp_path}/tone.wav\n'
    )
    program.chmod(0o755)
    return program


async def test_piper_gets_the_text_on_its_input_and_speaks_to_its_output(piper):
    engine = Piper("en.onnx", models={"de": "de.onnx"}, program=str(piper))
    assert await engine.synthesise(HELLO) == TONE
    assert (piper.parent / "text").read_text() == "Hello & <you>"
    assert (piper.parent / "options").read_text() == "--model de.onnx --output_file -\n"


async def test_pipers_voice_is_part_of_its_fingerprint():
    engine = Piper("en.onnx", models={"de": "de.onnx", "woman": "amy.onnx"})
    assert await engine.fingerprint(Speech("x")) == "piper en.onnx"
    assert await engine.fingerprint(Speech("x", language="de-AT")) == "piper de.onnx"
    assert await engine.fingerprint(HELLO) == "piper amy.onnx"
