"""A call that no route takes: the directory's source may have the callflow with its number."""

import pytest
from board_fakes import Board

from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.routes import Routes

pytestmark = pytest.mark.virtual


class Source:
    """Has a callflow for one number."""

    async def ask(self, kind, id_):
        if (kind, id_) != ("number", "1000"):
            return None
        flow = {"module": "play", "data": {"id": "welcome"}, "children": {}}
        return ConfiguredDirectory(callflows={"one": {"numbers": ["1000"], "flow": flow}})


def board():
    return Board(Routes(()), directory=ConfiguredDirectory().asking(Source()))


def played(one):
    return [line for line in one.told if "welcome" in line or "sorry" in line]


async def test_the_source_is_asked_for_its_callflow():
    one = board()
    await one.arrive()
    (line,) = played(one)
    assert "welcome" in line
    assert one.errors == []


async def test_where_it_has_none_the_call_goes_the_failure_way():
    one = board()
    await one.arrive(dialled="2000")
    (line,) = played(one)
    assert "sorry" in line
