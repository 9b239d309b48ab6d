"""A class graded: submissions taken in, workers here or on a cluster, and what became of each."""
