"""Which side of a line a point lies on, without error."""

from fleet.planning.visibility.exact.kernels import turn

__all__ = ["turn"]
