"""A search in time as plain arrays: lanes, light and what a vehicle lives on.

Time is whole ticks from the tick of departure, cut into layers of equal length; a light's level is a share of the Sun's
disc in steps of ``1 / LEVELS``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.planning.ground import Bytes, Floats, Indices

LEVELS: Final = 200
BEARINGS: Final = 64  #: Headings that a driving vehicle's panels are told apart by, evenly from x counter-clockwise.


class Net(NamedTuple):
    """Waypoints and lanes; those from waypoint ``i`` are ``first[i]`` to ``first[i + 1]``.

    The last two waypoints are the start and the goal; lanes from waypoints to the goal stand behind all others.
    """

    x: Floats  #: ``(V,)`` metres.
    y: Floats
    first: Indices  #: ``(V + 1,)``
    last: Indices  #: ``(V,)`` the lane from a waypoint to the goal, -1 where there is none.
    to: Indices  #: ``(L,)``
    ticks: Indices  #: ``(L,)``, at least 1.
    joules: Floats  #: ``(L,)`` for driving alone.
    bearing: Bytes  #: ``(L,)`` heading of the drive, 0 to ``BEARINGS - 1``.
    cost: Floats  #: ``(L,)`` what the search adds up, at least 0.
    open: Bytes  #: ``(L,)`` 1 where nothing that is to be avoided is in the way.
    begin: Indices  #: ``(V - 1,)``: lanes that end at a waypoint, but for start and goal, are entries ``begin[i]`` on,
    source: Indices  #: from where they come,
    which: Indices  #: and which they are.


class Sky(NamedTuple):
    """Where the Sun stands in each layer, and the horizon of every cell; see `fleet.moon.light.LightField`."""

    every: int  #: Ticks a layer.
    sun: Floats  #: ``(K, 3)`` heading, elevation, and share that the Earth leaves free, at the middle of a layer.
    horizon: NDArray[np.int16]
    first_heading: float
    heading_step: float
    disc: Floats
    west: float
    south: float
    pixel: float


class Supply(NamedTuple):
    """What a vehicle gains and uses, watts; heaters as they are on average, by the light around."""

    dt: float  #: Seconds a tick.
    sunlight: Floats  #: ``(K,)`` from a square metre of panel that faces the Sun, whole disc in view.
    resting: Floats  #: ``(K,)`` square metres that face it when the vehicle has turned to it.
    driving: Floats  #: ``(K, BEARINGS)`` square metres that face it on a heading.
    awake: Floats  #: ``(LEVELS + 1,)`` hotel load and heater.
    asleep: Floats
    working: Floats
    capacity: float  #: Joules.


class Aim(NamedTuple):
    """What is asked for."""

    start: int  #: Waypoint.
    goal: int
    charge: float  #: Joules at the start.
    reserve: float  #: Joules that are never gone below.
    latest: int  #: Last tick at which to be at the goal.
    stay: int  #: Ticks of work there,
    light: int  #: 1 in the light, 2 in the dark only, 0 in any.
    has_haven: bool  #: Whether the vehicle must be able to live on until the last layer ends.
    second: float  #: What the search adds for a second of waiting,
    joule: float  #: for a joule used by who waits,
    onward: float  #: and for a second on the way to a haven.
    tolerance: float  #: Joules by which a charge may be less and is still as good.
    budget: int  #: Labels.
    most: float  #: Plans that cost so much or more are not looked for.


class Labels(NamedTuple):
    """Partial plans: somewhere at some tick with some charge; number `node` is ``V`` more once the goal was served."""

    node: Indices
    tick: Indices
    charge: Floats
    cost: Floats
    parent: Indices  #: -1 for the first.
    under: Indices  #: Next of the same node and layer.
    behind: Indices  #: Next in the same bucket of the queue.
    alive: Bytes
