"""Commands to move, worked out over the true ground."""

from sim.world.course.drive import Drive, Driver, Mark
from sim.world.course.hidden import Sight
from sim.world.course.site import Site

__all__ = ["Drive", "Driver", "Mark", "Sight", "Site"]
