"""SSML within <Say>: what is spoken where an engine takes it, and where it takes plain text only."""

import asyncio
import io
import shutil
import wave

import pytest
from twiml_calls import codes, heard, twiml

from ari_pivot.call.source import Speech
from ari_pivot.media.speech import Espeak
from ari_pivot.twiml import parse


def said(inside):
    """Return the text, the markup, and where warnings are, of a <Say>."""
    body = f"<Response><Say>{inside}</Say></Response>"
    document = parse(body.encode(), "http://web.test/voice")
    (say,) = document.verbs
    return say.text, say.markup, [one.where.removeprefix("/Response/") for one in document.warnings]


# TwiML says: "break strength none|x-weak|…, time Ns/Nms; emphasis level; lang xml:lang; p; s;
# phoneme; prosody volume rate pitch; say-as interpret-as; sub alias; w role"
@pytest.mark.parametrize(
    ("ssml", "plain", "markup"),
    [
        ("a<break/> b", "a, b", 'a<break strength="medium"/> b'),
        ('a <break strength="x-strong"/> b', "a. b", 'a <break strength="x-strong"/> b'),
        ('a <break strength="none"/>b', "a b", 'a <break strength="none"/>b'),
        ('a. <break time="1.5s"/> b', "a. b", 'a. <break time="1500ms"/> b'),
        ('a <break time="200ms"/>b', "a, b", 'a <break time="200ms"/>b'),
        ('a <break time="99s"/> b', "a. b", 'a <break time="10000ms"/> b'),
        ("<p>a</p><s>b!</s>c", "a. b! c", "<p>a</p><s>b!</s>c"),
        ('a <emphasis level="strong">b</emphasis>', "a b", 'a <emphasis level="strong">b</emphasis>'),
        ('<lang xml:lang="fr-FR">oui</lang>', "oui", '<voice xml:lang="fr-FR">oui</voice>'),
        (
            '<prosody rate="50%" volume="-6dB" pitch="high">a</prosody>', "a",
            '<prosody rate="50%" volume="-50%" pitch="high">a</prosody>',
        ),
        ('<say-as interpret-as="digits">12</say-as>', "1 2", "1 2"),
        ('<say-as interpret-as="telephone">555 01</say-as>', "5 5 5 0 1", "5 5 5 0 1"),
        ('<say-as interpret-as="spell-out">abc</say-as>', "a b c", "a b c"),
        ('<say-as interpret-as="characters">abc</say-as>', "a b c", "a b c"),
        ('the <say-as interpret-as="ordinal">22</say-as>', "the 22nd", "the 22nd"),
        ('the <say-as interpret-as="ordinal">113</say-as>', "the 113th", "the 113th"),
        ('<say-as interpret-as="cardinal">12</say-as>', "12", "12"),
        ('<say-as interpret-as="date" format="mdy">1/2/26</say-as>', "1/2/26", "1/2/26"),
        ('<say-as interpret-as="expletive">x</say-as>', "beep", "beep"),
        ('<sub alias="salt &amp; water">NaCl</sub>', "salt & water", "salt &amp; water"),
        ('<phoneme alphabet="ipa" ph="p">pecan</phoneme>', "pecan", "pecan"),
        ('<w role="amazon:VB">read</w>', "read", "read"),
        ("a<emphasis>b</emphasis>, c", "a b, c", "a<emphasis>b</emphasis>, c"),
        ("<s>a <emphasis>b</emphasis></s>", "a b.", "<s>a <emphasis>b</emphasis></s>"),
    ],
)  # fmt: skip
def test_it_is_spoken_as_markup_or_in_words(ssml, plain, markup):
    assert said(ssml) == (plain, markup, [])


def test_a_text_without_it_is_left_as_it_is():
    assert said("1 < 2 . 3 , a".replace("<", "&lt;")) == ("1 < 2 . 3 , a", "", [])


# TwiML says: "Text content + children order matters in Say"; 12200
@pytest.mark.parametrize(
    ("ssml", "plain", "where"),
    [
        ("a <b>c</b> d", "a c d", "Say[1]/b"),
        ('a <emphasis loud="1">c</emphasis>', "a c", "Say[1]/emphasis/@loud"),
        ('a <break time="soon"/> c', "a, c", "Say[1]/break/@time"),
        ("<sub>c</sub>", "c", None),
        ('<lang xml:lang="&quot;/&gt;">c</lang>', "c", "Say[1]/lang/@xml:lang"),
    ],
)
def test_what_is_not_known_is_a_warning_and_its_text_is_spoken(ssml, plain, where):
    text, _, warned = said(ssml)
    assert (text, warned) == (plain, [where] if where else [])


def test_markup_cannot_be_brought_in_by_text():
    assert said('<s>&lt;audio src="x"/></s>'.replace("/>", "/&gt;"))[1] == (
        '<s>&lt;audio src="x"/&gt;</s>'
    )


# TwiML says: "13520 Say text", a warning
def test_nothing_to_say_is_a_warning():
    result = twiml("<Say> </Say><Play>tone.wav</Play>")
    assert codes(result) == ([13520], [])
    assert [one[0] for one in heard(result)] == ["play"]


def test_the_caller_hears_its_words_in_their_order():
    result = twiml('<Say>One <break time="1s"/> <sub alias="two">2</sub> <s>three</s></Say>')
    assert [one[1] for one in heard(result)] == ["One. two three."]


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    ("ssml", "longer"),
    [
        ('one two<break time="3s"/> three', 2.5),
        ('<prosody rate="50%">one two three</prosody>', 0.5),
        ('one two three [[h@l]] <sub alias="and a long word">x</sub>', 0.2),
    ],
)
def test_espeak_ng_speaks_the_markup(ssml, longer):
    text, markup, _ = said(ssml)
    plain = seconds(Speech("one two three"))
    assert seconds(Speech(text, markup=markup)) > plain + longer


def seconds(speech):
    audio = asyncio.run(Espeak().synthesise(speech))
    with wave.open(io.BytesIO(audio)) as file:
        return (len(audio) - 44) / 2 / file.getframerate()
