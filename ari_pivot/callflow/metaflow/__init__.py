"""Metaflows: what keys do while two speak. Source: KAZOO, konami."""
