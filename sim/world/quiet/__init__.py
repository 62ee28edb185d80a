"""Many ticks at once in which nothing can happen."""
