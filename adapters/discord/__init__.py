"""Discord as a platform: mentions, replies, direct messages, threads and commands; a live card and plain answers."""
