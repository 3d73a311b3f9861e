"""Which instructions a call begins with."""

import pytest

from ari_pivot import callflow
from ari_pivot.errors import ConfigError
from ari_pivot.routes import Route, Routes


def url(flow):
    return flow.module.voice_url


@pytest.fixture
def routes():
    return Routes(
        [
            Route(numbers=["1000", "2*"], voice_url="http://first/"),
            Route(numbers=["+1555*99", "*77"], voice_url="http://second/"),
            Route(name="support", voice_url="http://support/"),
            Route(name="both", numbers=["3000"], voice_url="http://both/"),
            Route(numbers=["*0"], voice_url="http://last/"),
        ]
    )


@pytest.mark.parametrize(
    ("dialled", "taken"),
    [
        ("1000", "first"),
        ("2", "first"),
        ("2345", "first"),
        ("277", "first"),
        ("+155512399", "second"),
        ("+155599", "second"),
        ("1977", "second"),
        ("*77", "second"),
        ("3000", "both"),
        ("30", "last"),
        ("0", "last"),
    ],
)
def test_the_first_route_whose_pattern_fits_takes_the_call(routes, dialled, taken):
    assert url(routes(dialled, {})) == f"http://{taken}/"


@pytest.mark.parametrize("dialled", ["", "1001", "10001", "+15551", "1.01", "10003"])
def test_a_number_that_no_pattern_fits_is_told(routes, dialled):
    with pytest.raises(ConfigError, match="no route takes calls to"):
        routes(dialled, {})


def test_signs_of_a_pattern_are_only_themselves():
    routes = Routes([Route(numbers=["1.0", "[2]+"], voice_url="http://a/")])
    assert routes("1.0", {})
    assert routes("[2]+", {})
    for other in ("110", "2", "22"):
        with pytest.raises(ConfigError):
            routes(other, {})


def test_the_dialplan_may_name_a_route(routes):
    assert url(routes("1000", {"route": "support"})) == "http://support/"
    assert url(routes("1000", {"route": "both"})) == "http://both/"


def test_a_route_that_is_not_configured_is_told_and_no_other_taken(routes):
    with pytest.raises(ConfigError, match="route 'sales', which is not configured"):
        routes("1000", {"route": "sales"})


def test_the_dialplan_may_give_the_whole_action(routes):
    flow = routes(
        "1000",
        {
            "route": "support",
            "voice_url": "https://own.example/",
            "method": "POST",
            "req_format": "twiml",
            "req_body_format": "json",
            "req_timeout_ms": "1500",
            "cdr_url": "https://own.example/cdr",
            "debug": "true",
            "to": "+15551230000",
        },
    )
    assert flow.module.model_dump(exclude_defaults=True) == {
        "voice_url": "https://own.example/",
        "method": "POST",
        "req_format": "twiml",
        "req_body_format": "json",
        "req_timeout_ms": 1500,
        "cdr_url": "https://own.example/cdr",
        "debug": True,
    }


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"voice_url": "ftp://h/"}, "voice_url"),
        ({"voice_url": "http://h/", "method": "PUT"}, "method"),
        ({"voice_url": "http://h/", "req_timeout_ms": "soon"}, "req_timeout_ms"),
    ],
)
def test_an_action_of_the_dialplan_that_cannot_be_is_told(routes, arguments, reason):
    with pytest.raises(ConfigError, match=f"arguments of Stasis.*{reason}"):
        routes("1000", arguments)


def test_what_no_route_takes_the_directory_may():
    found = callflow.build({"module": "hangup", "data": {}})
    routes = Routes(
        [Route(numbers=["1"], voice_url="http://a/")],
        lambda number: found if number == "2" else None,
    )
    assert url(routes("1", {})) == "http://a/"
    assert routes("2", {}) is found
    with pytest.raises(ConfigError):
        routes("3", {})


def test_the_dialplan_may_ask_for_a_callflow_by_its_number():
    found = callflow.build({"module": "noop"})
    routes = Routes([Route(numbers=["*"], voice_url="http://any/")], {"200": found}.get)
    assert routes("1000", {"extension": "200"}) is found
    with pytest.raises(ConfigError, match="300"):
        routes("1000", {"extension": "300"})
