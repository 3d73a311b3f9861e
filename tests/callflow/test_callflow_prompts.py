"""Prompts and media ids in the language of the call."""

import pytest
from flows import act, heard, run

GREETINGS = {
    "media": {
        "greeting": {
            "en-us": "tts://hello",
            "fr": "tts://bonjour",
            "fr-ca": "tts://allo",
            "DE": "tts://hallo",
        },
        "one": "tts://one",
        "strange": {"xx": "tts://strange"},
    }
}


def play(id_, language=None):
    flow = act("play", {"id": id_}, _=act("hangup"))
    if language:
        flow = act("language", {"language": language}, _=flow)
    return heard(run(flow, directory=GREETINGS))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (None, "hello"),
        ("fr-CA", "allo"),
        ("fr-BE", "bonjour"),
        ("fr", "bonjour"),
        ("de-AT", "hallo"),
        ("it", "hello"),
    ],
)
def test_a_prompt_falls_back_from_country_to_language_to_the_usual_one(language, said):
    assert play("greeting", language) == [said]


def test_a_prompt_that_stands_for_a_tone_is_as_long_as_the_tone():
    directory = {"media": {"ring": "tone_stream://%(1000,500,440);loops=2"}}
    result = run(act("play", {"id": "ring"}, _="after"), directory=directory)
    assert heard(result) == ["440/1000,0/500", "after"]
    assert result.heard[1].at - result.heard[0].at == pytest.approx(3, abs=0.2)


def test_a_prompt_of_other_languages_only_is_one_of_them():
    assert play("strange") == ["strange"]


@pytest.mark.parametrize("id_", ["one", "/account/one", "prompt://account/one", "prompt://one"])
def test_a_media_id_is_the_directorys_however_it_is_written(id_):
    assert play(id_, "fr") == ["one"]


def test_a_prompt_may_name_its_language():
    assert play("prompt://account/greeting/fr-CA") == ["allo"]
    macro = {"macros": [{"macro": "prompt", "id": "greeting", "language": "fr"}]}
    assert heard(run(act("audio_macro", macro), directory=GREETINGS)) == ["bonjour"]


def test_a_macro_has_one_language_for_its_prompts():
    macro = {"language": "fr-BE", "macros": [{"macro": "prompt", "id": "greeting"}]}
    assert heard(run(act("audio_macro", macro), directory=GREETINGS)) == ["bonjour"]


@pytest.mark.parametrize(
    ("media", "said"), [({}, "vm-incorrect"), ({"disa-invalid_pin": "tts://no"}, "no")]
)
def test_a_stock_prompt_can_be_replaced(media, said):
    flow = act("disa", {"pin": "1", "retries": 1})
    assert said in heard(run(flow, do=[{"at": 0.5, "press": "2#"}], directory={"media": media}))
