"""Voicemail that is kept: messages, greetings and recorded names, in the database and a folder."""
