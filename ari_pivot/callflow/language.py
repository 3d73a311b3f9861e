"""language: choose the call's language for prompts and speech from here on."""

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class Language(Module):
    language: str = Field(pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2})?$")

    async def run(self, call: Call, children: Children) -> Branch:
        call.facts.language = self.language
        call.facts.language_set = True
        return NEXT
