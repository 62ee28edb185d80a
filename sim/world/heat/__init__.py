"""How warm bodies are, and when they sleep, wake, or are down."""
