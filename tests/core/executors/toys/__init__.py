"""Experts that behave in every way an expert can, for the tests of executors."""
