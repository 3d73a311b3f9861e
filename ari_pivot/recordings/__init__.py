"""Recordings that are over: taken from Asterisk, made ready, kept, told of, sent and removed.

`Keeper` is the way in; everything else serves it.
"""
