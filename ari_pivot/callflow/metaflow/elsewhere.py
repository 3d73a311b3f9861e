"""The metaflow modules of KAZOO's that are not executed here, and why."""

ELSEWHERE = {
    "break": "what plays to one of two who speak ends by itself",
    "hold_control": "a telephone is not told to hold; `hold` lets the other one wait",
    "intercept": "calls are taken by the callflow's `intercept`",
    "move": "calls stay at the telephone where they are",
    "relate": "who hears whom in a conference is not set for two of its members",
    "resume": "who is on hold comes back by `unhold_key`",
    "sound_touch": "voices cannot be changed in pitch",
}
