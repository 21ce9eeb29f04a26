"""Minds that plan and answer: rules, or a language model."""
