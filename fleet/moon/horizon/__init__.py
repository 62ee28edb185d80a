"""How high the horizon stands around every cell of a map."""

from fleet.moon.horizon.around import Headings, Heights, horizon_of, stored_horizon_of

__all__ = ["Headings", "Heights", "horizon_of", "stored_horizon_of"]
