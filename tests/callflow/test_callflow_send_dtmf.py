"""send_dtmf: keys to the caller."""

import pytest
from flows import chain, heard, run


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        ({"digits": "12#"}, 3 * 2.1),
        ({"digits": "12#", "duration_ms": 300}, 3 * 0.4),
        ({"digits": "12#", "duration_ms": "300"}, 3 * 0.4),
        ({"digits": "1wW2", "duration_ms": 100}, 2 * 0.2 + 1.5),
        ({"digits": "1", "duration_ms": "soon"}, 2.1),
        ({"digits": "1", "duration_ms": 0}, 2.1),
    ],
)
def test_each_key_is_sent_for_its_time(data, seconds):
    result = run(chain("answer", ("send_dtmf", data)))
    assert heard(result) == [data["digits"]]
    assert result.requests[1].at - result.requests[0].at == pytest.approx(seconds, abs=0.15)


def test_what_is_no_key_is_not_sent():
    assert heard(run(chain("answer", ("send_dtmf", {"digits": "1x 2"})))) == ["12"]
    result = run(chain("answer", ("send_dtmf", {"digits": "xyz"})))
    assert heard(result) == []
    assert len(result.requests) == 2
