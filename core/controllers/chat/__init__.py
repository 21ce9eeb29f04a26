"""The parts of the controller that asks a language model: what it is told, how it is asked, how its words are read."""
