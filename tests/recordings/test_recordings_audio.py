"""Tracks of Asterisk's become one file. Lengths are seconds."""

import pytest
from tapes import channels, strength, write

from ari_pivot.errors import Code, MediaError
from ari_pivot.recordings.audio import convert


@pytest.fixture
def made(tmp_path):
    """Convert tracks, each a list of parts, and return the length and the files."""

    def make(*tracks, trim=False, rate=8000):
        paths = [
            write(tmp_path / f"{number}.track", *parts, rate=rate)
            for number, parts in enumerate(tracks)
        ]
        files = {"wav": tmp_path / "out.wav", "mp3": tmp_path / "out.mp3"}
        return convert(paths, files, trim=trim), files

    return make


def seconds(samples, rate):
    return len(samples) / rate


@pytest.mark.parametrize("suffix", ["wav", "mp3"])
def test_one_track_stays_what_it_is(made, suffix):
    length, files = made([(440, 3)])
    (samples,), rate = channels(files[suffix])
    assert length == 3
    assert rate == 8000
    assert seconds(samples, rate) == pytest.approx(3, abs=0.2)  # of MP3, whole frames
    assert strength(samples, 440) > 0.2
    assert strength(samples, 1000) < 0.01


@pytest.mark.parametrize("suffix", ["wav", "mp3"])
def test_two_tracks_are_left_and_right_and_the_shorter_one_ends_in_silence(made, suffix):
    length, files = made([(440, 3)], [(1000, 2)])
    (left, right), rate = channels(files[suffix])
    assert length == 3
    assert seconds(left, rate) == seconds(right, rate) == pytest.approx(3, abs=0.2)
    assert strength(left, 440) > 0.2
    assert strength(right, 1000) > 0.15
    assert max(strength(left, 1000), strength(right, 440)) < 0.01
    assert strength(right[int(2.3 * rate) : int(2.9 * rate)], 1000) < 0.01


def test_silence_at_both_ends_is_cut_off_but_for_a_moment(made):
    length, files = made([(0, 1), (440, 1), (0, 2), (440, 1), (0, 4)], trim=True)
    (samples,), rate = channels(files["wav"])
    assert length == seconds(samples, rate) == pytest.approx(4.2, abs=0.03)


def test_what_either_side_says_counts_as_sound(made):
    length, _ = made([(0, 1), (440, 1), (0, 4)], [(0, 3), (440, 1), (0, 2)], trim=True)
    assert length == pytest.approx(3.2, abs=0.03)


def test_nothing_but_silence_is_nothing(made):
    length, _ = made([(0, 5)], trim=True)
    assert length == 0


def test_silence_that_is_wanted_stays(made):
    length, _ = made([(0, 5)])
    assert length == 5


def test_wideband_stays_wideband(made):
    length, files = made([(3900, 2)], rate=16000)
    (samples,), rate = channels(files["mp3"])
    assert (length, rate) == (2, 16000)
    assert strength(samples, 3900, rate) > 0.1


def test_a_file_whose_length_was_never_written_is_read_to_its_end(tmp_path):
    track = write(tmp_path / "track", (440, 2))
    data = bytearray(track.read_bytes())
    data[4:8] = data[40:44] = bytes(4)
    track.write_bytes(data)
    assert convert([track], {"wav": tmp_path / "out.wav"}, trim=False) == 2


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF0000WAVE", b"\0" * 1000])
def test_what_is_no_wav_file_is_refused(tmp_path, content):
    track = tmp_path / "track"
    track.write_bytes(content)
    with pytest.raises(MediaError) as refused:
        convert([track], {"wav": tmp_path / "out.wav"}, trim=False)
    assert refused.value.code == Code.RECORDING
