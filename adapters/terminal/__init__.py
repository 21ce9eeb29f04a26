"""The terminal as a platform: what is said at one, answered there."""
