"""Where jobs run: child processes that own the models, and what chooses among several such places."""
