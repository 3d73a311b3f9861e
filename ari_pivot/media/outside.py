"""How the library reaches the world: the web through our client, the configured speech engine."""

from collections.abc import Mapping

from ari_pivot.media.engines import OpenAiSpeech, Piper, Post
from ari_pivot.media.fetch import Fetch, Fetched
from ari_pivot.media.speech import Espeak, SpeechEngine
from ari_pivot.settings import Speech
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.tries import send, tries

_TIMEOUT = 15.0  # seconds for one file


def fetcher(client: Client, limit: int) -> Fetch:
    """Return the function with which media of up to `limit` bytes are fetched."""

    async def fetch(url: str, headers: Mapping[str, str]) -> Fetched:
        wanted = Outgoing("media", "GET", url, headers=headers, timeout=_TIMEOUT, limit=limit)
        reply = await send(client, wanted, tries(url))
        return Fetched(reply.status, reply.headers, reply.body, reply.url)

    return fetch


def engine(settings: Speech, client: Client) -> SpeechEngine:
    """Return the configured speech engine."""
    match settings.engine:
        case "piper":
            return Piper(settings.piper_model, models=settings.voices)
        case "openai":
            return OpenAiSpeech(
                _poster(client),
                settings.url,
                model=settings.model,
                voice=settings.voice,
                voices=settings.voices,
                api_key=settings.key,
            )
        case _:
            return Espeak(voices=settings.voices, language=settings.language, rate=settings.rate)


def _poster(client: Client) -> Post:
    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Fetched:
        wanted = Outgoing("media", "POST", url, headers=headers, body=body, timeout=60.0,
                          limit=20_000_000)  # fmt: skip
        reply = await client.send(wanted)
        return Fetched(reply.status, reply.headers, reply.body, reply.url)

    return post
