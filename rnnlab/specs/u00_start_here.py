"""Unit 00 has no exercises."""
