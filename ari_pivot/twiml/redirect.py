"""<Redirect>: ask another URL what to do."""

from typing import ClassVar

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.twiml.verb import Method, Verb


class Redirect(Verb):
    """An empty URL is the document's own."""

    codes: ClassVar = {"method": 13710}

    method: Method = "POST"
    text: str = ""

    async def run(self, call: Call) -> Pivot | None:
        return Pivot(self.text, self.method)
