"""Tiny models: diffusion."""
