"""The command line, a file for each command. Heavy libraries are imported where a command needs them."""
