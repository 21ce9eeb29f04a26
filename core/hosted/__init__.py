"""Experts that ask hosted inference, by area. They run in child processes like all others.

To add a task: a class that derives from :class:`core.hosted.expert.HostedExpert`, decorated ``@hosted(TYPE)``, that
says which of the Hub's tasks it can be done with and what is asked. What is made of the answer is shared with the
experts on our own devices, so that both give the same outputs.
"""
