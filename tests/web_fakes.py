"""A web that answers by URL, and remembers what it was asked."""

import asyncio

from multidict import CIMultiDict

from ari_pivot.errors import Code, WebError
from ari_pivot.web.hop import Reply


def reply(status=200, body=b"", **headers):
    """Return an answer without its URL; `content_type` is the header Content-Type."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, named, body if isinstance(body, bytes) else body.encode()


class Web:
    """Answers are replies, or an error; those of one URL in their order, the last repeats."""

    def __init__(self, answers=None):
        self.answers = {url: list(all_) for url, all_ in (answers or {}).items()}
        self.asked = []

    async def __call__(self, request):
        self.asked.append(request)
        answers = self.answers.get(request.url.partition("?")[0], [reply(404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, float):
            await asyncio.sleep(min(answer, request.read_timeout, request.silence))
            raise WebError("no answer", code=Code.TIMEOUT, where=request.url, stage="rt")
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer
        return Reply(status, CIMultiDict(headers), body, request.url)

    @property
    def lines(self):
        """What was asked, a line each: method and URL."""
        return [f"{request.method} {request.url}" for request in self.asked]
