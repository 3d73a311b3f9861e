"""What the voice names of documents mean: a language, and a man's or a woman's voice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ari_pivot.call.source import Speech

# Amazon Polly's voices, women's | men's.
_POLLY = {
    "ar-ae": "hala | zayd",
    "arb": "zeina |",
    "ca-es": "arlet |",
    "cmn-cn": "zhiyu |",
    "cy-gb": "gwyneth |",
    "da-dk": "naja sofie | mads",
    "de-at": "hannah |",
    "de-de": "marlene vicki | daniel hans",
    "en-au": "nicole olivia | russell",
    "en-gb": "amy emma | arthur brian",
    "en-gb-wls": "| geraint",
    "en-ie": "niamh |",
    "en-in": "aditi kajal raveena |",
    "en-nz": "aria |",
    "en-us": "danielle ivy joanna kendra kimberly ruth salli"
    " | gregory joey justin kevin matthew stephen",
    "en-za": "ayanda |",
    "es-es": "conchita lucia | enrique sergio",
    "es-mx": "mia | andres",
    "es-us": "lupe penelope | miguel pedro",
    "fi-fi": "suvi |",
    "fr-be": "isabelle |",
    "fr-ca": "chantal gabrielle | liam",
    "fr-fr": "celine lea | mathieu remi",
    "is-is": "dora | karl",
    "it-it": "bianca carla | adriano giorgio",
    "ja-jp": "kazuha mizuki tomoko | takumi",
    "ko-kr": "seoyeon |",
    "nb-no": "ida liv |",
    "nl-be": "lisa |",
    "nl-nl": "laura lotte | ruben",
    "pl-pl": "ewa maja ola | jacek jan",
    "pt-br": "camila vitoria | ricardo thiago",
    "pt-pt": "ines | cristiano",
    "ro-ro": "carmen |",
    "ru-ru": "tatyana | maxim",
    "sv-se": "astrid elin |",
    "tr-tr": "burcu filiz |",
    "yue-cn": "hiujin |",
}
_PLAIN = {"woman": True, "female": True, "alice": True, "man": False, "male": False}
_GOOGLE = re.compile(r"google\.([a-z]{2,3}-[a-z]{2})-.*?(?:-([a-z]))?")
_GOOGLE_WOMEN = frozenset("acefgh")  # the last letter of a voice's name, in most languages


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as asked for: its name and language in lower case, "" where nothing was said."""

    name: str
    language: str
    female: bool

    def languages(self, default: str) -> Iterator[str]:
        """Yield xx-yy, xx and so on down to the default."""
        parts = self.language.split("-") if self.language else []
        for length in range(len(parts), 0, -1):
            yield "-".join(parts[:length])
        yield default


def voice_of(speech: Speech) -> Voice:
    """Return the voice a document asks for; its language attribute outweighs its voice's own."""
    name = speech.voice.strip().lower()
    language, female = _known(name)
    asked = speech.language.strip().lower().replace("_", "-")
    return Voice(name, asked or language, female)


def _known(name: str) -> tuple[str, bool]:
    if name in _PLAIN:
        return "", _PLAIN[name]
    if google := _GOOGLE.fullmatch(name):
        return google[1], google[2] in _GOOGLE_WOMEN
    polly = name.removeprefix("polly.").partition("-")[0]  # the rest is Neural, Generative …
    return _POLLY_VOICES.get(polly, ("", False))


_POLLY_VOICES = {
    voice: (language, female)
    for language, names in _POLLY.items()
    for voices, female in zip(names.split("|"), (True, False), strict=True)
    for voice in voices.split()
}
