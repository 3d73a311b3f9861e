"""What mail carries of voicemail, and what becomes of a message that was mailed."""

import asyncio
import io
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import av

from ari_pivot.ari.client import Ari
from ari_pivot.call.mwi import indicate
from ari_pivot.voicemail.keeper import Keeper, NoRecordingError

_RATE, _MP3_BITS = 8000, 32_000  # a second


@dataclass(frozen=True, slots=True)
class Enclosures:
    keeper: Keeper
    ari: Ari

    async def content(self, recording: str, kind: str) -> bytes | None:
        """Return a recording as `mp3`, or as it is; None when it is gone.

        Raises AsteriskError, StoreError.
        """
        try:
            path = await self.keeper.file(recording)
        except NoRecordingError:
            return None
        return await asyncio.to_thread(_as_mp3 if kind == "mp3" else Path.read_bytes, path)

    async def sent(self, then: dict[str, Any]) -> None:
        """Move a message to where it belongs once it has been mailed, and set the lamps."""
        if not then["folder"]:
            return
        message = await self.keeper.moved(then["message"], then["folder"])
        if message:
            left = await self.keeper.messages(message.mailbox)
            await indicate(self.ari, then["lamp"], left)


def _as_mp3(path: Path) -> bytes:
    file = io.BytesIO()
    with av.open(str(path)) as sound, av.open(file, "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=_RATE)
        stream.layout, stream.bit_rate = "mono", _MP3_BITS
        resampler = av.AudioResampler("s16p", "mono", _RATE)
        for frame in chain(sound.decode(audio=0), (None,)):
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()
