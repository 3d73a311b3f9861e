"""The debug log as KAZOO's API gives it."""

import pytest
from board_fakes import VOICE
from debug_stage import CALLS, TOKEN

ACCOUNT = f"/v2/accounts/{'0' * 32}/pivot/debug"


@pytest.fixture
def get(web, bearer):
    async def ask(path, status=200, **query):
        async with web.get(path, headers=bearer, params=query) as answer:
            assert answer.status == status, await answer.text()
            assert status in {400, 404} or answer.headers["Cache-Control"] == "no-store"
            return await (answer.json() if answer.content_type.endswith("json") else answer.text())

    return ask


async def test_the_list_has_the_envelope_and_the_fields_of_kazoo(get):
    said = await get(ACCOUNT)
    assert said["status"] == "success"
    assert said["page_size"] == 5
    assert said["request_id"]
    assert "next_start_key" not in said
    assert TOKEN not in str(said)
    first = said["data"][0]
    assert first["call_id"] == CALLS[-1][1]
    assert first["debug_id"] == f"{first['debug_id'][:6]}-{first['call_id']}"
    assert first["created"] > 63_900_000_000  # seconds since the year 0
    assert (first["iteration"], first["status_code"]) == (2, "200")
    assert first["uri"] == "http://web.example/menu"
    assert (first["has_schema_errors"], first["has_json_errors"]) == (False, False)
    assert [call["has_schema_errors"] for call in said["data"]] == [
        False,
        True,
        False,
        False,
        False,
    ]


async def test_a_list_is_read_page_by_page(get):
    seen, key = [], ""
    while True:
        said = await get("/pivot/debug", page_size="2", start_key=key)
        seen += [call["call_id"] for call in said["data"]]
        if not (key := said.get("next_start_key")):
            break
    assert seen == [call_id for _, call_id, _, _ in reversed(CALLS)]


async def test_a_list_is_filtered(get):
    async def found(**query):
        said = await get("/pivot/debug", **query)
        return [call["call_id"] for call in said["data"]]

    assert await found(search="zoë") == [CALLS[4][1]]
    assert await found(search="front 0003") == [CALLS[2][1]]
    assert await found(search="connection refused") == [CALLS[2][1]]
    assert len(await found(failed="true")) == 3
    everything = await get("/pivot/debug", paginate="false")
    created = [call["created"] for call in everything["data"]]
    assert len(await found(created_from=str(created[1]))) == 2
    assert len(await found(created_to=str(created[1]))) == 4


async def test_a_call_has_the_documents_of_kazoo(get):
    said = await get(f"{ACCOUNT}/{CALLS[0][1]}")
    request, response = said["data"][0], said["data"][1]
    assert (request["uri"], request["method"]) == (VOICE, "POST")
    assert isinstance(request["req_headers"], dict)
    assert "CallStatus=ringing" in request["req_body"]
    assert response["resp_status_code"] == "200"
    assert response["resp_headers"]["content-type"] == "text/xml"
    assert "<Gather" in response["resp_body"]
    for document in said["data"]:
        assert document["call_id"] == CALLS[0][1]
        assert document["node"] == "pivot@test"
        assert document["debug_id"].endswith(f"-{CALLS[0][1]}")
        assert document["created"] > 63_900_000_000


async def test_a_call_is_found_by_its_debug_id_too(get):
    plain = await get(f"/pivot/debug/{CALLS[0][1]}")
    dated = await get(f"/pivot/debug/{plain['data'][0]['debug_id']}")
    assert dated["data"] == plain["data"]


async def test_a_call_that_is_not_known_has_no_documents(get):
    assert (await get("/pivot/debug/none"))["data"] == []


async def test_a_call_id_may_hold_anything(stage, get):
    for call_id in ("829597750@10.26.0.158", "a/b", "a b?c#d%"):
        stage.seen.debug.write(call_id, {"uri": "http://a/"})
        quoted = call_id.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
        said = await get(f"/pivot/debug/{quoted.replace('?', '%3F')}")
        assert [one["uri"] for one in said["data"]] == ["http://a/"]


async def test_another_account_has_nothing_here(get):
    await get(f"/v2/accounts/{'1' * 32}/pivot/debug", 404)


@pytest.mark.parametrize(
    "query",
    [{"page_size": "x"}, {"page_size": "-1"}, {"page_size": "nan"}, {"start_key": "x_y"},
     {"created_from": "1e99"}],
)  # fmt: skip
async def test_a_query_that_cannot_be_meant_is_refused(get, query):
    assert "not a number" in str(await get("/pivot/debug", 400, **query))


async def test_a_database_that_fails_is_said(stage, get):
    await stage.database.close()
    for path in ("/pivot/debug", "/pivot/debug/x"):
        assert (await get(path, 503))["message"] == "datastore_fault"
    assert "closed" in (await get("/debug/data/calls", 503))["error"]
