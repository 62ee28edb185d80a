"""Radio links between bodies."""
