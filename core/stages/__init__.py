"""HuggingGPT's four stages, a file each."""
