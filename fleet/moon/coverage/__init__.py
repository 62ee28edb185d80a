"""What an antenna at one place sees of a map."""

from fleet.moon.coverage.coverage import seen_from

__all__ = ["seen_from"]
