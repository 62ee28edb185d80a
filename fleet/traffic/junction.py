"""Ways of several rovers through ground that all of them want, made together so that nobody is left waiting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from fleet.core import Disc, Path, Point, RoverId, densify, distance
from fleet.sdk.joint import JointPlan, JointPlanner, JointProblem, LaneNetwork, Mover
from fleet.terrain import Terrain
from fleet.traffic.corridor import Pieces, crossings, disc_pieces, segment_pieces
from fleet.traffic.course import SEGMENT_LENGTH
from fleet.traffic.plan import AcceptedPlan, join
from fleet.vehicles import VehicleClass

_MARGIN = 6.0  # Widths of ground around all ends and ways that is looked at for room to give way.
_ACROSS = 40  # Waypoints along the longer side, at the most.
_SPACING = 0.65  # Between waypoints, in widths.
_LANE = 1.5  # Longest lane, in spacings: to the eight neighbours.
_SAME = 0.01  # Metres; no lane is shorter.
# Metres: longest segment where ways cross, and how much wider than its corridor each disc is planned.
_CUTS = ((1.0, 0.0), (1.0, 1.0), (0.5, 0.5))
_ANSWERS = 24  # Of the planner, until one is safe.

Legs = NDArray[np.float64]  #: ``(N, 4)``: both ends.


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of those who want the same ground."""

    rover: RoverId
    vehicle: VehicleClass
    place: Point  #: Where it stands.
    radius: float  #: Half the width of its corridor.
    wish: Path = ()  #: The way that it asked for; empty: it wants nothing, but may be in the way.


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A way for each party, and when each of its segments is meant to be entered."""

    paths: Mapping[RoverId, Path]
    entries: Mapping[RoverId, tuple[float, ...]]  #: Seconds; of two that cross, the sooner goes first.


def agree(parties: Sequence[Party], rests: Sequence[Disc], terrain: Terrain, planner: JointPlanner) -> Agreement | None:
    """Return ways on which all who want to go somewhere arrive, and who wants nothing gives way where it must.

    Parameters
    ----------
    parties
        All stand; the first is the one for whose sake ways are made.
    rests
        Ground that stays taken: of those who will not move, or will come to rest there.
    terrain
        What their leader believes of the ground.

    Notes
    -----
    Lanes lead between waypoints of a square lattice around the conflict, and along what was asked for, wherever
    every vehicle among the parties may drive. Discs that are planned wider by the length of a segment are never at the
    same time on segments that cross; so of two such, one is left before the other is entered, in an order that has no
    cycle. Where they stand too close for that, the disc is as wide as the corridor, and the order is looked at.
    A wish to be where others will be is left out: its rover gives way at most.
    """
    site = _Site(parties, rests, terrain)
    goals = site.goals()
    if goals is None:
        return None
    network = site.network()
    for cut, wider in _CUTS:
        movers = tuple(
            Mover(start=start, goal=goal, radius=party.radius + wider, speed=party.vehicle.max_speed)
            for start, goal, party in zip(range(len(parties)), goals, parties, strict=True)
        )
        problem = JointProblem(network=network, movers=movers, timing="discs")
        for answer in islice(planner.plans(problem), _ANSWERS):
            if isinstance(answer, JointPlan):
                agreement = _merged(parties, _read(answer, parties, network, cut))
                if is_safe(parties, agreement):
                    return agreement
    return None


def is_safe(parties: Sequence[Party], agreement: Agreement) -> bool:
    """Whether all surely arrive, whatever is delayed."""
    plans = [
        AcceptedPlan(
            rover=party.rover,
            number=1,
            order=order,
            path=agreement.paths[party.rover],
            radius=party.radius,
            start=_disc(party),
        )
        for order, party in enumerate(_moving(parties, agreement))
    ]
    stay = [_disc(party) for party in parties if party.rover not in agreement.paths]
    if any(crossings(plan.pieces[1:], disc_pieces(stay)).any() for plan in plans):
        return False
    return join(plans, [agreement.entries[plan.rover] for plan in plans])


def _moving(parties: Sequence[Party], agreement: Agreement) -> Iterator[Party]:
    return (party for party in parties if party.rover in agreement.paths)


def _read(plan: JointPlan, parties: Sequence[Party], network: LaneNetwork, cut: float) -> Agreement:
    """Return a joint plan as ways in short segments; who stays where it is has none."""
    paths: dict[RoverId, Path] = {}
    entries: dict[RoverId, tuple[float, ...]] = {}
    for number, party in enumerate(parties):
        points, times = [network.point(plan.way(number)[0][1])], []
        for (time, a), (later, b) in pairwise(plan.way(number)):
            if a != b:
                ahead = densify((network.point(a), network.point(b)), cut)[1:]
                points += ahead
                times += [time + (later - time) * step / len(ahead) for step in range(len(ahead))]
        if times:
            paths[party.rover], entries[party.rover] = tuple(points), tuple(times)
    return Agreement(paths=paths, entries=entries)


def _merged(parties: Sequence[Party], agreement: Agreement) -> Agreement:
    """Return the same ways with longer segments wherever nobody else comes."""
    pieces = {
        party.rover: segment_pieces(agreement.paths[party.rover], party.radius) for party in _moving(parties, agreement)
    }
    starts = {party.rover: disc_pieces([_disc(party)]) for party in parties}
    paths: dict[RoverId, Path] = {}
    entries: dict[RoverId, tuple[float, ...]] = {}
    for rover, own in pieces.items():
        others = [piece for other, piece in (*pieces.items(), *starts.items()) if other != rover]
        is_shared = np.any(crossings(own, np.concatenate([disc_pieces([]), *others])), axis=1).tolist()
        path, times = agreement.paths[rover], agreement.entries[rover]
        kept = [0]
        for at in range(1, len(path) - 1):
            before, here, after = path[kept[-1]], path[at], path[at + 1]
            is_bend = distance(before, after) < distance(before, here) + distance(here, after) - _SAME
            if is_bend or is_shared[at - 1] or is_shared[at] or distance(before, after) > SEGMENT_LENGTH:
                kept.append(at)
        paths[rover] = (*(path[at] for at in kept), path[-1])
        entries[rover] = tuple(times[at] for at in kept)
    return Agreement(paths=paths, entries=entries)


def _disc(party: Party) -> Disc:
    return Disc(x=party.place[0], y=party.place[1], radius=party.radius)


class _Site:
    """The ground around a conflict: waypoints, lanes, and who means to be where."""

    def __init__(self, parties: Sequence[Party], rests: Sequence[Disc], terrain: Terrain) -> None:
        self._parties = parties
        self._rests = rests
        self._terrain = terrain
        self._radius = max(party.radius for party in parties)
        ends = np.array([point for party in parties for point in (party.place, *party.wish)])
        margin = 2.0 * _MARGIN * self._radius
        low, high = ends.min(axis=0) - margin, ends.max(axis=0) + margin
        self._spacing = max(2.0 * _SPACING * self._radius, float((high - low).max()) / _ACROSS)
        counts = np.floor((high - low) / self._spacing).astype(int) + 1
        xs, ys = (low[axis] + self._spacing * np.arange(counts[axis]) for axis in (0, 1))
        lattice = np.stack([grid.reshape(-1) for grid in np.meshgrid(xs, ys)], axis=1)
        self._lattice = lattice[self._are_free(lattice)]
        ways = [densify(party.wish, self._spacing)[1:-1] for party in parties if party.wish]
        self._own = np.array([point for way in ways for point in way], dtype=np.float64).reshape(-1, 2)
        self._points: list[Point] = [party.place for party in parties]

    def goals(self) -> list[int] | None:
        """Return the waypoint at which each party ends; None when there is no room for all, or not for the first."""
        taken: list[Disc] = []
        wishes: list[Path] = []
        for party in self._parties:
            end = Disc(x=party.wish[-1][0], y=party.wish[-1][1], radius=party.radius) if party.wish else None
            is_free = end is not None and not _overlap(end, [*taken, *self._rests])
            wishes.append(party.wish if is_free else ())
            taken += [end] if end is not None and is_free else []
        if not wishes[0]:
            return None
        ways = [segment_pieces(w, p.radius) for w, p in zip(wishes, self._parties, strict=True) if w]
        goals = []
        for number, (wish, party) in enumerate(zip(wishes, self._parties, strict=True)):
            if wish:
                goals.append(self._add(wish[-1]))
                continue
            aside = self._aside(party, taken, np.concatenate([disc_pieces([]), *ways]))
            if aside is None:
                return None
            taken.append(Disc(x=aside[0], y=aside[1], radius=party.radius))
            goals.append(number if aside == party.place else self._add(aside))
        return goals

    def network(self) -> LaneNetwork:
        """Return all waypoints, those named first, and lanes between them."""
        points = np.concatenate([np.array(self._points), self._own, self._lattice])
        spots = np.asarray(shapely.points(points), dtype=object)
        a, b = STRtree(list(spots)).query(spots, predicate="dwithin", distance=_LANE * self._spacing)
        gaps = points[a] - points[b]
        once = (a < b) & ((gaps * gaps).sum(axis=1) > _SAME * _SAME)
        order = np.lexsort((b[once], a[once]))
        a, b = a[once][order], b[once][order]
        legs = np.concatenate([points[a], points[b]], axis=1)
        legs_free = self._are_clear(legs)
        pairs = np.stack([a, b], axis=1)[legs_free]
        return LaneNetwork(points, np.concatenate([pairs, pairs[:, ::-1]]))

    def _add(self, point: Point) -> int:
        self._points.append(point)
        return len(self._points) - 1

    def _aside(self, party: Party, taken: Sequence[Disc], ways: Pieces) -> Point | None:
        """Return the nearest place where a party is in nobody's way; at worst, on nobody's goal."""
        places = np.concatenate([np.array([party.place]), self._lattice])
        gaps = places - np.array(party.place)
        order = np.argsort((gaps * gaps).sum(axis=1), kind="stable")
        pieces = np.column_stack([places, places, np.full(len(places), party.radius)])[order]
        in_the_way = crossings(pieces, disc_pieces([*taken, *self._rests, *self._others(party)])).any(axis=1)
        for free in (~in_the_way & ~crossings(pieces, ways).any(axis=1), ~in_the_way):
            if free.any():
                x, y = pieces[int(np.argmax(free)), :2].tolist()
                return (x, y)
        return None

    def _others(self, party: Party) -> list[Disc]:
        return [_disc(other) for other in self._parties if other is not party]

    def _are_free(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        return self._are_clear(np.concatenate([points, points], axis=1))

    def _are_clear(self, legs: Legs) -> NDArray[np.bool_]:
        """Whether the widest corridor along each leg keeps off all that rest, and every vehicle may drive there."""
        clear = np.ones(len(legs), np.bool_)
        for vehicle in dict.fromkeys(party.vehicle for party in self._parties):
            clear &= self._terrain.are_clear(legs, vehicle)
        pieces = np.column_stack([legs, np.full(len(legs), self._radius)])
        return clear & ~crossings(pieces, disc_pieces(self._rests)).any(axis=1)


def _overlap(disc: Disc, others: Sequence[Disc]) -> bool:
    return any(distance((disc.x, disc.y), (o.x, o.y)) < disc.radius + o.radius for o in others)
