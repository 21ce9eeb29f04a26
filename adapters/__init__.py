"""The platforms: an ear and a mouth each. Imports core only."""
