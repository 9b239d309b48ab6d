"""How a submission runs: in isolation, within limits, and what crosses the border is data."""
