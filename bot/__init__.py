"""Composes everything: the only room that knows all others, imported by none."""
