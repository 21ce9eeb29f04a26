"""Tiny models with random weights, one per expert: the real libraries load and run them in milliseconds.

Their outputs are noise; tests look at kinds, shapes and behaviour, never at quality.
"""
