"""The search for discs in continuous time: one after the other by safe intervals, then repair of neighbourhoods."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from fleet.core.arrays import Chance, Indices
from fleet.core.chance.kernels import shuffle
from fleet.planning.joint.arrays import Lanes
from fleet.planning.joint.discs.arrays import FOR_EVER, Driving, Held, Labels, Repairing, Roads, Trips
from fleet.planning.joint.discs.meeting.kernels import near_ground
from fleet.planning.joint.discs.repair.kernels import improve, keep_what_fits, place_next
from fleet.planning.joint.discs.trips.kernels import shortest
from fleet.sdk import NoPlan
from fleet.sdk.joint import JointPlan, JointProblem, LaneNetwork

_NEIGHBOURS = 5  # Rovers of a neighbourhood.
_REPAIRS = 8  # Neighbourhoods between two answers.
_SEARCHES = 16  # Searches between two answers, while there is no plan.
_RESTART = 12  # Searches for each rover, after which all begin anew in another order.
_INTERVALS = 48  # Safe intervals of a waypoint.
_SAME = 1e-9  # Seconds.
_SPANS = 4096  # Stays that can bear on one lane or waypoint.


class DiscSearch:
    """One problem in continuous time, from the first plan on."""

    def __init__(self, problem: JointProblem, seed: int) -> None:
        network, movers = problem.network, problem.movers
        starts = np.array([mover.start for mover in movers], np.int32)
        goals = np.array([mover.goal for mover in movers], np.int32)
        radii = np.array([mover.radius for mover in movers], np.float64)
        speeds = np.array([mover.speed for mover in movers], np.float64)
        self._network = network
        self._roads = _roads(network, 2.0 * float(radii.max()))
        order = np.lexsort((self._roads.begins, network.to))
        first = np.searchsorted(network.to[order], np.arange(len(network) + 1)).astype(np.int32)
        left = shortest(first, self._roads.begins[order], network.lengths[order], goals)
        self._driving = Driving(starts=starts, goals=goals, radii=radii, speeds=speeds, left=left)
        self._least = left[np.arange(len(starts)), starts] / speeds
        self.bound = float(self._least.sum())
        self._chance = np.array([seed], np.uint64)
        self._labels = _labels(len(network), len(network.to), len(starts))
        self._width = min(len(network) + 8, 512)
        self._fresh = _trips(1, self._width)

    def unreachable(self) -> int:
        """Return a rover whose goal cannot be reached over lanes, -1 when there is none."""
        cut_off = np.nonzero(np.isinf(self._least))[0]
        return int(cut_off[0]) if len(cut_off) else -1

    def locked(self) -> tuple[int, int, str] | None:
        """Return two rovers that lock each other in at their starts or out of their goals, None when there are none.

        When each lane out of either's start brings it against the other's, neither can be the first to leave.
        """
        driving, roads = self._driving, self._roads
        moves = driving.starts != driving.goals
        for what, waypoints, ends in (
            ("starts", driving.starts, roads.begins),
            ("goals", driving.goals, roads.lanes.to),
        ):
            near = np.hypot(*(roads.points[waypoints][:, None] - roads.points[waypoints][None]).transpose(2, 0, 1))
            for a, b in np.argwhere(np.triu(near < 4.0 * float(driving.radii.max()), 1)):
                if (moves[a] or moves[b]) and all(
                    self._is_blocked(
                        np.nonzero(ends == waypoints[one])[0].astype(np.int32), int(waypoints[other]), (one, other)
                    )
                    for one, other in ((a, b), (b, a))
                ):
                    return int(a), int(b), what
        return None

    def _is_blocked(self, lanes: Indices, waypoint: int, rovers: tuple[int, int]) -> bool:
        """Whether all lanes lead one rover so near to a waypoint that it touches another one there."""
        roads, (one, other) = self._roads, rovers
        room = self._driving.radii[one] + self._driving.radii[other] - _SAME
        begins = roads.points[roads.begins[lanes]]
        along = roads.points[roads.lanes.to[lanes]] - begins
        share = ((roads.points[waypoint] - begins) * along).sum(axis=1) / np.maximum((along * along).sum(axis=1), _SAME)
        nearest = begins + np.clip(share, 0.0, 1.0)[:, None] * along - roads.points[waypoint]
        return bool((np.hypot(nearest[:, 0], nearest[:, 1]) < room).all())

    def plans(self, known: JointPlan | None) -> Iterator[JointPlan | NoPlan]:
        """Give the best plan so far after each piece of work."""
        count = len(self._least)
        trips, held = self._begin(known)
        queue = np.zeros(count + 1, np.int32)
        missing = np.nonzero(trips.length == 0)[0]
        # Those with the longest ways have the least room for detours in time.
        number = len(missing)
        queue[:number] = missing[np.argsort(-self._least[missing], kind="stable")]
        searches = 0
        while True:
            number = place_next(
                self._roads,
                self._driving,
                trips,
                held,
                self._labels,
                self._fresh,
                queue,
                number,
                _SEARCHES,
                self._chance,
            )
            searches += _SEARCHES
            if number == 0:
                break
            yield NoPlan(reason=f"no plan was found yet: {number} of {count} movers have no way")
            if searches > _RESTART * count:
                searches = 0
                trips, held = self._begin(None)
                number = count
                queue[:count] = _shuffled(count, self._chance)
        best = self._plan(trips)
        yield best
        repairing = Repairing(
            chosen=np.zeros(count, np.int32),
            is_chosen=np.zeros(count, np.uint8),
            fresh=self._fresh,
            weights=np.ones(3),
            tabu=np.zeros(count, np.int32),
            chance=self._chance,
        )
        while best.cost > self.bound * (1.0 + 1e-12):
            size = min(_NEIGHBOURS, count)
            if improve(self._roads, self._driving, trips, held, self._labels, repairing, _REPAIRS, size) > 0.0:
                best = self._plan(trips)
            yield best

    def _begin(self, known: JointPlan | None) -> tuple[Trips, Held]:
        """Return what fits of a known plan, and the ground that it holds."""
        count, grounds = len(self._least), len(self._roads.near_first) - 1
        trips = _trips(count, self._width)
        held = Held(
            head=np.full(grounds, -1, np.int32),
            after=np.full(2 * count * self._width, -1, np.int32),
            before=np.full(2 * count * self._width, -1, np.int32),
        )
        if known is not None:
            for rover in range(min(count, len(known))):
                self._take(trips, rover, known.way(rover))
            keep_what_fits(self._roads, self._driving, trips, held)
        return trips, held

    def _take(self, trips: Trips, rover: int, way: tuple[tuple[float, int], ...]) -> None:
        """Take over a known way, when it leads from start to goal over lanes and no faster than the rover is."""
        network, driving = self._network, self._driving
        if not way or way[0] != (0.0, driving.starts[rover]) or way[-1][1] != driving.goals[rover]:
            return
        spot = 0
        trips.places[rover, 0], trips.reached[rover, 0] = way[0][1], 0.0
        for (time, waypoint), (later, other) in pairwise(way):
            if waypoint == other:
                continue
            lanes = np.arange(network.first[waypoint], network.first[waypoint + 1])
            lanes = lanes[network.to[lanes] == other]
            if not len(lanes) or spot + 1 == self._width:
                return
            if not -_SAME < later - time - network.lengths[lanes[0]] / driving.speeds[rover] < _SAME:
                return
            trips.left[rover, spot], trips.lanes[rover, spot] = time, lanes[0]
            spot += 1
            trips.places[rover, spot], trips.reached[rover, spot] = other, later
        trips.left[rover, spot], trips.lanes[rover, spot] = FOR_EVER, -1
        if (trips.reached[rover, : spot + 1] <= trips.left[rover, : spot + 1]).all():
            trips.length[rover] = spot + 1

    def _plan(self, trips: Trips) -> JointPlan:
        """Return trips as a plan: an entry when a waypoint is reached, and one when it is left after a wait."""
        used = np.arange(self._width) < trips.length[:, None]
        rovers = np.nonzero(used)[0]
        places, reached, left = trips.places[used], trips.reached[used], trips.left[used]
        left = np.where(np.isinf(left), reached, left)
        twice = 1 + (left > reached)
        times = np.repeat(reached, twice)
        times[np.cumsum(twice) - 1] = left
        number = np.bincount(rovers, weights=twice, minlength=len(trips.length)).astype(np.int64)
        first = np.concatenate([[0], np.cumsum(number)])
        return JointPlan(first=first, times=times, waypoints=np.repeat(places, twice), bound=self.bound)


def _roads(network: LaneNetwork, room: float) -> Roads:
    """Return a network with what ground lies nearer than `room` to what."""
    begins = np.repeat(np.arange(len(network), dtype=np.int32), np.diff(network.first))
    ends = np.stack([np.minimum(begins, network.to), np.maximum(begins, network.to)], axis=1)
    tracks, track = np.unique(ends, axis=0, return_inverse=True)
    points = network.points
    pieces = np.concatenate([np.hstack([points, points]), np.hstack([points[tracks[:, 0]], points[tracks[:, 1]]])])
    near_first, near = near_ground(pieces, room)
    return Roads(
        lanes=Lanes(first=network.first, to=network.to),
        points=points,
        lengths=network.lengths,
        begins=begins,
        track=track.reshape(-1).astype(np.int32),
        near_first=near_first,
        near=near,
    )


def _trips(rovers: int, width: int) -> Trips:
    return Trips(
        length=np.zeros(rovers, np.int32),
        places=np.zeros((rovers, width), np.int32),
        lanes=np.zeros((rovers, width), np.int32),
        reached=np.zeros((rovers, width)),
        left=np.zeros((rovers, width)),
    )


def _labels(waypoints: int, lanes: int, rovers: int) -> Labels:
    states = waypoints * _INTERVALS
    entries = 4 * (lanes + waypoints) + 1024
    return Labels(
        number=np.zeros(waypoints, np.int32),
        stamp=np.zeros(waypoints, np.int32),
        opens=np.zeros(states),
        closes=np.zeros(states),
        reached=np.zeros(states),
        departed=np.zeros(states),
        came_by=np.zeros(states, np.int32),
        came_from=np.zeros(states, np.int32),
        done=np.zeros(states, np.uint8),
        keys=np.empty(entries),
        items=np.empty(entries, np.int32),
        item_lane=np.empty(entries, np.int32),
        spans=np.empty((_SPANS, 2)),
        ignored=np.zeros(rovers, np.uint8),
        counts=np.zeros(2, np.int64),
    )


def _shuffled(count: int, chance: Chance) -> Indices:
    """Return the numbers of all rovers in an order by chance."""
    order = np.arange(count, dtype=np.int32)
    shuffle(chance, order, count)
    return order
