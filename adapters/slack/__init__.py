"""Slack: an ear on Socket Mode or HTTP events, and a mouth that streams into threads."""
