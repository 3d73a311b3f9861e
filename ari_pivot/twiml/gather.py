"""<Gather>: collect digits, while prompts play."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.collect import Collected, collect
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.play import ALL_KEYS
from ari_pivot.call.source import Source
from ari_pivot.twiml.pause import Pause
from ari_pivot.twiml.play import Play
from ari_pivot.twiml.say import Say
from ari_pivot.twiml.verb import Flag, Method, Verb

_Timeout = Annotated[int, BeforeValidator(lambda v: 5 if v == "auto" else v), Field(ge=1)]


class Gather(Verb):
    """`timeout` in seconds, before the first digit and between two; it runs from the last prompt.

    Without digits the next verb follows, unless `actionOnEmptyResult`. Speech input is not had
    yet: with `input="speech"` only digits are taken. Source: TwiML reference, Gather.
    """

    nests: ClassVar = (Say, Play, Pause)
    nest_code: ClassVar = 13320
    codes: ClassVar = {
        "finishOnKey": 13310, "method": 13312, "timeout": 13313, "numDigits": 13314,
    }  # fmt: skip
    too_long: ClassVar = {"finishOnKey": 13311}
    unsupported: ClassVar = {"input": "speech is not understood; digits are taken"}
    without_effect: ClassVar = dict.fromkeys(
        (
            "speechTimeout", "maxSpeechTime", "bargeIn", "partialResultCallback",
            "partialResultCallbackMethod", "language", "hints", "profanityFilter",
            "speechModel", "enhanced", "debug",
        ),
        "for speech only",
    )  # fmt: skip

    action: str = ""
    method: Method = "POST"
    input: str = Field(default="dtmf", pattern=r"^(dtmf|speech|dtmf speech|speech dtmf)$")
    timeout: _Timeout = 5
    finish_on_key: str = Field(default="#", max_length=1, pattern=r"^[0-9*#]?$")
    num_digits: int | None = Field(default=None, ge=1)
    action_on_empty_result: Flag = False
    speech_timeout: str = ""
    max_speech_time: str = ""
    barge_in: Flag = True
    partial_result_callback: str = ""
    partial_result_callback_method: Method = "POST"
    language: str = ""
    hints: str = ""
    profanity_filter: Flag = True
    speech_model: str = ""
    enhanced: Flag = False
    debug: Flag = False

    async def run(self, call: Call) -> Pivot | None:
        await answer(call)
        call.caller.digits.clear()
        await self._prompts(call)
        got = await collect(
            call,
            max_digits=self.num_digits,
            timeout=self.timeout,
            interdigit_timeout=self.timeout,
            terminators=self.finish_on_key,
        )
        if not got.digits and not self.action_on_empty_result:
            return None
        return Pivot(self.action, self.method, self._params(got))

    async def _prompts(self, call: Call) -> None:
        for source in self.sources():
            call.media.prepare(source)
        for prompt in self.children:
            if call.caller.digits:
                return
            await prompt.prompt(call, stop_on=ALL_KEYS)

    def _params(self, got: Collected) -> dict[str, Any]:
        params = {"Digits": got.digits, "msg": "Gather End"}
        if got.terminator:
            params["FinishedOnKey"] = got.terminator
        return params

    def sources(self) -> Iterator[Source]:
        for prompt in self.children:
            yield from prompt.sources()
