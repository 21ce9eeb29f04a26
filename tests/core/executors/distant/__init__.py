"""The toys as experts of hosted inference. They ask nobody, so that what is tested lies around them."""
