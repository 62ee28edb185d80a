"""A large fleet that is always under way, told as a run tells it: what a viewer is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, cos, sin, sqrt, tau
from typing import Final

from fleet.core import Path, Point, Pose, RoverId, TaskId, Tick
from fleet.messages import AuthorityGrant, AuthorityRequest, Body, Message
from fleet.vehicles import catalogue
from sim.record import Entry, Frame, Opening, RoverEntry, RoverFrame, Said, TaskChanged, TaskEntry
from sim.scenario import Scenario

_EVERY: Final = 60  # ticks between two frames
_ROUND: Final = 4 * 3600  # ticks that a rover takes for its round
_ASKED: Final = 1800  # ticks between two plans of a rover
_CELL: Final = 60.0  # metres between the middles of two rounds
_RADIUS: Final = 35.0
_AHEAD: Final = 12  # points of a plan
_VEHICLES: Final = ("cnsa-rover", "hk-operator", "metu-micro", "suparco-rover")
_KINDS: Final = ("image", "survey", "sample", "deploy")
_STATES: Final = ("open", "running", "done", "failed")
_NEIGHBOURS: Final = (8, 13)  # of a seed in a sunflower, counted on from it
_GOLDEN_ANGLE: Final = 2.399963


class Parade:
    """So many rovers on rounds over a scenario's ground, with half as many tasks, plans, authorities and links.

    Parameters
    ----------
    count
        Rovers, at least 2.
    end
        Ticks.
    """

    def __init__(self, scenario: Scenario, count: int, end: Tick) -> None:
        self._sun = (0.6, 0.07)
        self._count = count
        agencies = tuple((agency.id, agency.name, agency.colour) for agency in scenario.agencies)
        vehicles = [catalogue()[name] for name in _VEHICLES]
        self.opening = Opening(
            scenario="parade",
            title=f"Parade of {count} rovers",
            file="",
            text="",
            seed=0,
            start=scenario.time.utc(0).isoformat(),
            dt=1.0,
            end=end,
            coordinator=_rover(0),
            agencies=agencies,
            rovers=tuple(
                RoverEntry(
                    rover=_rover(number),
                    title="",
                    agency=agencies[number % len(agencies)][0],
                    vehicle=vehicles[number % len(vehicles)].name,
                    vehicle_title=vehicles[number % len(vehicles)].title,
                    radius=vehicles[number % len(vehicles)].radius,
                    battery=1e6,
                    can_drive=True,
                    pose=Pose(x=_place(number, 0)[0], y=_place(number, 0)[1], heading=0.0),
                )
                for number in range(count)
            ),
            tasks=tuple(
                TaskEntry(
                    task=_task(number),
                    kind=_KINDS[number % len(_KINDS)],
                    title=f"Work {number}",
                    agency=agencies[number % len(agencies)][0],
                    places=(_place(2 * number, number * 700),),
                    after=(),
                    at=0,
                )
                for number in range(count // 2)
            ),
            docks=(),
        )

    def entries(self) -> Iterator[Entry]:
        """Yield all that happens, in order; the opening is not among it."""
        for number, task in enumerate(self.opening.tasks):
            state = _STATES[number % len(_STATES)]
            yield TaskChanged(tick=0, task=task.task, state=state, rover=_rover(2 * number), step=0)
        for tick in range(0, self.opening.end + 1, _EVERY):
            for number in range(self._count):
                if (tick // _EVERY + number) % (_ASKED // _EVERY) == 0 or tick == 0:
                    yield from self._plan(tick, number)
            yield self._frame(tick)

    def _plan(self, tick: Tick, number: int) -> Iterator[Entry]:
        """A rover asks for its way, and is granted half of it; some wait for a neighbour."""
        ways: Path = tuple(_place(number, tick + step * _ASKED // 4) for step in range(_AHEAD))
        waits = (_rover((number + _NEIGHBOURS[0]) % self._count),) if number % 10 == 3 else ()
        lead = _rover(0)
        yield _said(tick, _rover(number), lead, AuthorityRequest(plan=tick, path=ways, radius=2.0))
        yield _said(tick, lead, _rover(number), AuthorityGrant(plan=tick, upto=_AHEAD // 2, waits_for=waits))

    def _frame(self, tick: Tick) -> Frame:
        return Frame(
            tick=tick,
            sun=(self._sun[0] - tau * tick / (29.53 * 86400.0), self._sun[1]),
            rovers=tuple(_body(number, tick) for number in range(self._count)),
            links=tuple(
                (_rover(number), _rover(number + step)) for step in _NEIGHBOURS for number in range(self._count - step)
            ),
            stock={"bricks": tick / 3600.0},
        )


def _rover(number: int) -> RoverId:
    return RoverId(f"r{number:03d}")


def _task(number: int) -> TaskId:
    return TaskId(f"work-{number:03d}")


def _place(number: int, tick: Tick) -> Point:
    """Return where a rover is: the middles of the rounds lie as seeds in a sunflower, so that all ground is used."""
    far, turn = _CELL * sqrt(number + 0.5) / 1.7, number * _GOLDEN_ANGLE
    angle = tau * tick / _ROUND + number
    radius = _RADIUS * (0.6 + 0.4 * cos(3.0 * angle))
    return (far * cos(turn) + radius * cos(angle), far * sin(turn) + radius * sin(angle))


def _body(number: int, tick: Tick) -> RoverFrame:
    x, y = _place(number, tick)
    then = _place(number, tick + 10)
    return RoverFrame(
        rover=_rover(number),
        x=x,
        y=y,
        heading=atan2(then[1] - y, then[0] - x),
        battery=0.5 + 0.45 * cos(tick / 5000.0 + number),
        light=0.5 + 0.5 * sin(tick / 3000.0 + number),
        power=40.0 * sin(tick / 3000.0 + number),
        activity="driving",
        task=_task(number // 2) if number % 2 == 0 else None,
        payload=0.0,
        distance=tick * 0.02,
        energy=tick * 40.0,
    )


def _said(tick: Tick, sender: RoverId, to: RoverId, body: Body) -> Said:
    return Said(message=Message(tick=tick, sender=sender, seq=tick, to=to, body=body), heard=((to, tick + 1),), lost=())
