"""Tiny models: audio."""
