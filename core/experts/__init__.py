"""The experts: one file per task type, named after it. :meth:`core.registry.Registry.discover` reads them all."""
