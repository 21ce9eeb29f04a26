"""The store: requests, events, turns, modes, results and media. Knows the core's ports, and nobody else."""
