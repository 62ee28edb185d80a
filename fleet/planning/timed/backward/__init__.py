"""Least costs from everywhere to a goal."""
