"""What the pool costs on a GPU: a file for what is measured together; ``__main__`` says how to run it."""
