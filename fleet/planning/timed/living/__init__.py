"""What standing, driving and working do to a charge."""
