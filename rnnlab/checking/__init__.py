"""What decides a verdict: calling a function, comparing what it returns, and marking it; needs nothing but NumPy."""
