"""Tiny models: vision."""
