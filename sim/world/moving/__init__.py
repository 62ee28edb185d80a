"""Bodies that move, tick by tick."""
