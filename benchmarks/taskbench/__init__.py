"""How well requests are planned, in the terms of TaskBench (Microsoft, domain "Hugging Face"): its tools, its files."""
