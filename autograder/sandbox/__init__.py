"""Running a submission: isolated, within limits, and exchanging nothing but data."""
