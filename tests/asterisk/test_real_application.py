"""<Dial><Application>: one application of ours calls another, and hears back from it."""

import pytest
from test_connection_lost import script

ASKS = (
    "<Response><Dial action='got'><Application customerId='C7' {copy}>"
    "<ApplicationSid>AP1</ApplicationSid>"
    "<Parameter name='order' value='a,b &amp; 12'/></Application></Dial></Response>"
)


@pytest.mark.parametrize(("copy", "to"), [("", "AP1"), ("copyParentTo='true'", "1000")])
async def test_it_is_given_parameters_and_gives_some_back(stage, copy, to):
    asks = script(ASKS.format(copy=copy), got={"body": "<Response/>"})
    gives = script(
        "<Response><Say>hello</Say><Hangup><Parameter name='paid' value='yes'/></Hangup></Response>"
    )
    way = f"Local/app-{stage.app}*2000@from-lab"
    await stage.open({"1000": asks, "2000": gives}, directory={"applications": {"AP1": way}})

    outcome = await stage.outcome("1000", await stage.call("1000", asks))
    await stage.reported("2000")

    (voice, *_), (asked, *_) = stage.web.asked["1000"], stage.web.asked["2000"]
    said = {name: asked.params.get(name) for name in ("To", "Called", "CustomerId", "Param_order")}
    assert said == {"To": to, "Called": to, "CustomerId": "C7", "Param_order": "a,b & 12"}
    assert asked.params["From"] == voice.params["From"]
    (got,) = [one for one in stage.web.asked["1000"] if one.path == "got"]
    assert got.params["ReturnParam_paid"] == "yes"
    assert got.params["DialCallStatus"] == "completed"
    assert got.params["DialCallSid"] == asked.params["CallSid"]
    assert outcome.problems == []
