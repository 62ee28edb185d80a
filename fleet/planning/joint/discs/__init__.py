"""Joint ways of discs in continuous time."""
