"""The ground with everything that happened on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, degrees, sin
from typing import Final

import shapely

from fleet.core import MissionTime, Point, RoverId
from fleet.terrain import GroundMap, Hazard
from sim.report.facts import Facts
from sim.report.markup import Markup, element, joined, number
from sim.report.png import data_uri
from sim.report.relief import shaded
from sim.report.scale import round_length, short_time

_NAMES: Final = {"rock": "rock", "soft": "soft ground", "steep": "steep ground"}
_SIZE: Final = 560.0
_MARGIN: Final = 0.12  #: Of the part where something happened, on every side.
_LEAST: Final = 40.0  #: Metres across, at least.
_DASHES: Final = (None, "7 4", "2 3", "10 3 2 3")  #: For rovers of one agency, in turn.


class _Plane:
    """From metres of the site frame to the picture: the square in which something happened."""

    def __init__(self, places: Sequence[Point], ground: GroundMap) -> None:
        self.half_x = (ground.columns - 1) * ground.pixel / 2
        self.half_y = (ground.rows - 1) * ground.pixel / 2
        xs, ys = [x for x, _ in places] or [0.0], [y for _, y in places] or [0.0]
        self._centre = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        across = max(max(xs) - min(xs), max(ys) - min(ys), _LEAST) * (1.0 + 2.0 * _MARGIN)
        self.across = min(across, 2.0 * max(self.half_x, self.half_y)) or _LEAST

    @property
    def scale(self) -> float:
        """Units of the picture a metre."""
        return _SIZE / self.across

    def at(self, x: float, y: float) -> Point:
        """Return a place in the picture."""
        return (
            _SIZE / 2 + (x - self._centre[0]) * self.scale,
            _SIZE / 2 - (y - self._centre[1]) * self.scale,
        )

    def points(self, places: Sequence[Point]) -> str:
        """Return places as an attribute."""
        return " ".join(f"{number(u)},{number(v)}" for u, v in (self.at(x, y) for x, y in places))


def dashes(facts: Facts) -> dict[RoverId, str | None]:
    """Return how each rover's track is broken, so that rovers of one agency can be told apart."""
    seen: dict[str, int] = {}
    chosen: dict[RoverId, str | None] = {}
    for rover in facts.opening.rovers:
        if rover.can_drive:
            turn = seen[rover.agency] = seen.get(rover.agency, -1) + 1
            chosen[rover.rover] = _DASHES[turn % len(_DASHES)]
    return chosen


def site_map(facts: Facts, ground: GroundMap, time: MissionTime, colours: Mapping[RoverId, str]) -> Markup:
    """Return a picture of the ground with zones, closed ground, work places, rocks found, and where everyone went."""
    places = [place for task in facts.opening.tasks for place in task.places]
    places += [place for rover in facts.rovers.values() for place in rover.track]
    plane = _Plane(places, ground)
    drawn = [
        _picture(plane, ground),
        *_zones(plane, ground),
        *_closed(plane, facts, time),
        *_rocks(plane, facts),
        *_docks(plane, facts),
        *_tracks(plane, facts, colours),
        *_tasks(plane, facts),
        *_bodies(plane, facts, colours),
        _scale_bar(plane),
        _north(ground),
    ]
    size = number(_SIZE)
    label = f"Map of the site, {plane.across:.0f} m across, with the tracks of all rovers"
    clip = element("clipPath", element("rect", width=_SIZE, height=_SIZE, rx=8), id="frame")
    content = element("g", *drawn, clip_path="url(#frame)")
    return element("svg", clip, content, viewBox=f"0 0 {size} {size}", role="img", aria_label=label, class_="map")


def _picture(plane: _Plane, ground: GroundMap) -> Markup:
    # Heights stand at the centres of the pixels.
    west, north = -plane.half_x - ground.pixel / 2, plane.half_y + ground.pixel / 2
    left, top = plane.at(west, north)
    return element(
        "image",
        x=left,
        y=top,
        width=ground.columns * ground.pixel * plane.scale,
        height=ground.rows * ground.pixel * plane.scale,
        preserveAspectRatio="none",
        href=data_uri(shaded(ground)),
    )


def _zones(plane: _Plane, ground: GroundMap) -> list[str]:
    return [
        element(
            "polygon",
            element("title", f"{zone.id} ({zone.kind})"),
            points=plane.points(zone.outline),
            class_="zone keep-out" if zone.kind == "keep-out" else "zone",
        )
        for zone in ground.zones
    ]


def _closed(plane: _Plane, facts: Facts, time: MissionTime) -> list[str]:
    """Return ground that was closed for a while, with its name."""
    drawn: list[str] = []
    for zone in facts.closed:
        until = "the end" if zone.end is None else short_time(time.seconds(zone.end))
        name = element("title", f"{zone.zone}: closed from {short_time(time.seconds(zone.start))} to {until}")
        drawn.append(element("polygon", name, points=plane.points(zone.outline), class_="zone closed"))
        middle = shapely.Polygon(zone.outline).centroid
        u, v = plane.at(middle.x, middle.y)
        drawn.append(element("text", zone.zone, x=u, y=v + 4, text_anchor="middle", class_="name"))
    return drawn


def _rocks(plane: _Plane, facts: Facts) -> list[str]:
    drawn: list[str] = []
    # Soft and steep ground is wide: rocks are drawn over it.
    found = sorted(facts.hazards.items(), key=lambda item: item[0].kind == "rock")
    for hazard, (_, rover) in found:
        disc = hazard.disc
        u, v = plane.at(disc.x, disc.y)
        denied = f"; {facts.denied[hazard][1]} found none there" if hazard in facts.denied else ""
        name = element(
            "title", f"{_NAMES[hazard.kind]} of {disc.radius:.1f} m{_figure(hazard)}, found by {rover}{denied}"
        )
        size = max(2.2, disc.radius * plane.scale)
        drawn.append(element("circle", name, cx=u, cy=v, r=size, class_="denied" if denied else hazard.kind))
    return drawn


def _figure(hazard: Hazard) -> str:
    figures = {"rock": "", "soft": f" ({hazard.slip:.0%} slip)", "steep": f" ({degrees(hazard.tilt):.0f}° steep)"}
    return figures[hazard.kind]


def _docks(plane: _Plane, facts: Facts) -> list[str]:
    drawn: list[str] = []
    for source, x, y in facts.opening.docks:
        u, v = plane.at(x, y)
        name = element("title", f"charging place at {source}")
        drawn.append(element("rect", name, x=u - 2, y=v - 2, width=4, height=4, class_="dock"))
    return drawn


def _tracks(plane: _Plane, facts: Facts, colours: Mapping[RoverId, str]) -> list[str]:
    casings: list[str] = []
    lines: list[str] = []
    broken = dashes(facts)
    for rover in facts.opening.rovers:
        track = facts.rovers[rover.rover].track
        if len(track) < 2:
            continue
        # Half a unit of the picture is less than can be seen.
        thin = list(shapely.LineString(track).simplify(0.5 / plane.scale).coords)
        points = plane.points([(x, y) for x, y in thin])
        casings.append(element("polyline", points=points, class_="casing"))
        name = element("title", rover.title or rover.rover)
        lines.append(
            element(
                "polyline",
                name,
                points=points,
                class_="track",
                stroke=colours[rover.rover],
                stroke_dasharray=broken.get(rover.rover),
            )
        )
    return casings + lines


def _tasks(plane: _Plane, facts: Facts) -> list[str]:
    drawn: list[str] = []
    for task in facts.opening.tasks:
        state = facts.tasks[task.task].state
        for place in dict.fromkeys(task.places):
            u, v = plane.at(*place)
            name = element("title", f"{task.title or task.task}: {state}")
            shape = f"M{number(u)},{number(v - 4.5)}l4.5,4.5l-4.5,4.5l-4.5,-4.5Z"
            drawn.append(element("path", name, d=shape, class_=f"site {state}"))
    return drawn


def _bodies(plane: _Plane, facts: Facts, colours: Mapping[RoverId, str]) -> list[str]:
    """Return where everyone is in the end, with labels that keep clear of each other."""
    marks: list[str] = []
    labels: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for rover in facts.opening.rovers:
        own = facts.rovers[rover.rover].last
        u, v = plane.at(own.x, own.y) if own is not None else plane.at(rover.pose.x, rover.pose.y)
        heading = own.heading if own is not None else rover.pose.heading
        if rover.can_drive:
            shape = element(
                "path", d="M7,0L-5,4.5L-2.5,0L-5,-4.5Z", transform=f"translate({number(u)} {number(v)}) "
                f"rotate({number(-degrees(heading))})", fill=colours[rover.rover], class_="body",
            )  # fmt: skip
        else:
            shape = element(
                "rect", x=u - 6, y=v - 6, width=12, height=12, rx=2, fill=colours[rover.rover], class_="body"
            )
        marks.append(shape)
        x, y = _free_place(u, v, 8.0 * len(rover.rover), taken)
        labels.append(element("text", rover.rover, x=x, y=y, class_="name"))
    return [*marks, *labels]


def _free_place(u: float, v: float, wide: float, taken: list[tuple[float, float, float]]) -> Point:
    """Return where a label of this width can stand near (u, v), and take that place."""
    side = 10.0 if u + 10.0 + wide < _SIZE else -10.0 - wide
    for shift in (4.0, -13.0, 21.0, -30.0, 38.0, -47.0, 55.0, -64.0):
        x, y = u + side, v + shift
        if all(
            abs(y - other_y) > 16.0 or x > other_x + other or other_x > x + wide for other_x, other_y, other in taken
        ):
            break
    x, y = max(4.0, x), min(max(14.0, y), _SIZE - 6.0)
    taken.append((x, y, wide))
    return (x, y)


def _scale_bar(plane: _Plane) -> Markup:
    length = round_length(plane.across / 4)
    wide, y = length * plane.scale, _SIZE - 16
    bar = f"M14,{number(y - 5)}V{number(y)}H{number(14 + wide)}V{number(y - 5)}"
    text = element("text", f"{length:g} m", x=14 + wide / 2, y=y - 7, text_anchor="middle", class_="name")
    return joined([element("path", d=bar, class_="casing"), element("path", d=bar, class_="bar"), text])


def _north(ground: GroundMap) -> Markup:
    u, v = _SIZE - 28, 34.0
    arrow = element("path", d="M0,-16L5,4L0,1L-5,4Z", class_="body north")
    turn = 90.0 - degrees(ground.north)
    # The letter stands beyond the tip.
    x, y = u + 24 * cos(ground.north), v - 24 * sin(ground.north)
    letter = element("text", "N", x=x, y=y + 4.5, text_anchor="middle", class_="name")
    return joined([element("g", arrow, transform=f"translate({number(u)} {number(v)}) rotate({number(turn)})"), letter])
