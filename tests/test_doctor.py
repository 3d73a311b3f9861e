"""What the doctor finds, and what it says is to be done."""

import json

import pytest
from aiohttp import web
from web_servers import http

from ari_pivot import doctor
from ari_pivot.config import build
from ari_pivot.doctor_asterisk import NEEDED, PROMPTS, WANTED

PASSWORD = "a word"
MODULES = {*NEEDED, *(name for names in WANTED.values() for name in names)}


class Box:
    """An Asterisk as far as the doctor looks at it."""

    def __init__(self):
        self.version = "22.10.1"
        self.modules = set(MODULES)
        self.sounds = set(PROMPTS)
        self.recordings = 200
        self.refusal = 404  # of a channel that there is not
        self.asked = []

    async def answer(self, request):
        self.asked.append((request.method, request.path))
        if request.headers["Authorization"] != "Basic cGl2b3Q6YSB3b3Jk":
            return web.Response(status=401)
        match request.path.removeprefix("/ari/").split("/"):
            case ["api-docs", "events.json"]:
                return web.Response(text='{"models": {"RESTResponse": {}}}')
            case ["asterisk", "info"]:
                return web.json_response({"system": {"version": self.version}})
            case ["asterisk", "modules"]:
                names = [{"name": f"{one}.so", "status": "Running"} for one in self.modules]
                return web.json_response(names)
            case ["sounds", name]:
                return web.Response(status=200 if name in self.sounds else 404)
            case ["recordings", "stored"]:
                return web.Response(status=self.recordings)
            case ["channels", _]:
                return web.Response(status=self.refusal)
        return web.Response(status=404)


@pytest.fixture
async def box():
    asterisk = Box()
    async with http(asterisk.answer) as asterisk.url:
        yield asterisk


@pytest.fixture
def examine(box, tmp_path):
    """Examine, with settings other than those under which all is well; returns what is not."""

    async def run(**settings):
        well = {
            "asterisk": {"url": box.url, "password": PASSWORD},
            "media": {"directory": tmp_path, "asterisk_directory": "/seen"},
            "recordings": {"directory": tmp_path / "recordings"},
            "reports": {"database": f"sqlite:///{tmp_path}/kept/pivot.db"},
        }
        config = build(json.loads(json.dumps(well | settings, default=str)), "test")
        findings = [one async for one in doctor.examine(config)]
        return {
            one.what: (one.state, one.found, one.advice) for one in findings if one.state != "ok"
        }

    return run


async def test_where_all_is_there_nothing_is_to_be_done(examine):
    assert await examine() == {}


async def test_nothing_is_made_or_changed_by_looking(examine, box, tmp_path):
    await examine()
    assert list(tmp_path.iterdir()) == []
    assert {path for method, path in box.asked if method != "GET"} == {"/ari/channels/-"}


async def test_an_asterisk_that_is_not_there(examine):
    found = await examine(asterisk={"url": "http://127.0.0.1:1", "password": PASSWORD})
    state, reason, advice = found["Asterisk"]
    assert (state, reason.rpartition(": ")[2]) == ("failed", "Connection refused")
    assert "is Asterisk running" in advice
    assert list(found) == ["Asterisk"]


async def test_a_wrong_password(examine, box):
    found = await examine(asterisk={"url": box.url, "password": "another"})
    state, reason, advice = found["Asterisk"]
    assert (state, "401" in reason, "asterisk.password" in advice) == ("failed", True, True)


async def test_a_scheme_that_is_not_spoken_there(examine, box):
    found = await examine(asterisk={"url": box.url.replace("http", "https"), "password": PASSWORD})
    assert "TLS" in found["Asterisk"][1]
    assert "asterisk.ca_file" in found["Asterisk"][2]


async def test_a_user_who_may_only_look(examine, box):
    box.refusal = 403
    assert (await examine())["commands"][2] == "ari.conf: `read_only = no` for our user"


@pytest.mark.parametrize(
    ("version", "well"),
    [("22.10.1", True), ("22.9.0", False), ("16.28.0", False), ("20.20.1", True), ("24.0.0", True)],
)
async def test_a_version_below_the_floor(examine, box, version, well):
    box.version = version
    assert ("Asterisk" not in await examine()) is well


async def test_modules_that_every_call_needs(examine, box):
    box.modules -= {"app_stasis", "format_pcm"}
    state, _, advice = (await examine())["modules"]
    assert (state, advice) == ("failed", "load in modules.conf: app_stasis.so format_pcm.so")


async def test_modules_that_some_calls_need_are_said_with_what_there_is_not(examine, box):
    box.modules -= {"res_stasis_recording"}
    assert (await examine())["modules"] == (
        "warning",
        "no recordings",
        "load in modules.conf: res_stasis_recording.so",
    )


async def test_what_sounds_by_http_need(examine, tmp_path):
    by_url = {"directory": tmp_path, "base_url": "http://127.0.0.1:8086"}
    assert "res_http_media_cache.so" in (await examine(media=by_url))["modules"][2]


async def test_sounds_and_the_folder_of_recordings_that_packages_forget(examine, box):
    box.sounds, box.recordings = set(), 500
    found = await examine()
    assert found["sounds"][1] == "no beep, vm-goodbye"
    assert found["recordings"][2].startswith("make it: install -d -o asterisk")


async def test_a_speech_engine_that_is_not_installed(examine, monkeypatch):
    monkeypatch.setenv("PATH", "/nothing")
    state, reason, advice = (await examine())["speech"]
    assert (state, reason.partition(":")[0]) == ("failed", "cannot run espeak-ng")
    assert advice.startswith("install espeak-ng")


async def test_folders_that_cannot_be_written(examine, tmp_path):
    file = tmp_path / "file"
    file.touch()
    found = await examine(
        media={"directory": file / "sounds", "asterisk_directory": "/seen"},
        recordings={"directory": file},
        reports={"database": f"sqlite:///{file}/x/pivot.db"},
    )
    assert set(found) == {"sounds folder", "recordings folder", "database"}
    for state, reason, advice in found.values():
        assert (state, f"cannot write {file}" in reason) == ("failed", True)
        assert advice.startswith("make it: install -d -o ")


async def test_web_servers_that_are_not_reached_or_know_no_such_page(examine, box):
    routes = [
        {"numbers": ["1"], "voice_url": f"{box.url}/nothing"},
        {"numbers": ["2"], "voice_url": "http://u:hidden@127.0.0.1:1/voice"},
        {"numbers": ["3"], "voice_url": "http://192.168.7.7/voice"},
    ]
    found = await examine(routes=routes, web={"allow": ["127.0.0.1"]})
    assert found[f"web server {box.url}/nothing"][0] == "warning"
    assert found["web server http://127.0.0.1:1/voice"][1] == "connection: Connection refused"
    assert "web.allow" in found["web server http://192.168.7.7/voice"][1]
