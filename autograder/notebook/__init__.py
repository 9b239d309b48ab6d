"""A submission's notebook on its way in: which file is meant, what it holds, and its cells as the course knows them."""
