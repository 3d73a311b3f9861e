"""Killed with -9 while calls come and the CDRs' server is away: each call has its one CDR."""

from killing import Trial


async def test_every_call_is_reported_although_ari_pivot_is_killed_three_times(asterisk, tmp_path):
    figures = await Trial(asterisk, tmp_path, calls=60, rate=8).run()
    assert figures.missing == 0
    assert figures.reported == figures.handed_over >= 60
    assert figures.kills == 4  # three among the calls, one when all is told
    assert figures.reported_twice <= figures.kills  # only what a kill cut from its being struck off
    assert figures.most_waiting >= 20
