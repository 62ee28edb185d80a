"""Compiles what plans are computed with, before anybody waits for one."""

from __future__ import annotations

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import Offer, Step, Task
from fleet.tasks.agreement.inputs import Inputs
from fleet.tasks.agreement.membership import Member, Membership
from fleet.tasks.agreement.plans import Plans


def warm_plans() -> None:
    """Compile the solver, or load it from the cache, by planning for two rovers."""
    names = (RoverId("a"), RoverId("b"))
    fleet = Membership(Member(rover=name, capabilities=frozenset({"image"}), payload=0.0, speed=1.0) for name in names)
    offers = tuple(Offer(rover=name, epoch=1, version=1, until=9, place=(0.0, 0.0), ready=0) for name in names)
    for much in (1, 14):  # With a proof, and too many for one.
        steps = [Step(place=(float(number), 1.0), radius=1.0, work=1, capability="image") for number in range(much)]
        tasks = tuple(
            Task(id=TaskId(f"{number:02}"), kind="image", title="", agency=AgencyId("A"), steps=(step,))
            for number, step in enumerate(steps)
        )
        Plans(fleet).agreed(Inputs(tasks=tasks, offers=offers))
