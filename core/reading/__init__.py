"""Reading documents: text recognition, the order lines are read in, and what the fields of a form say."""
