"""From clauses to what they wish for."""
