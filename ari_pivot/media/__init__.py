"""Sounds for Asterisk: speech made, audio fetched and converted, both kept.

`MediaLibrary` is the way in; everything else serves it.
"""
