"""Code that runs inside the sandbox; it imports neither the judge nor the answers."""
