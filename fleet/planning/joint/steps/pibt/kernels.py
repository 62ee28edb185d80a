"""One step of everybody at once: priority inheritance with backtracking, and exchanging places in corridors.

Source
------
PIBT: Okumura, Machida, Defago, Tamura, "Priority Inheritance with Backtracking for Iterative Multi-agent Path Finding",
Artificial Intelligence 310, 2022. Swap: Okumura, "Improving LaCAM for Scalable Eventually Optimal Multi-Agent
Pathfinding", IJCAI 2023, section 4.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Indices
from fleet.core.chance.kernels import draw
from fleet.core.compiled import compiled
from fleet.planning.joint.arrays import Lanes
from fleet.planning.joint.steps.arrays import NEVER, Moving, Stepping

_SPREAD = 512  # Ranks are steps left times twice this, plus what only tells equals apart.
_FURTHEST = 1 << 20  # Further than that makes no difference.
_BITS = np.uint64(_SPREAD - 1)


@compiled
def steps_to(backward: Lanes, goals: Indices) -> Indices:
    """Return ``(N, V)`` steps of shortest ways from everywhere to each goal; `backward` are the lanes turned round."""
    count = len(backward.first) - 1
    left = np.full((len(goals), count), NEVER, np.int32)
    # Indices without a sign need no look whether they count from the end, which takes a third of the time.
    first, to = backward.first.astype(np.uint32), backward.to.astype(np.uint32)
    queue = np.empty(count + 1, np.uint32)
    one = np.uint32(1)
    for rover in range(len(goals)):
        row = left[rover]
        row[goals[rover]] = 0
        queue[0] = goals[rover]
        done, size = np.uint32(0), np.uint32(1)
        while done < size:
            place = queue[done]
            done += one
            further = row[place] + np.int32(1)
            for lane in range(first[place], first[place + one]):
                # Without a branch, which would be guessed wrongly every third time.
                other = to[lane]
                queue[size] = other
                known = row[other]
                size += np.uint32(known == NEVER)
                row[other] = min(known, further)
    return left


@compiled
def _exits(moving: Moving, held: Indices, behind: int, place: int) -> tuple[int, int]:
    """Return how many ways lead on from a place, and one of them; a dead end where somebody is at home is none."""
    first, to = moving.lanes.first, moving.lanes.to
    number, onward = 0, -1
    for lane in range(first[place], first[place + 1]):
        other = to[lane]
        if other == behind:
            continue
        rover = held[other]
        if rover >= 0 and first[other + 1] - first[other] == 1 and moving.goals[rover] == other:
            continue
        number += 1
        onward = other
    return number, onward


@compiled
def _must_swap(moving: Moving, held: Indices, pusher: int, puller: int, behind: int, ahead: int) -> bool:
    """Whether two who stand behind each other in a corridor must exchange places to get on."""
    left = moving.steps_left
    while left[pusher, ahead] < left[pusher, behind]:
        number, onward = _exits(moving, held, behind, ahead)
        if number >= 2:
            return False
        if number == 0:
            break
        behind, ahead = ahead, onward
    return bool(
        left[puller, behind] < left[puller, ahead]
        and (left[pusher, behind] == 0 or left[pusher, ahead] < left[pusher, behind])
    )


@compiled
def _can_swap(moving: Moving, held: Indices, from_place: int, ahead: int) -> bool:
    """Whether a corridor that is entered from a place leads to a fork, where places can be exchanged."""
    behind = from_place
    # Lanes of one direction can lead into a ring that does not come back; no corridor is longer than all waypoints.
    for _ in range(len(moving.lanes.first)):
        if ahead == from_place:
            break
        number, onward = _exits(moving, held, behind, ahead)
        if number >= 2:
            return True
        if number == 0:
            return False
        behind, ahead = ahead, onward
    return False


@compiled
def _partner(moving: Moving, stepping: Stepping, rover: int, here: int, best: int) -> int:
    """Return who should follow into a rover's place because both have to exchange places, -1 for nobody."""
    held = stepping.held
    other = held[best]
    if (
        other >= 0
        and other != rover
        and stepping.there[other] < 0
        and _must_swap(moving, held, rover, other, here, best)
        and _can_swap(moving, held, best, here)
    ):
        return int(other)
    for lane in range(moving.lanes.first[here], moving.lanes.first[here + 1]):
        beside = moving.lanes.to[lane]
        other = held[beside]
        if (
            other >= 0
            and beside != best
            and _must_swap(moving, held, other, rover, here, best)
            and _can_swap(moving, held, best, here)
        ):
            return int(other)
    return -1


@compiled
def move(moving: Moving, stepping: Stepping, rover: int) -> bool:
    """Decide where a rover goes, moving whoever is in the way; False when it must stay against its will."""
    first, to = moving.lanes.first, moving.lanes.to
    held, taken, there = stepping.held, stepping.taken, stepping.there
    options, ranks, left = stepping.options[rover], stepping.ranks[rover], moving.steps_left[rover]
    here = stepping.here[rover]
    number = first[here + 1] - first[here] + 1
    noise = draw(stepping.chance)
    for index in range(number):
        place = here if index == number - 1 else to[first[here] + index]
        rank = np.int32(
            min(left[place], _FURTHEST) * (2 * _SPREAD)
            + np.int64((noise ^ (noise >> np.uint64(7 * index + 9))) & _BITS)
        )
        if held[place] >= 0 and place != here:
            rank += _SPREAD
        spot = index
        while spot > 0 and ranks[spot - 1] > rank:
            ranks[spot], options[spot] = ranks[spot - 1], options[spot - 1]
            spot -= 1
        ranks[spot], options[spot] = rank, place
    partner = -1
    if options[0] != here:
        partner = _partner(moving, stepping, rover, here, options[0])
        if partner >= 0:
            for spot in range(number // 2):
                other = number - 1 - spot
                options[spot], options[other] = options[other], options[spot]
    for index in range(number):
        place = options[index]
        other = held[place]
        if taken[place] >= 0 or (other >= 0 and there[other] == here):
            continue
        taken[place] = rover
        there[rover] = place
        if other >= 0 and other != rover and there[other] < 0 and not move(moving, stepping, other):
            continue
        if index == 0 and partner >= 0 and there[partner] < 0 and taken[here] < 0:
            there[partner] = here
            taken[here] = partner
        return True
    taken[here] = rover
    there[rover] = here
    return False
