"""Weights of models on this machine's disk: which are here, how they come, which leave when there is no room."""
