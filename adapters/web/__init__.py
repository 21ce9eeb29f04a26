"""The web as a platform: a page to chat with, and the HTTP API."""
