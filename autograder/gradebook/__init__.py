"""What is kept of a submission: rows in the gradebook's database, and files, all of them or none."""
