"""park: leave the caller in a numbered slot, or fetch who is there."""

import pytest
from flows import act, heard
from line_box import Box
from simulated import meet, simulate

from ari_pivot.call.reports import Nowhere
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.callflow.park import Park
from ari_pivot.errors import CallEnded

DIRECTORY = {"devices": {"desk": {"endpoint": "PJSIP/desk"}}}


def park(action="direct_park", slot="5", **children):
    data = {"action": action, "default_ringback_timeout": 10_000, "default_callback_timeout": 4_000}
    if slot:
        data["slot"] = slot
    return act("park", data, **children)


def leaves(at):
    return [{"at": at, "hangup": True}]


def music(person):
    return [(one.began, one.ended) for one in person.sounds if one.media.startswith("moh:")]


def test_a_parked_caller_hears_music_until_somebody_fetches_them():
    result, (ann, _) = meet((0, park(), []), (5, park("retrieve"), leaves(8)))
    assert music(ann) == [(0, pytest.approx(5, abs=0.3))]
    assert ann.ended_at == pytest.approx(13, abs=0.5)
    assert (result.ended_by, result.errors) == ("pivot", [])


def test_auto_parks_and_then_fetches():
    _, (ann, bob) = meet((0, park("auto"), []), (9, park("auto"), leaves(8)))
    assert round(music(ann)[0][1]) == 9
    assert music(bob) == []
    assert bob.sounds == []


def test_park_says_the_slot_first():
    result = simulate(park("park", slot=""), do=leaves(20))
    assert heard(result)[:1] == ["The call is parked. Its place is"]
    assert [one.value for one in result.heard][1] == "101"
    assert result.heard[-1].kind == "hold"


def test_slots_are_given_from_101_on():
    _, (_, _, ann) = meet(
        (0, park(slot=""), leaves(30)), (1, park(slot=""), leaves(30)),
        (5, park("retrieve", slot="102"), leaves(5)),
    )  # fmt: skip
    assert ann.sounds == []


def test_a_slot_that_is_taken_is_said_to_be():
    _, (_, bob) = meet((0, park(), leaves(30)), (1, park("park"), []))
    assert len(bob.sounds) == 1
    assert bob.ended_at is not None


def test_nobody_is_there_to_be_fetched():
    result = simulate(park("retrieve"))
    assert heard(result) == ["There is no call there."]
    assert result.ended_by == "pivot"


# KAZOO says: max_slot_number, "Continue past this module if the selected slot number exceeds"
def test_beyond_the_last_slot_the_flow_goes_on():
    for children, text in (({"MAX_SLOT_EXCEEDED": "full"}, "full"), ({"_": "else"}, "else")):
        flow = park(slot="120", **children)
        flow["data"]["max_slot_number"] = 110
        assert heard(simulate(flow)) == [text]


# KAZOO says: "If the device parking the call is known the parked call will periodically ring the
# parker back", then "a child key which matches the parking slot number, otherwise re-parked"
def parked_by_desk(party, **box):
    made = Box({"desk": party}, **box)
    made.call.directory = ConfiguredDirectory.model_validate(DIRECTORY)
    made.call.facts.sip_headers["Referred-By"] = "<sip:desk@example.com>"
    return made


class Told(Nowhere):
    def __init__(self):
        self.told = []

    def tell(self, call, event, more):
        if event.startswith("PARK"):
            self.told.append((event, more))


DATA = {"action": "direct_park", "slot": "5", "default_ringback_timeout": 10_000,
        "default_callback_timeout": 4_000}  # fmt: skip


@pytest.mark.virtual
async def test_who_has_parked_the_caller_is_rung_and_speaks_with_them():
    box = parked_by_desk({"ring": 1, "answer": True, "talk": 5})
    assert await Park(**DATA).run(box.call, {"5": None}) is None
    desk = box.party("desk")
    assert (round(desk.dialled_at), round(desk.ended_at)) == (10, 16)
    assert box.left == set()


@pytest.mark.virtual
async def test_the_child_of_the_slot_follows_where_they_do_not_answer():
    box = parked_by_desk({"no_answer": True})
    assert await Park(**DATA).run(box.call, {"5": None}) == "5"
    assert box.seconds() == 14
    assert box.call.rooms.parked == {}


@pytest.mark.virtual
async def test_without_such_a_child_the_caller_stays_parked_and_they_are_rung_again():
    box = parked_by_desk({"no_answer": True})
    box.later(30, box.person.hang_up)
    with pytest.raises(CallEnded):
        await Park(**DATA).run(box.call, {})
    assert [round(one.dialled_at) for one in box.parties.dialled] == [10, 24]
    assert (box.call.rooms.parked, box.left) == ({}, set())


@pytest.mark.virtual
async def test_what_happens_to_parked_callers_is_told():
    box = parked_by_desk({"no_answer": True})
    box.call.reports = reports = Told()
    box.later(3, box.person.hang_up)
    with pytest.raises(CallEnded):
        await Park(**DATA).run(box.call, {})
    assert reports.told == [
        ("PARK_PARKED", {"parking_slot": "5"}), ("PARK_ABANDONED", {"parking_slot": "5"}),
    ]  # fmt: skip


@pytest.mark.virtual
async def test_a_lamp_shows_that_a_slot_is_taken():
    box = parked_by_desk({"no_answer": True})
    box.later(3, box.person.hang_up)
    with pytest.raises(CallEnded):
        await Park(**DATA | {"slots": {"5": {"presence_type": "confirmed"}}}).run(box.call, {})
    states = [one["deviceState"] for name, one in box.sent if name == "update"]
    assert states == ["INUSE", "NOT_INUSE"]
