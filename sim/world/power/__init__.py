"""Sun, loads and batteries, tick by tick."""
