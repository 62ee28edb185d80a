"""What a real rover runs: coordination of a fleet that belongs to several agencies."""
