"""Tiny models: language."""
