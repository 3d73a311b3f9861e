"""Media from the web: tried again as the URL's fragment says, as documents are."""

import pytest
from web_fakes import Web, reply

from ari_pivot.errors import Code, WebError
from ari_pivot.media.outside import fetcher
from ari_pivot.web.client import Client
from ari_pivot.web.signature import Keys

pytestmark = pytest.mark.virtual

URL = "http://web.test/hello.wav"
REFUSED = WebError("no connection", code=Code.CONNECTION, stage="ct")


async def fetched(url, *answers):
    """Return the status, or the code of the failure, and how often was asked."""
    web = Web({URL: answers})
    try:
        got = await fetcher(Client(web, Keys()), 1000)(url, {})
    except WebError as error:
        return error.code, len(web.asked)
    return got.status, len(web.asked)


@pytest.mark.parametrize(
    ("fragment", "answers", "came"),
    [
        ("", [REFUSED, reply()], (11205, 1)),
        ("#rc=2", [REFUSED, REFUSED, reply()], (200, 3)),
        ("#rc=1&rp=5xx", [reply(503), reply()], (200, 2)),
        ("#rc=1", [reply(503), reply()], (503, 1)),
    ],
)
async def test_it_is_tried_again_as_its_fragment_says(fragment, answers, came):
    assert await fetched(URL + fragment, *answers) == came
