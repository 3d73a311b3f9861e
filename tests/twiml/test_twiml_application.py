"""<Application>: what the call it leads to is given, and what that gives back."""

import pytest
from board_fakes import VOICE, Board
from line_box import Box
from test_twiml_dial import DIRECTORY, TALKS, call, told
from web_fakes import reply

from ari_pivot import twiml
from ari_pivot.call.arrival import sid
from ari_pivot.call.dialled import Attempt
from ari_pivot.call.directory import Directory

pytestmark = pytest.mark.virtual
LEG = "leg-1"


async def dialling(noun):
    """Return a call, and its leg to an application."""
    box = Box()
    box.call.directory, box.call.facts.dialled = Directory(**DIRECTORY), "1000"
    document = twiml.parse(f"<Response><Dial>{noun}</Dial></Response>".encode(), VOICE)
    ((element,),) = [verb.children for verb in document.verbs]
    target = element.target(box.call, 30, None)
    attempt = Attempt(target, box.call.clock, lambda *_: None)
    attempt.leg.id = LEG
    box.call.join(attempt)
    return box.call, attempt


# TwiML says: "Application > ApplicationSid, Parameter; customerId; copyParentTo"; and its page on
# Application: a Parameter arrives as Param_NAME, To is the application's id or the parent's To, and
# customerId is the AccountSid where there is none
@pytest.mark.parametrize(
    ("attributes", "given"),
    [
        ("", {"To": "AP1", "Called": "AP1", "CustomerId": "AC"}),
        ("customerId='C7'", {"To": "AP1", "Called": "AP1", "CustomerId": "C7"}),
        ("copyParentTo='true'", {"To": "1000", "Called": "1000", "CustomerId": "AC"}),
    ],
)
async def test_its_requests_say_what_the_dial_gives(attributes, given):
    noun = (
        f"<Application {attributes}><ApplicationSid>AP1</ApplicationSid>"
        "<Parameter name='order' value='12'/></Application>"
    )
    parent, _ = await dialling(noun)
    board = Board()
    board.switchboard.lines.update(parent.lines)
    board.asterisk.arrive(f"{LEG};2")
    await board.over()
    (asked,) = board.web.asked
    said = asked.params | {"CustomerId": asked.params["CustomerId"].rstrip("0")}
    assert {name: said[name] for name in given} == given
    assert said["Param_order"] == "12"
    assert said["CallSid"] == sid(LEG)


# … and its Hangup and Reject give parameters back, which action is told as ReturnParam_NAME
@pytest.mark.parametrize("verb", ["Hangup", "Reject"])
async def test_what_it_gives_back_is_told_to_the_action(verb):
    parent, attempt = await dialling("<Application>AP1</Application>")
    body = f"<Response><{verb}><Parameter name='paid' value='yes'/></{verb}></Response>"
    board = Board(answers={VOICE: [reply(200, body, content_type="text/xml")]})
    board.switchboard.lines.update(parent.lines)
    board.asterisk.arrive(f"{LEG};2")
    await board.over()
    assert attempt.returned == {"ReturnParam_paid": "yes"}


def test_a_call_that_no_application_has_dialled_gives_nothing_back():
    result = call("<Hangup><Parameter name='paid' value='yes'/></Hangup>")
    assert (result.warnings, result.ended_by) == ([], "pivot")


def test_nothing_given_back_leaves_the_action_as_it_is():
    result = call("<Dial action='got'><Application>AP1</Application></Dial>", dial={"menu": TALKS})
    assert [name for name in told(result, "got") if name.startswith("Return")] == []
