"""What lies between two frames, and before the first."""

from __future__ import annotations

import msgspec

from fleet.core import wrap_angle
from sim.record.entries import Frame, Opening, RoverFrame


def between(before: RoverFrame, after: RoverFrame, share: float) -> RoverFrame:
    """Return a rover between two frames: what flows is interpolated, what jumps is as before."""
    if share <= 0.0:
        return before

    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    return msgspec.structs.replace(
        before,
        x=mix(before.x, after.x),
        y=mix(before.y, after.y),
        heading=wrap_angle(before.heading + wrap_angle(after.heading - before.heading) * share),
        battery=mix(before.battery, after.battery),
        distance=mix(before.distance, after.distance),
        energy=mix(before.energy, after.energy),
        temperature=mix(before.temperature, after.temperature),
    )


def first_frame(opening: Opening) -> Frame:
    """Return a frame that tells no more than the opening, for the time before the first one."""
    rovers = tuple(
        RoverFrame(
            rover=rover.rover,
            x=rover.pose.x,
            y=rover.pose.y,
            heading=rover.pose.heading,
            battery=1.0,
            light=1.0,
            power=0.0,
            activity="idle",
            task=None,
            payload=0.0,
            distance=0.0,
            energy=0.0,
        )
        for rover in opening.rovers
    )
    return Frame(tick=0, sun=(0.0, 0.0), rovers=rovers, links=(), stock={})
