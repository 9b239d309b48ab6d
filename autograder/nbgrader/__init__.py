"""Where this project and nbgrader meet: the course folder, its configuration, and our steps in nbgrader's sequence."""
