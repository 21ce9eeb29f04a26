"""From wishes to tasks: each argument gets the file, the text or the earlier result that it comes from."""
