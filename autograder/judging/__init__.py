"""What a submission is worth: a function of its bytes, the unit and a seed, without a database."""
