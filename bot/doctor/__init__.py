"""Checks everything that a person may have wrong: each finding says that it is well, or what to do."""
