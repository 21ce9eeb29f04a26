"""The experts that ask hosted inference: the same task types, done by models on somebody else's machines."""
