"""Who gets at the debug log: those who know the token, and nobody else."""

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from debug_stage import CALLS, TOKEN, Stage
from structlog.testing import capture_logs

from ari_pivot.config import build
from ari_pivot.errors import ConfigError
from ari_pivot.server.access import COOKIE, Access

PRIVATE = [
    "/pivot/debug", "/pivot/debug/x", f"/v2/accounts/{'0' * 32}/pivot/debug",
    f"/v2/accounts/{'0' * 32}/pivot/debug/x", "/debug/data/calls", "/debug/data/calls/x",
]  # fmt: skip


@pytest.mark.parametrize("path", PRIVATE)
@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}, {"X-Auth-Token": ""},
        {"X-Auth-Token": f"{TOKEN}x"}, {"Cookie": f"{COOKIE}={TOKEN}"},
        {"Cookie": f"{COOKIE}=99999999999.abc"}, {"X-Auth-Token": "é"},
    ],
)  # fmt: skip
async def test_without_the_token_there_is_nothing(web, path, headers):
    async with web.get(path, headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        said = await answer.json()
    assert said == {"data": {}, "error": "401", "message": "invalid_credentials", "status": "error"}


@pytest.mark.parametrize("path", PRIVATE[:5])
@pytest.mark.parametrize("header", ["Authorization", "X-Auth-Token"])
async def test_the_token_opens_as_bearer_and_as_kazoos_header(web, path, header):
    value = f"Bearer {TOKEN}" if header == "Authorization" else TOKEN
    async with web.get(path, headers={header: value}) as answer:
        assert answer.status == 200


async def test_a_refusal_is_logged_without_what_was_tried(web):
    with capture_logs() as logs:
        await web.get("/pivot/debug?token=hidden", headers={"X-Auth-Token": "tried"})
    assert [(one["event"], one["path"]) for one in logs] == [("server.refused", "/pivot/debug")]
    assert "tried" not in str(logs)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--y\r\nabc"),
        ("multipart/form-data", b"abc"),
        ("application/x-www-form-urlencoded; charset=bogus", b"token=x"),
        ("application/x-www-form-urlencoded", b"token=\xff"),
    ],
)
async def test_a_login_that_is_no_form_is_refused_and_is_no_fault_of_ours(web, kind, body, caplog):
    async with web.post("/debug/login", data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status == 400
    assert caplog.records == []


async def test_the_page_leads_to_the_login_and_from_there_back(web):
    place = f"/debug/calls/{CALLS[0][1]}"
    async with web.get(place) as answer:
        assert answer.url.path == "/debug/login"
        login = str(answer.url)
    async with web.post(login, data={"token": TOKEN}) as answer:
        assert (answer.status, answer.url.path) == (200, place)
        assert answer.history[0].status == 303
    async with web.get("/debug/data/calls") as answer:
        assert answer.status == 200


async def test_the_cookie_is_for_our_page_only_and_does_not_hold_the_token(web):
    async with web.post("/debug/login", data={"token": TOKEN}, allow_redirects=False) as answer:
        said = answer.headers["Set-Cookie"]
    assert TOKEN not in said
    for part in ("HttpOnly", "SameSite=Strict", "Path=/debug", "Max-Age=43200"):
        assert part in said
    assert "Secure" not in said  # it came over plain HTTP
    headers = {"X-Forwarded-Proto": "https"}
    async with web.post(
        "/debug/login", data={"token": TOKEN}, headers=headers, allow_redirects=False
    ) as answer:
        assert "Secure" in answer.headers["Set-Cookie"]


async def test_a_wrong_token_gets_no_cookie(web):
    async with web.post("/debug/login", data={"token": "wrong"}) as answer:
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers
        assert 'class="door refused"' in await answer.text()


@pytest.mark.parametrize(
    "then",
    [
        "//evil.example/",
        "https://evil.example/",
        "/media/x",
        "\r\nX: y",
        "/debug/calls/\r\nX: y",
        "/debug/calls/é",
    ],
)
async def test_a_login_leads_nowhere_else(web, then):
    async with web.post(
        "/debug/login", params={"then": then}, data={"token": TOKEN}, allow_redirects=False
    ) as answer:
        assert answer.headers["Location"] == "/debug"


async def test_who_signs_out_is_out(web):
    await web.post("/debug/login", data={"token": TOKEN})
    await web.post("/debug/logout")
    async with web.get("/debug/data/calls") as answer:
        assert answer.status == 401


def asks(cookie):
    return make_mocked_request("GET", "/debug", headers={"Cookie": f"{COOKIE}={cookie}"})


def test_a_cookie_is_good_for_twelve_hours_and_one_token():
    time = 1_800_000_000.0
    response = aiohttp.web.Response()
    Access(TOKEN, lambda: time).remember(make_mocked_request("GET", "/debug"), response)
    cookie = response.cookies[COOKIE].value
    assert Access(TOKEN, lambda: time + 43_199).admits(asks(cookie))
    assert not Access(TOKEN, lambda: time + 43_200).admits(asks(cookie))
    assert not Access("another-token-than-it", lambda: time).admits(asks(cookie))
    until, _, digest = cookie.partition(".")
    assert not Access(TOKEN, lambda: time).admits(asks(f"{int(until) + 1}.{digest}"))


def test_an_empty_token_opens_nothing():
    access = Access("")
    assert not access.knows("")
    assert not access.admits(make_mocked_request("GET", "/", headers={"X-Auth-Token": ""}))
    empty = Access("")._digest("9999999999")
    assert not access.admits(asks(f"9999999999.{empty}"))


async def test_without_a_token_in_the_configuration_it_is_off_and_that_is_said():
    with capture_logs() as logs:
        async with Stage(token="") as stage, aiohttp.ClientSession(stage.url) as web:
            for path in (*PRIVATE, "/debug", "/debug/login", "/debug/page.js"):
                assert (await web.get(path, headers={"X-Auth-Token": ""})).status == 404
            assert (await web.get("/health")).status == 200
    assert "server.no_token" in [one["event"] for one in logs]


@pytest.mark.parametrize("token", ["short", "é" * 20, "with a newline\nin it"])
def test_a_token_that_could_be_guessed_is_refused(token):
    with pytest.raises(ConfigError, match=r"server\.token: must have 16 characters"):
        build({"server": {"token": token}}, "test")
