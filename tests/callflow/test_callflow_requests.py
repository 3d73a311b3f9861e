"""What requests in KAZOO's format say, to the letter: kzt_kazoo:req_params, kz_http_util."""

import json

import pytest
from flows import act, run
from line_fakes import Asterisk, call
from simulated import simulate

from ari_pivot.callflow import params
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.web import encode

ACCOUNT = "0123456789abcdef0123456789abcdef"
NEXT = "http://web.test/next"
SIP = {
    "sip_call_id": "a@b",
    "caller_name": "Ann B",
    "from_uri": "sip:ann@from.example.com:5060;user=phone",
    "to_uri": "sip:1000@to.example.com",
    "request_uri": "sip:1001@request.example.com",
    "sip_headers": {"X-Tenant": "seven"},
}


async def said(**facts):
    return params(call(Asterisk(), **facts), ACCOUNT)


async def test_a_call_over_sip_is_told_with_its_addresses():
    assert await said(**SIP) == {
        "Account-ID": ACCOUNT,
        "Api-Version": "4.x",
        "Call-ID": "a@b",
        "Caller-ID-Name": "Ann B",
        "Caller-ID-Number": "+15551230001",
        "Custom-Application-Vars": {},
        "Custom-SIP-Headers": {"X-Tenant": "seven"},
        "Direction": "inbound",
        "From": "ann",
        "From-Realm": "from.example.com",
        "Language": "en-us",
        "Request": "1001",
        "Request-Realm": "request.example.com",
        "To": "1000",
        "To-Realm": "to.example.com",
    }


async def test_without_addresses_numbers_are_told_and_no_realms():
    told = await said(caller_name="")
    assert (told["From"], told["To"], told["Request"]) == ("+15551230001", "1000", "1000")
    assert (told["Call-ID"], told["Caller-ID-Name"]) == ("chan-1", "unknown")
    assert not any(name.endswith("-Realm") for name in told)


async def test_a_caller_without_a_number_is_anonymous():
    told = await said(caller_number="")
    assert (told["Caller-ID-Number"], told["From"]) == ("anonymous", "anonymous")


async def test_names_are_in_the_order_of_the_alphabet():
    assert list(await said(**SIP, digits={"pin": "1"})) == sorted(
        await said(**SIP, digits={"pin": "1"})
    )


async def test_whose_telephone_calls_is_told():
    line = call(Asterisk(), endpoint="PJSIP/desk")
    line.directory = ConfiguredDirectory(
        users={"bob": {}}, devices={"desk": {"endpoint": "PJSIP/desk", "owner": "bob"}}
    )
    assert params(line, ACCOUNT)["User-ID"] == "bob"
    assert "User-ID" not in await said(endpoint="PJSIP/other")


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        # kz_http_util_tests.erl
        ({"foo": "bar", "arr": [1, 3, 5]}, "foo=bar&arr[]=1&arr[]=3&arr[]=5"),
        ({"url": "http://user:pass@host:port/"}, "url=http%3A%2F%2Fuser%3Apass%40host%3Aport%2F"),
        (
            {"topkey": {"subkey1": "v1", "subkey3": ["v31", "v32"]}},
            "topkey[subkey1]=v1&topkey[subkey3][]=v31&topkey[subkey3][]=v32",
        ),
        ({"topkey": {"subkey2": {"k3": "v3"}}}, "topkey[subkey2][k3]=v3"),
        ({"a": "wibble \r\n"}, "a=wibble+%0D%0A"),
        ({"a": "foo;&="}, "a=foo%3B%26%3D"),
        ({"a": True, "b": False}, "a=true&b=false"),
    ],
)
def test_objects_and_lists_are_nested_as_kazoo_nests_them(value, wire):
    assert encode.form(value) == wire


def follow(do=(), variables=None, **pivot):
    """Return the request of a pivot in a flow that has collected digits and set variables."""
    asking = act("pivot", {"voice_url": f"{NEXT}?a=1&b=x%20y"} | pivot)
    collecting = act("collect_dtmf", {"collection_name": "pin", "max_digits": 2}, _=asking)
    setting = act("set_variables", {"custom_application_vars": variables or {}}, _=collecting)
    result = run(setting, do=[{"at": 1, "press": "42"}], directory={"devices": {}})
    return next(one for one in result.requests if one.url.startswith(NEXT))


ON_THE_WIRE = (
    "Account-ID=00000000000000000000000000000000&Api-Version=4.x&Call-ID=simulator-1767225600.0"
    "&Caller-ID-Name=unknown&Caller-ID-Number=%2B15551230001"
    "&Custom-Application-Vars[tier]=gold+one&Custom-Application-Vars[deep][x][]=1&Digits[pin]=42"
    "&Direction=inbound&From=%2B15551230001&Language=en-us&Request=1000&To=1000"
)
VARIABLES = {"tier": "gold one", "deep": {"x": [1]}, "none": {}}


@pytest.mark.parametrize(
    "how", [{}, {"method": "GET"}, {"method": "get", "req_body_format": "json"}]
)
def test_by_get_parameters_follow_those_of_the_url(how):
    asked = follow(variables=VARIABLES, **how)
    assert (asked.method, asked.url) == ("GET", f"{NEXT}?a=1&b=x%20y&{ON_THE_WIRE}")
    assert "Content-Type" not in asked.headers


@pytest.mark.parametrize(
    ("body", "kind"),
    [("form", "application/x-www-form-urlencoded"), ("json", "application/json")],
)
def test_by_post_they_are_a_form_or_json_and_the_url_stays(body, kind):
    asked = follow(variables=VARIABLES, method="POST", req_body_format=body)
    assert (asked.method, asked.url) == ("POST", f"{NEXT}?a=1&b=x%20y")
    assert asked.headers["Content-Type"] == kind
    assert asked.params["Digits"] == {"pin": "42"}
    assert asked.params["Custom-Application-Vars"] == VARIABLES
    assert asked.params["Custom-SIP-Headers"] == {}
    assert json.loads(encode.json(asked.params)) == asked.params


def test_what_a_follow_up_does_not_say_is_kazoos_default():
    # KAZOO: another pivot action begins with the defaults again
    result = simulate(
        act("pivot", {"voice_url": NEXT}), method="POST", req_body_format="json",
        web={"next": act("hangup")},
    )  # fmt: skip
    first, second = result.requests
    assert (first.method, first.headers["Content-Type"]) == ("POST", "application/json")
    assert (second.method, second.params["Api-Version"]) == ("GET", "4.x")


def test_what_twiml_verbs_add_comes_under_both_names():
    # KAZOO: get_request_vars, below the parameters of the format
    record = '<Response><Record action="/got" timeout="1" playBeep="false"/></Response>'
    result = simulate(
        record, method="POST", req_format="kazoo", do=[{"at": 1, "speak": 2}],
        web={"got": act("pivot", {"voice_url": NEXT}), "next": act("hangup")},
    )  # fmt: skip
    first, got, third = (one.params for one in result.requests)
    assert got["Recording-Url"] == got["RecordingUrl"]
    assert got["Recording-ID"] == got["RecordingSid"]
    assert got["Recording-Duration"] == got["RecordingDuration"] == "3"
    assert (got["Call-Status"], got["Api-Version"]) == ("in-progress", "4.x")
    assert not {"Call-Status", "Recording-Url"} & (first.keys() | third.keys())


@pytest.mark.parametrize(
    ("milliseconds", "at"), [(1500, 1.5), ("2000", 2), (0, 5), (-1, 5), (None, 5)]
)
def test_the_whole_request_has_its_time(milliseconds, at):
    how = {} if milliseconds is None else {"req_timeout_ms": milliseconds}
    result = simulate(
        {"error": "timeout"}, method="GET", req_format="kazoo", children={"_": act("hangup")}, **how
    )
    assert result.ended_at == pytest.approx(at)
