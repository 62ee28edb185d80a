"""What happened, as the world notes it."""
