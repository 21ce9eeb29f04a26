"""Experts on our own devices that are up to no good."""
