"""Words and patterns: what the rules know. Data only."""
