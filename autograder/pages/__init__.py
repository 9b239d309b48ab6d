"""What people look at: the feedback page, the table in the terminal, and the table of grades."""
