"""Integration with nbgrader: the course folder, its configuration, and the autograder's preprocessors."""
