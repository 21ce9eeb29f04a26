"""Hosted inference: who serves which model, how it is asked, and what is done when it fails.

``availability`` works in the bot, the rest in the child processes that ask: only those know the token.
"""
