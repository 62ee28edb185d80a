"""Work that has to do with other machines, and with other work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import Bond, ChargeStopped, Event, FollowPath, Step, StepDone, Stop, Task, Woke, Work, WorkStopped
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2, R3 = RoverId("r1"), RoverId("r2"), RoverId("r3")
T1, T2 = TaskId("t1"), TaskId("t2")


def _task(name: TaskId, *bonds: Bond | None, work: int = 100, capability: str = "image") -> Task:
    steps = tuple(Step(place=(0.0, 0.0), radius=80.0, work=work, capability=capability, bond=bond) for bond in bonds)
    return Task(id=name, kind="image", title="", agency=AgencyId("a"), steps=steps)


def _run(happenings: Happenings, world: World, ticks: int) -> list[tuple[int, str, Event]]:
    return happenings(world, world.tick + ticks)


def _of(happened: list[tuple[int, str, Event]], kind: type[Event]) -> list[tuple[int, str, Event]]:
    return [(tick, rover, event) for tick, rover, event in happened if isinstance(event, kind)]


@pytest.fixture(params=[False, True], ids=["compiled", "reference"])
def world(request: pytest.FixtureRequest, make_rover: MakeRover, make_scenario: MakeScenario) -> World:
    """Return three machines in a row, 20 m apart: two micro-rovers, the second without charge, and a charger."""
    rovers = [
        make_rover("r1"),
        make_rover("r2", at=(20.0, 0.0), charge=1e-4, panel_efficiency=0.0),
        make_rover("r3", "hk-operator", at=(26.0, 0.0)),
    ]
    return World(make_scenario(rovers), reference=request.param)


def test_time_counts_only_while_the_task_beside_it_is_worked_on_too(world: World, happenings: Happenings) -> None:
    world.order(_task(T1, Bond(beside=(T2,))))
    world.order(_task(T2, None))
    world.apply(R1, Work(task=T1))
    alone = _run(happenings, world, 500)
    world.apply(R3, Work(task=T2))
    together = _run(happenings, world, 150)

    assert _of(alone, StepDone) == []
    assert world.state(R1).activity == "idle"
    assert [(tick, rover) for tick, rover, _ in _of(together, StepDone)] == [(600, "r1"), (600, "r3")]


def test_what_is_done_keeps_no_other_work_waiting(world: World, happenings: Happenings) -> None:
    world.order(_task(T1, Bond(beside=(T2,)), work=100))
    world.order(_task(T2, Bond(beside=(T1,)), work=40))
    world.apply(R1, Work(task=T1))
    world.apply(R3, Work(task=T2))

    happened = _run(happenings, world, 200)

    assert [(tick, rover) for tick, rover, _ in _of(happened, StepDone)] == [(40, "r3"), (100, "r1")]


def test_work_until_another_task_is_done_ends_with_it_however_long_that_takes(
    world: World, happenings: Happenings
) -> None:
    world.order(_task(T1, Bond(until=T2), work=1))
    world.order(_task(T2, None, work=400))
    world.apply(R1, Work(task=T1))
    before = _run(happenings, world, 100)
    world.apply(R3, Work(task=T2))
    after = _run(happenings, world, 500)

    assert _of(before, StepDone) == []
    assert [(tick, rover) for tick, rover, _ in _of(after, StepDone)] == [(500, "r1"), (500, "r3")]


def test_work_until_a_step_of_another_task_does_not_wait_for_the_rest(world: World, happenings: Happenings) -> None:
    world.order(_task(T1, Bond(until=T2, until_step=1)))
    world.order(_task(T2, None, None))
    world.apply(R1, Work(task=T1))
    world.apply(R3, Work(task=T2))

    happened = _run(happenings, world, 300)

    assert [(tick, rover) for tick, rover, _ in _of(happened, StepDone)] == [(100, "r1"), (100, "r3")]


def test_a_relay_counts_time_only_while_those_two_hear_each_other(world: World, happenings: Happenings) -> None:
    world.order(_task(T1, Bond(hears=(R2, R3))))
    world.apply(R1, Work(task=T1))

    happened = _run(happenings, world, 1000)  # r2 falls silent within a minute.

    assert _of(happened, StepDone) == []
    assert world.state(R1).activity == "working"


def test_a_film_stops_when_its_subject_leaves_the_view_and_goes_on_when_it_is_back(
    world: World, happenings: Happenings
) -> None:
    world.order(_task(T1, Bond(rover=R3, within=30.0), work=200))
    world.apply(R1, Work(task=T1))
    world.apply(R3, FollowPath(path=((40.0, 0.0),)))
    happened = _run(happenings, world, 400)
    world.apply(R1, Work(task=T1))
    refused = _run(happenings, world, 10)
    world.apply(R3, FollowPath(path=((26.0, 0.0),)))
    _run(happenings, world, 400)
    world.apply(R1, Work(task=T1))
    back = _run(happenings, world, 200)

    (stop,) = _of(happened, WorkStopped)
    assert stop[1:] == ("r1", WorkStopped(task=T1, reason="partner"))
    assert stop[0] % 60 == 0  # Looked at every minute.
    assert len(_of(refused, WorkStopped)) == 1
    assert len(_of(back, StepDone)) == 1


def test_who_is_charged_by_another_comes_back_and_the_work_ends_at_the_share(
    world: World, happenings: Happenings
) -> None:
    world.order(_task(T1, Bond(rover=R2, charge=0.5), capability="charge-others"))
    _run(happenings, world, 200)
    assert world.state(R2).activity == "down"
    world.apply(R3, Work(task=T1))
    plugged = world.state(R2).activity
    happened = _run(happenings, world, 3000)

    assert plugged == "charging"
    assert _of(happened, Woke)[0][1:] == ("r2", Woke(reason="charge"))
    (done,) = _of(happened, StepDone)
    assert done[1] == "r3"
    assert _of(happened, ChargeStopped) == [(done[0], "r2", ChargeStopped(reason="full"))]
    assert world.ledger(R2).battery >= 0.4 * 60.0 * 3600.0
    assert world.ledger(R2).charged == world.ledger(R3).given > 0.0


@pytest.mark.parametrize("who_leaves", [R2, R3])
def test_a_charge_that_either_leaves_is_not_done(world: World, happenings: Happenings, who_leaves: RoverId) -> None:
    world.order(_task(T1, Bond(rover=R2, charge=0.5), capability="charge-others"))
    world.apply(R3, Work(task=T1))
    _run(happenings, world, 600)
    world.apply(who_leaves, Stop())

    happened = _run(happenings, world, 10)

    assert {world.state(rover).activity for rover in (R2, R3)} == {"idle"}
    assert _of(happened, StepDone) == []
    other = R3 if who_leaves == R2 else R2
    told = WorkStopped(task=T1, reason="partner") if other == R3 else ChargeStopped(reason="source")
    assert (other, told) in [(rover, event) for _, rover, event in happened]


def test_nobody_charges_or_films_itself_or_a_stranger(world: World, happenings: Happenings) -> None:
    world.order(_task(T1, Bond(rover=R3, charge=0.5), capability="charge-others"))
    world.order(_task(T2, Bond(rover=RoverId("nobody"), within=9.0)))
    world.apply(R3, Work(task=T1))
    world.apply(R1, Work(task=T2))

    happened = _run(happenings, world, 5)

    assert [(rover, event.reason) for _, rover, event in happened if isinstance(event, WorkStopped)] == [
        ("r1", "partner"),
        ("r3", "partner"),
    ]
