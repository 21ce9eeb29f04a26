"""Experts that do nothing, so that what is measured is what lies around them."""
