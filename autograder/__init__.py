"""A submission's journey from the notebook to the gradebook, a module a step."""
