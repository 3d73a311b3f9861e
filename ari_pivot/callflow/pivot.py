"""pivot: ask a web server for the instructions that follow."""

from typing import Annotated, Literal

from pydantic import Field

from ari_pivot.call import instructions
from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Integer, Maybe, Module

_URL = r"^https?://[^\s]+$"
#: What may stand in a header. Sources: KAZOO, schema callflows.pivot; RFC 9110 §5
_Name = Annotated[str, Field(pattern=r"^[xX]-[!#$%&'*+.^_`|~0-9A-Za-z-]+$", max_length=100)]
_Value = Annotated[str, Field(pattern=r"^[\t -~]*$", max_length=4096)]


class Pivot(Module):
    """The `_` child is taken when asking fails; what the answer says replaces everything else.

    `fallback_url` is ours: asked before `_` is taken. Source: KAZOO, schema callflows.pivot.
    """

    voice_url: str = Field(pattern=_URL)
    method: Literal["get", "post", "GET", "POST"] = "get"
    req_format: Literal["kazoo", "twiml"] = "kazoo"
    req_body_format: Literal["form", "json"] = "form"
    req_timeout_ms: Maybe[Annotated[Integer, Field(le=5000)]] = None
    cdr_url: str = Field(default="", pattern=rf"^$|{_URL}")
    fallback_url: str = Field(default="", pattern=rf"^$|{_URL}")
    fallback_method: Literal["get", "post", "GET", "POST"] = "post"
    custom_request_headers: dict[_Name, _Value] = Field(default_factory=dict)
    debug: Boolean = False

    async def run(self, call: Call, children: Children) -> Branch:
        action = instructions.Action(
            voice_url=self.voice_url,
            method=self.method.upper(),
            req_format=self.req_format,
            req_body_format=self.req_body_format,
            timeout=max(self.req_timeout_ms or 0, 0) / 1000 or None,
            cdr_url=self.cdr_url,
            fallback_url=self.fallback_url,
            fallback_method=self.fallback_method.upper(),
            headers=self.custom_request_headers,
            debug=self.debug,
            otherwise=children.get(NEXT),
        )
        # in KAZOO's format every request has them. Source: KAZOO, pivot_call
        collected = dict(call.facts.digits) if self.req_format == "twiml" else {}
        params = {"Digits": collected} if collected else {}
        return instructions.Pivot(action.voice_url, action.method, params, action=action)
