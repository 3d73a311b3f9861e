"""The configuration: what it says when something is wrong, and the file that lists it all."""

import re
from pathlib import Path

import pytest
import yaml

from ari_pivot import config
from ari_pivot.config import Config
from ari_pivot.errors import ConfigError
from ari_pivot.settings import Section

SAMPLE = Path(__file__).parent.parent / "config" / "ari_pivot.yaml"


@pytest.fixture
def load(tmp_path):
    """Load a file of this text."""

    def load_text(text):
        path = tmp_path / "pivot.yaml"
        path.write_text(text)
        return config.load(path)

    return load_text


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in config.os.environ:
        if name.upper().startswith("ARI_PIVOT__"):
            monkeypatch.delenv(name)


def test_the_sample_file_says_the_defaults():
    assert config.load(SAMPLE) == Config()


def test_the_sample_file_lists_every_setting_and_explains_it_on_its_line():
    written = yaml.safe_load(SAMPLE.read_text())
    lines = SAMPLE.read_text().splitlines()
    for section, field in Config.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            assert list(written[section]) == list(kind.model_fields), section
            for key in kind.model_fields:
                assert any(re.match(rf"  {key}: .*\S +# \S", line) for line in lines), key
        else:
            assert section in written


def test_an_empty_file_is_all_defaults(load):
    assert load("") == load("asterisk:\n# nothing\nroutes:\n") == Config()


def test_no_file_is_the_environment_alone(monkeypatch):
    monkeypatch.setenv("ARI_PIVOT__ASTERISK__PASSWORD", "secret")
    assert config.load(None).asterisk.password == "secret"


def test_the_environment_wins_over_the_file_and_leaves_the_rest(load, monkeypatch):
    monkeypatch.setenv("ARI_PIVOT__ASTERISK__PASSWORD", "of the environment")
    monkeypatch.setenv("ARI_PIVOT__WEB__ALLOW", '["10.0.0.0/8"]')
    settings = load("asterisk: {user: ann, password: of the file}\nweb: {per_host: 7}")
    assert (settings.asterisk.user, settings.asterisk.password) == ("ann", "of the environment")
    assert (settings.web.allow, settings.web.per_host) == (["10.0.0.0/8"], 7)


WRONG = {
    "not YAML": ("asterisk: {", "not YAML"),
    "no sections": ("- a", "must hold sections"),
    "an unknown section": ("asterix: {}", "asterix: is not a setting"),
    "a number for a section": ("7: x", "7: is not a setting"),
    "a name of the library's own": ("_env_file: x", "_env_file: is not a setting"),
    "an unknown key": ("web: {alow: []}", "web.alow: is not a setting; did you mean `allow`?"),
    "an unknown key of a route": (
        "routes: [{numbers: ['1'], voice_url: 'http://a/', methd: GET}]",
        "routes[0].methd: is not a setting; did you mean `method`?",
    ),
    "a section that is none": ("web: 7", "web: must hold keys"),
    "a number where text belongs": (
        "asterisk: {password: 1234}",
        "asterisk.password: must be text, in quotes",
    ),
    "a number that is no number of a telephone": (
        "routes: [{numbers: [+1555], voice_url: 'http://a/'}]",
        "routes[0].numbers[0]: must be text, in quotes",
    ),
    "out of bounds": ("server: {port: 70000}", "server.port: must be 65535 or less"),
    "not one of": ("log: {level: loud}", "log.level: must be 'debug', 'info'"),
    "not a URL": (
        "asterisk: {url: '127.0.0.1:8088'}",
        "asterisk.url: must be an http or https URL",
    ),
    "credentials in a URL": (
        "asterisk: {url: 'http://u:hidden@h:8088'}",
        "asterisk.url: user and password are settings of their own",
    ),
    "a URL without a host": ("asterisk: {url: 'http://:8088'}", "asterisk.url: needs a host"),
    "a URL that is none": ("asterisk: {url: 'http://[::1'}", "asterisk.url: Invalid IPv6"),
    "a port that is none": ("asterisk: {url: 'http://h:99999'}", "asterisk.url: Port out of range"),
    "a pattern that is not kept": (
        "directory: {devices: {a: {endpoint: alice}}}",
        "directory.devices.a.endpoint: must match ^[A-Za-z0-9_]+/\\S+$, as PJSIP/alice",
    ),
    "not a number": ("calls: {longest: soon}", "calls.longest: must be a number"),
    "a route without numbers": (
        "routes: [{voice_url: 'http://a/'}]",
        "routes[0]: needs `numbers` or a `name`",
    ),
    "a route without instructions": ("routes: [{numbers: ['1']}]", "needs either `flow` or"),
    "a route with both": (
        "routes: [{numbers: ['1'], voice_url: 'http://a/', flow: {module: hangup}}]",
        "routes[0]: needs either `flow` or `voice_url`",
    ),
    "a flow that cannot be": (
        "routes: [{numbers: ['1'], flow: {module: pivot, data: {}}}]",
        "routes[0]: flow.data.voice_url: ",
    ),
    "a shorthand that cannot be": (
        "routes: [{numbers: ['1'], voice_url: 'http://a/', method: PUT}]",
        "routes[0]: method: ",
    ),
    "a speech engine without what it needs": (
        "speech: {engine: piper}",
        "speech: the engine piper needs `piper_model`",
    ),
    "a password that is not there": (
        "recordings: {protected: true}",
        "recordings.protected: needs web.auth_token",
    ),
    "an Asterisk elsewhere that has no way to our sounds": (
        "asterisk: {url: 'http://192.0.2.1:8088'}",
        "media: an Asterisk elsewhere needs media.asterisk_directory, or media.base_url",
    ),
    "two routes of one name": (
        "routes: [{name: a, voice_url: 'http://a/'}, {name: a, voice_url: 'http://b/'}]",
        "routes: more than one is named a",
    ),
    "a fallback that cannot be played": (
        "fallback: {media: 'ftp://x'}",
        "fallback.media: is not a media id",
    ),
    "a prompt that cannot be played": (
        "media: {prompts: {sorry: 'ftp://x'}}",
        "media.prompts.sorry: is not a media id",
    ),
}


@pytest.mark.parametrize(("text", "reason"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told_with_file_key_and_reason(load, tmp_path, text, reason):
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert str(caught.value).startswith(f"{tmp_path / 'pivot.yaml'}: ")
    assert reason in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_everything_that_is_wrong_is_told_at_once(load):
    with pytest.raises(ConfigError) as caught:
        load("server: {port: -1}\nlog: {level: x}\nrouts: []")
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "routs",
        "server.port",
        "log.level",
    ]


def test_what_the_environment_has_set_wrong_is_said_to_be_its(load, monkeypatch):
    monkeypatch.setenv("ARI_PIVOT__SERVER__PORT", "many")
    with pytest.raises(ConfigError, match=r"server\.port: .*ARI_PIVOT__SERVER__PORT"):
        load("log: {level: info}")


def test_a_file_that_is_not_there_is_told_by_name(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: No such file"):
        config.load(tmp_path / "none.yaml")


def test_a_file_that_is_not_text_is_told_by_name(tmp_path):
    path = tmp_path / "pivot.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"pivot\.yaml: not YAML"):
        config.load(path)


def test_an_environment_that_cannot_be_read_is_told(monkeypatch):
    monkeypatch.setenv("ARI_PIVOT__WEB__ALLOW", "10.0.0.0/8")
    with pytest.raises(ConfigError, match=r'environment: lists .* must be JSON.*"web"'):
        config.load(None)


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("ARI_PIVOT__WBE__ALLOW", True),
        ("ARI_PIVOT__WEBB", True),
        ("ARI_PIVOT__WEB__ALLOW", False),
        ("ari_pivot__web__allow", False),
        ("ARI_PIVOT_CONFIG", False),
        ("PATH", False),
    ],
)
def test_variables_that_look_like_ours_and_are_none_are_found(monkeypatch, name, unknown):
    monkeypatch.setenv(name, "[]")
    assert (name in config.unknown_variables()) is unknown


def test_a_route_may_be_a_callflow_pasted_from_kazoo(load):
    settings = load("""
routes:
  - numbers: ["1000", "+1555*"]
    flow:
      module: pivot
      data: {method: POST, req_format: twiml, voice_url: "https://app.example/voice", debug: true}
      children:
        _: {module: play, data: {id: "sorry"}}
  - numbers: ["*"]
    voice_url: "https://app.example/voice"
""")
    shorthand = settings.routes[1].document
    assert shorthand == {"module": "pivot", "data": {"voice_url": "https://app.example/voice"}}


def test_the_directory_may_be_a_file_of_its_own(load, tmp_path):
    (tmp_path / "people.yaml").write_text("users: {ann: {name: Ann}}")
    assert load("directory: people.yaml").directory.users["ann"].name == "Ann"


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        ("{}", "/var/lib/ari_pivot/sounds"),
        ("{asterisk: {url: 'http://[::1]:8088'}}", "/var/lib/ari_pivot/sounds"),
        ("{asterisk: {url: 'http://localhost:8088'}}", "/var/lib/ari_pivot/sounds"),
        ("{media: {asterisk_directory: /there}}", "/there"),
        ("{media: {base_url: 'http://127.0.0.1:8086'}}", ""),
        ("{asterisk: {url: 'http://pbx.example.com'}, media: {base_url: 'http://a/'}}", ""),
    ],
)
def test_an_asterisk_on_this_machine_sees_the_folder_of_sounds_under_its_path(load, settings, seen):
    assert load(settings).sounds_seen == seen
