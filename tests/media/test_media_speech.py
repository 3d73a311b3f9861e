"""Speech by espeak-ng itself, which must be installed, and what voices mean to it."""

import pytest
from media_sounds import power, samples_of

from ari_pivot.call.source import Speech
from ari_pivot.errors import Code, MediaError
from ari_pivot.media.convert import convert
from ari_pivot.media.speech import Espeak, spoken
from ari_pivot.media.voices import voice_of


async def seconds_of(text, espeak=None, **speech):
    wav = await (espeak or Espeak()).synthesise(Speech(text, **speech))
    ulaw = convert(wav, ["ulaw"], max_seconds=600)["ulaw"]
    return len(ulaw) / 8000


async def voice(espeak=None, **speech):
    """Return what espeak-ng is told to speak with."""
    return (await (espeak or Espeak()).fingerprint(Speech("x", **speech))).split()[-2]


async def test_text_is_spoken():
    assert 0.3 < await seconds_of("Hello") < 2
    assert await seconds_of("Hello, how are you this morning?") > 1.2


async def test_the_sound_is_a_voice_and_not_silence():
    ulaw = convert(await Espeak().synthesise(Speech("aaaa")), ["ulaw"], max_seconds=60)["ulaw"]
    samples, rate = samples_of(ulaw, "ulaw")
    assert max(map(abs, samples)) > 3000
    assert max(power(samples, rate, hz) for hz in range(80, 400, 4)) > 0.001


async def test_a_higher_rate_is_shorter():
    text = "The quick brown fox jumps over the lazy dog"
    assert await seconds_of(text, Espeak(rate=250)) < 0.8 * await seconds_of(text, Espeak(rate=120))


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Q & A", "Q and A"), ("[[h@'loU]]", "[ [h@'loU]]"), ("-f /etc/passwd", "-f /etc/passwd")],
)
async def test_signs_are_spoken_and_mean_nothing_to_the_program(text, plain):
    assert await seconds_of(text) == pytest.approx(await seconds_of(plain), abs=0.15)


async def test_markup_is_read_out_not_obeyed():
    assert await seconds_of('a <break time="5s"/> b') < 5
    assert await seconds_of("<b>x</b> < y") > await seconds_of("x")


async def test_text_of_any_script_is_spoken():
    assert await seconds_of("Grüße aus Köln", language="de-DE") > 0.5
    assert await seconds_of("Добрый день", language="ru-RU") > 0.5
    assert await seconds_of("你好", language="zh-CN") > 0.3


def test_control_characters_and_half_characters_are_removed():
    assert spoken(" a\x00b\x01\x1b[31mc\x7f\x85d\ud800e\n\t f ") == "a b [31mc d e f"
    assert spoken("¿Qué? 你好 👩‍👧") == "¿Qué? 你好 👩‍👧"


@pytest.mark.parametrize("text", ["", " \n", "\x00\x07"])
def test_nothing_to_say_is_an_error(text):
    with pytest.raises(MediaError, match="no text"):
        spoken(text)


def test_a_book_is_not_spoken():
    with pytest.raises(MediaError, match="20000 characters"):
        spoken("word " * 5000)


VOICES = [
    ({}, "en-us"),
    ({"voice": "man"}, "en-us"),
    ({"voice": "woman"}, "en-us+f3"),
    ({"voice": "female"}, "en-us+f3"),
    ({"voice": "alice", "language": "fr-FR"}, "fr-fr+f3"),
    ({"voice": "man", "language": "en-GB"}, "en-gb"),
    ({"language": "de-DE"}, "de"),
    ({"language": "de_AT"}, "de"),
    ({"language": "es-MX"}, "es-mx"),
    ({"language": "es-US"}, "es-419"),
    ({"language": "en-AU"}, "en"),
    ({"language": "en-CA"}, "en-us"),
    ({"language": "pt-PT"}, "pt-pt"),
    ({"language": "pt-BR"}, "pt-br"),
    ({"language": "zh-Hant-TW"}, "zh"),
    ({"language": "cmn-CN"}, "cmn"),
    ({"language": "zh-HK"}, "yue"),
    ({"language": "nb-NO"}, "nb"),
    ({"language": "tlh-XX"}, "en-us"),
    ({"language": "-v"}, "en-us"),
    ({"voice": "Polly.Joanna"}, "en-us+f3"),
    ({"voice": "Polly.Joanna-Neural"}, "en-us+f3"),
    ({"voice": "Polly.Matthew"}, "en-us"),
    ({"voice": "Polly.Vicki", "language": "de-DE"}, "de+f3"),
    ({"voice": "Polly.Hans"}, "de"),
    ({"voice": "Polly.Geraint"}, "en-gb"),
    ({"voice": "Polly.Nobody"}, "en-us"),
    ({"voice": "Google.es-ES-Wavenet-C"}, "es+f3"),
    ({"voice": "Google.fr-FR-Standard-B"}, "fr-fr"),
    ({"voice": "Google.de-DE-Chirp3-HD-Aoede"}, "de"),
    ({"voice": "--stdout"}, "en-us"),
]


@pytest.mark.parametrize(("speech", "name"), VOICES, ids=str)
async def test_a_voice_of_a_document_is_the_nearest_of_espeak(speech, name):
    assert await voice(**speech) == name


async def test_the_configuration_names_voices_by_name_or_by_language():
    espeak = Espeak(voices={"Polly.Joanna": "en-us+f2", "de": "de+m4"}, language="sv")
    assert await voice(espeak, voice="polly.joanna", language="fr-FR") == "en-us+f2"
    assert await voice(espeak, voice="woman", language="de-CH") == "de+m4"
    assert await voice(espeak) == "sv"


async def test_the_language_of_a_document_outweighs_that_of_its_voice():
    assert voice_of(Speech("x", voice="Polly.Joanna", language="es-MX")).language == "es-mx"


async def test_version_voice_and_rate_are_part_of_the_fingerprint():
    fingerprint = await Espeak(rate=170).fingerprint(Speech("x", voice="woman"))
    assert fingerprint.startswith("eSpeak NG text-to-speech: 1.")
    assert fingerprint.endswith(" en-us+f3 170")


async def test_a_program_that_is_not_there_is_an_error_that_says_so():
    with pytest.raises(MediaError, match=r"cannot run no-such-program: No such file") as raised:
        await Espeak(program="no-such-program").fingerprint(Speech("x"))
    assert raised.value.code == Code.SPEECH


@pytest.fixture
def program(tmp_path):
    """Return a maker of programs."""

    def make(script):
        path = tmp_path / "engine"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return make


async def test_a_program_that_hangs_is_ended(program):
    with pytest.raises(MediaError, match=r"took longer than 0\.05 seconds"):
        await Espeak(program=program("exec sleep 60"), timeout=0.05).fingerprint(Speech("x"))


async def test_a_program_that_fails_is_quoted(program):
    espeak = Espeak(program=program("cat >/dev/null; echo 'voice is broken' >&2; exit 3"))
    with pytest.raises(MediaError, match="failed: voice is broken"):
        await espeak.fingerprint(Speech("x"))


async def test_a_program_that_says_nothing_at_all_is_an_error(program):
    with pytest.raises(MediaError, match="failed: 0"):
        await Espeak(program=program("cat >/dev/null")).fingerprint(Speech("x"))
