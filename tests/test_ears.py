"""What the lab's ears make of sounds that a busy machine has torn."""

import math
import random
import struct

import pytest
from ears import FRAME, RATE, Ears

PACKET = RATE // 50  # samples: 20 ms


def tone(hertz, seconds, loud=8000):
    turn = 2 * math.pi * hertz / RATE
    return [round(loud * math.sin(turn * n)) for n in range(round(RATE * seconds))]


def voice(seconds, pitch=118):
    """Return something like vowels: many harmonics, the loud ones moving, in syllables."""
    samples = []
    for n in range(round(RATE * seconds)):
        at = n / RATE
        formant = 600 + 300 * math.sin(2 * math.pi * 3 * at)
        wave = sum(
            math.sin(2 * math.pi * pitch * k * at) / (1 + ((pitch * k - formant) / 200) ** 2)
            for k in range(1, 20)
        )
        samples.append(round(3000 * wave * abs(math.sin(2 * math.pi * 2 * at))))
    return samples


def without_packets(samples, share, *, silent, seed=1):
    """Lose packets: silence in their place, or what is behind them comes at once."""
    dice = random.Random(seed)  # noqa: S311 - repeats exactly
    left = []
    for start in range(0, len(samples), PACKET):
        packet = samples[start : start + PACKET]
        if dice.random() > share:
            left += packet
        elif silent:
            left += [0] * len(packet)
    return left


def heard(samples):
    ears = Ears()
    ears.hear(struct.pack(f"<{len(samples)}h", *samples))
    return [sound.kind for sound in ears.sounds()]


@pytest.mark.parametrize("hertz", [440, 660, 1000])
@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("shift", [0, 57, FRAME // 4])
def test_a_tone_that_lost_packets_is_that_tone(hertz, silent, shift):
    torn = without_packets(tone(hertz, 2)[shift:], 0.3, silent=silent)
    assert heard(torn) == [f"{hertz} Hz"]


def test_one_tone_after_the_other_has_no_voice_between():
    torn = without_packets(tone(1000, 1) + tone(440, 1), 0.3, silent=True)
    assert heard(torn) == ["1000 Hz", "440 Hz"]


def test_a_voice_stays_one():
    assert heard(voice(2)) == ["voice"]


def test_a_voice_between_tones_is_heard():
    assert heard(tone(440, 1) + voice(0.5) + tone(440, 1)) == ["440 Hz", "voice", "440 Hz"]


def test_two_tones_at_once_are_what_they_are():
    both = [one + other for one, other in zip(tone(440, 1), tone(480, 1), strict=True)]
    assert heard(both) == ["ringing"]
