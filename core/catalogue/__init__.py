"""The candidate models: which ones there are for a task type, with what is known of each."""
