"""Figures of speed and quality, printed as tables."""
