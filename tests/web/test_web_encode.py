"""Parameters on the wire. The first vectors are KAZOO's own, kz_http_util_tests.erl."""

import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ari_pivot.web import encode

KAZOO = [
    (
        {"foo": "bar", "fizz": "buzz", "arr": [1, 3, 5]},
        "foo=bar&fizz=buzz&arr[]=1&arr[]=3&arr[]=5",
    ),
    ({"url": "http://user:pass@host:port/"}, "url=http%3A%2F%2Fuser%3Apass%40host%3Aport%2F"),
    (
        {"topkey": {"subkey1": "v1", "subkey2": "v2", "subkey3": ["v31", "v32"]}},
        "topkey[subkey1]=v1&topkey[subkey2]=v2&topkey[subkey3][]=v31&topkey[subkey3][]=v32",
    ),
    (
        {"topkey": {"subkey1": "v1", "subkey2": {"k3": "v3"}}},
        "topkey[subkey1]=v1&topkey[subkey2][k3]=v3",
    ),
    ({"v": "wibble \r\n"}, "v=wibble+%0D%0A"),
    ({"v": "foo;&="}, "v=foo%3B%26%3D"),
    ({"v": "AZaz09.-~_"}, "v=AZaz09.-~_"),
    ({"yes": True, "no": False}, "yes=true&no=false"),
]


@pytest.mark.parametrize(("params", "wire"), KAZOO)
def test_a_form_is_written_as_kazoo_writes_it(params, wire):
    assert encode.form(params) == wire


@pytest.mark.parametrize(
    ("params", "wire"),
    [
        ({"Custom-Application-Vars": {}, "Digits": []}, ""),
        ({"a": None, "b": ""}, "b="),
        ({"User-ID": ["a", "b"]}, "User-ID[]=a&User-ID[]=b"),
        ({"Digits": {"pin": "1234"}}, "Digits[pin]=1234"),
        ({"Caller": "+15551230001"}, "Caller=%2B15551230001"),
        ({"name": "Ünal"}, "name=%C3%9Cnal"),
        ({"a&b=c": "d"}, "a%26b%3Dc=d"),
        ({"list": [{"a": 1}, {"a": 2.5}]}, "list[][a]=1&list[][a]=2.5"),
    ],
)
def test_what_kazoo_leaves_open_is_written_so_that_any_server_reads_it(params, wire):
    assert encode.form(params) == wire


@pytest.mark.parametrize(
    ("url", "params", "wanted"),
    [
        ("http://h/p", {"a": "1"}, "http://h/p?a=1"),
        ("http://h/p?x=y", {"a": "1"}, "http://h/p?x=y&a=1"),
        ("http://h/p?x=y#ct=100", {"a": "1"}, "http://h/p?x=y&a=1"),
        ("http://h/p?x=y", {}, "http://h/p?x=y"),
        ("http://h/p#top", {}, "http://h/p"),
    ],
)
def test_the_parameters_of_a_get_stand_behind_the_query_of_its_url(url, params, wanted):
    assert encode.with_query(url, params) == wanted


def test_json_keeps_what_is_nested_nested():
    params = {"Call-ID": "a", "Digits": {"pin": "12"}, "n": 1, "yes": True, "none": None}
    assert json.loads(encode.json(params)) == params


def parameters(text):
    """Anything that JSON can say."""
    values = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=8,
    )
    return st.dictionaries(text, values, max_size=4)


@given(parameters(st.text(st.characters(), max_size=20)))
def test_any_form_is_ascii_and_read_back_as_it_was_signed(params):
    wire = encode.form(params)
    assert wire.isascii()
    read = parse_qsl(wire, keep_blank_values=True, strict_parsing=bool(wire))
    assert read == encode.pairs(params)


@given(parameters(st.text(st.characters(exclude_categories=["Cs"]), max_size=20)))
def test_any_parameters_become_json(params):
    assert json.loads(encode.json(params)).keys() == params.keys()
