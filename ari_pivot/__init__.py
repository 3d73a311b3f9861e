"""Webhook call control for Asterisk: KAZOO callflows and TwiML, executed through ARI."""

__version__ = "0.1.0"
