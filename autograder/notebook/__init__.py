"""Reading a submission: which file it is, what it contains, and its cells rebuilt on the course's notebook."""
