"""Any audio in, telephone audio out."""

import io
import math
import struct
from array import array

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_sounds import SAMPLES, encoded, heard, interleaved, pcm, power, samples_of

from ari_pivot.errors import Code, MediaError
from ari_pivot.media.convert import convert

SHARED = ("ulaw", "sln16")
FILES = {
    "wav 8 kHz": (lambda: encoded("wav", "pcm_s16le"), ""),
    "wav 44.1 kHz": (lambda: encoded("wav", "pcm_s16le", rate=44100), ""),
    "wav 48 kHz, 24 bit": (lambda: encoded("wav", "pcm_s24le", rate=48000), ""),
    "wav 11.025 kHz, 8 bit": (lambda: encoded("wav", "pcm_u8", rate=11025), ""),
    "wav, float": (lambda: encoded("wav", "pcm_f32le", rate=22050), ""),
    "wav, ulaw": (lambda: encoded("wav", "pcm_mulaw"), ""),
    "wav, alaw": (lambda: encoded("wav", "pcm_alaw"), ""),
    "wav, gsm": ((SAMPLES / "tone-gsm.wav").read_bytes, ""),
    "wav, adpcm": (lambda: encoded("wav", "adpcm_ima_wav"), ""),
    "aiff": (lambda: encoded("aiff", "pcm_s16be", rate=44100), ""),
    "au": (lambda: encoded("au", "pcm_mulaw"), "mulaw"),
    "mp3 44.1 kHz": (lambda: encoded("mp3", "libmp3lame", rate=44100), ""),
    "mp3 16 kHz": (lambda: encoded("mp3", "libmp3lame", rate=16000), ""),
    "mp3 without tags": (
        lambda: encoded("mp3", "libmp3lame", rate=24000, options={"id3v2_version": "0"}),
        "",
    ),
    "ogg vorbis": (
        lambda: encoded(
            "ogg",
            "vorbis",
            interleaved(pcm(rate=44100), pcm(rate=44100)),
            rate=44100,
            layout="stereo",
            options={"strict": "experimental"},
        ),
        "",
    ),
    "ogg flac": (lambda: encoded("ogg", "flac"), ""),
    "ogg opus": (lambda: encoded("ogg", "libopus", rate=48000), ""),
    "webm": (lambda: encoded("webm", "libopus", rate=48000), ""),
    "flac": (lambda: encoded("flac", "flac", rate=32000), ""),
    "m4a": (lambda: encoded("mp4", "aac", rate=44100), ""),
    "aac": (lambda: encoded("adts", "aac", rate=44100), ""),
    "amr": (lambda: encoded("amr", "libopencore_amrnb"), ""),
    "raw gsm": ((SAMPLES / "tone.gsm").read_bytes, "gsm"),
    "raw ulaw": (lambda: encoded("mulaw", "pcm_mulaw"), "mulaw"),
    "raw alaw": (lambda: encoded("alaw", "pcm_alaw"), "alaw"),
}


@pytest.mark.parametrize(("make", "raw"), FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize("suffix", ["ulaw", "sln16", "wav"])
def test_a_second_of_440_hz_comes_out_as_a_second_of_440_hz(make, raw, suffix):
    seconds, hz = heard(convert(make(), [suffix], raw=raw, max_seconds=10)[suffix], suffix)
    assert hz == 440
    assert math.isclose(seconds, 1.0, abs_tol=0.08)  # what codecs add at their ends


def test_both_channels_of_stereo_are_heard():
    stereo = interleaved(pcm(440, rate=44100), pcm(1000, rate=44100))
    files = convert(
        encoded("wav", "pcm_s16le", stereo, rate=44100, layout="stereo"), SHARED, max_seconds=10
    )
    for suffix in SHARED:
        samples, rate = samples_of(files[suffix], suffix)
        assert len(samples) / rate == pytest.approx(1.0, abs=0.001)
        assert power(samples, rate, 440) == pytest.approx(0.5, abs=0.05)
        assert power(samples, rate, 1000) == pytest.approx(0.5, abs=0.05)


def test_audio_of_six_channels_is_heard():
    six = interleaved(*[pcm(rate=48000)] * 6)
    files = convert(
        encoded("wav", "pcm_s16le", six, rate=48000, layout="5.1"), SHARED, max_seconds=10
    )
    assert heard(files["ulaw"], "ulaw") == (pytest.approx(1.0, abs=0.001), 440)


def test_what_a_telephone_cannot_carry_does_not_come_back_as_another_tone():
    whistle = encoded("wav", "pcm_s16le", pcm(7000, rate=44100), rate=44100)
    files = convert(whistle, SHARED, max_seconds=10)
    samples, rate = samples_of(files["sln16"], "sln16")
    assert power(samples, rate, 7000) > 0.9
    folded, _ = samples_of(files["ulaw"], "ulaw")
    assert max(map(abs, folded[800:-800])) < 200


def test_ulaw_comes_out_as_it_went_in():
    every_code = bytes(range(256)) * 20
    out = convert(every_code, ["ulaw"], raw="mulaw", max_seconds=10)["ulaw"]
    assert out == every_code.replace(b"\x7f", b"\xff")  # the two codes of silence


def test_samples_at_the_wanted_rate_are_not_touched():
    samples = pcm(1000, rate=16000, level=0.9)
    wideband = encoded("wav", "pcm_s16le", samples, rate=16000)
    assert convert(wideband, ["sln16"], max_seconds=10)["sln16"] == samples


def test_the_wav_has_a_header_asterisk_reads():
    wav = convert(encoded("mp3", "libmp3lame", rate=44100), ["wav"], max_seconds=10)["wav"]
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", wav[20:36])
    assert (kind, channels, rate, bits) == (1, 1, 8000, 16)
    assert struct.unpack("<I", wav[40:44])[0] == len(wav) - 44


def test_files_glued_together_play_one_after_the_other():
    glued = encoded("mp3", "libmp3lame", rate=44100, options={"write_xing": "0"}) + encoded(
        "mp3", "libmp3lame", rate=24000, options={"write_xing": "0"}
    )
    samples, rate = samples_of(convert(glued, ["ulaw"], max_seconds=10)["ulaw"], "ulaw")
    assert len(samples) > 1.9 * rate
    for second in (samples[1000:7000], samples[-7000:-1000]):
        assert power(second, rate, 440) > 0.9


def test_a_damaged_piece_is_left_out_and_the_rest_is_heard():
    mp3 = bytearray(encoded("mp3", "libmp3lame", rate=44100))
    middle = len(mp3) // 2
    mp3[middle : middle + 400] = b"\xaa" * 400
    seconds, _ = heard(convert(bytes(mp3), ["ulaw"], max_seconds=10)["ulaw"], "ulaw")
    assert 0.8 < seconds < 1.1


def test_an_endless_header_of_a_program_that_streams_does_not_matter():
    wav = bytearray(encoded("wav", "pcm_s16le"))
    data = wav.index(b"data")
    wav[4:8] = wav[data + 4 : data + 8] = struct.pack("<I", 0x7FFFF000)
    assert heard(convert(bytes(wav), ["ulaw"], max_seconds=10)["ulaw"], "ulaw")[1] == 440


NOT_AUDIO = {
    "nothing": b"",
    "a web page": b"<!doctype html><html><body>Not found</body></html>" * 50,
    "zeros": bytes(5000),
    "a header alone": encoded("wav", "pcm_s16le")[:44],
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "a playlist of other files": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n",
    "a list of other files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a description of a session": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 5004 RTP/AVP 0\n",
}


@pytest.mark.parametrize("body", NOT_AUDIO.values(), ids=NOT_AUDIO.keys())
def test_what_is_not_audio_is_refused(body):
    with pytest.raises(MediaError) as raised:
        convert(body, SHARED, max_seconds=10)
    assert raised.value.code == Code.MEDIA_UNPLAYABLE


def test_a_header_outweighs_what_the_web_server_says():
    wav = encoded("wav", "pcm_s16le")
    assert heard(convert(wav, ["ulaw"], raw="mulaw", max_seconds=10)["ulaw"], "ulaw") == (1.0, 440)


def test_a_container_nobody_sends_to_telephones_is_refused():
    with pytest.raises(MediaError, match="not audio"):
        convert(encoded("avi", "pcm_s16le"), SHARED, max_seconds=10)


def test_a_film_without_sound_is_refused():
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        output.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        output.mux(stream.encode(None))
    with pytest.raises(MediaError, match="no audio"):
        convert(file.getvalue(), SHARED, max_seconds=10)


def test_audio_longer_than_allowed_is_refused():
    with pytest.raises(MediaError, match=r"longer than 0\.5 seconds"):
        convert(encoded("wav", "pcm_s16le"), SHARED, max_seconds=0.5)


def test_a_small_file_of_much_silence_is_stopped():
    silence = bytes(2 * 8000 * 600)
    small = encoded("flac", "flac", silence)
    assert len(small) < len(silence) / 50
    with pytest.raises(MediaError, match="longer than 60 seconds"):
        convert(small, SHARED, max_seconds=60)


def test_a_header_that_claims_one_sample_a_second_is_refused_before_it_is_stretched():
    wav = bytearray(encoded("wav", "pcm_s16le"))
    wav[24:28] = struct.pack("<I", 1)
    with pytest.raises(MediaError, match="sample rate of 1 Hz"):
        convert(bytes(wav), SHARED, max_seconds=10**9)


def test_a_codec_nobody_sends_to_telephones_is_refused():
    with pytest.raises(MediaError, match="ac3"):
        convert(encoded("matroska", "ac3", rate=48000), SHARED, max_seconds=10)


def test_a_code_of_a_codec_nobody_knows_is_refused():
    wav = bytearray(encoded("wav", "pcm_s16le"))
    wav[20:22] = b"\xef\xbe"
    with pytest.raises(MediaError, match="coded as unknown"):
        convert(bytes(wav), SHARED, max_seconds=10)


SEEDS = [encoded("wav", "adpcm_ima_wav"), encoded("ogg", "libopus", rate=48000)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 3000), st.binary(min_size=1, max_size=40))
def test_a_file_with_anything_written_into_it_is_played_or_refused(file, place, bytes_):
    place %= len(file)
    broken = file[:place] + bytes_ + file[place + len(bytes_) :]
    try:
        files = convert(broken, SHARED, max_seconds=10)
    except MediaError:
        return
    assert len(files["sln16"]) == pytest.approx(4 * len(files["ulaw"]), abs=256)
    assert array("h", files["sln16"])
