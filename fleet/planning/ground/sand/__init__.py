"""What soft ground costs."""
