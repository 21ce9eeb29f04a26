"""What several experts need to know about language: which one it is, where sentences end, which passage fits."""
