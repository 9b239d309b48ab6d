"""What people read: the feedback page, the table in the terminal, and the files in grades/."""
