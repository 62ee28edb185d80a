"""When a rover misses its leader, as it sees itself on the ground."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fleet.core import AgencyId, Pose, RoverId
from fleet.messages import Briefing, Call, Election, Observation, RosterEntry
from fleet.runtime.council import Council
from fleet.runtime.turn import Turn
from fleet.tasks import SingleItemAuction
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.traffic import Holder
from fleet.vehicles import catalogue

ME, LANDER, OTHERS = RoverId("me"), RoverId("lander"), (RoverId("one"), RoverId("two"))
HERE = Pose(x=60.0, y=0.0, heading=0.0)


@pytest.mark.parametrize(("ridge", "misses"), [(0.0, True), (30.0, False)])
def test_a_lander_behind_a_ridge_is_not_missed_and_one_in_view_is(ridge: float, misses: bool) -> None:
    heights = np.zeros((40, 40), np.float32)
    heights[:, 18:22] = ridge
    vehicles = {LANDER: "change8-lander", ME: "metu-micro", **dict.fromkeys(OTHERS, "metu-micro")}
    briefing = Briefing(
        scenario="test", seed=1, start=datetime(2029, 10, 20, tzinfo=UTC), dt=1.0, end=100_000,
        roster=tuple(
            RosterEntry(
                rover=rover, agency=AgencyId("A"), vehicle=catalogue()[vehicle], agent="",
                pose=HERE if rover == ME else Pose(x=-60.0, y=0.0, heading=0.0),
            )
            for rover, vehicle in vehicles.items()
        ),
        coordinator=LANDER, docks=(), election=Election(voters="drivers"),
        ground=ground_map_from_heights(heights, 5.0, latitude=-1.4, longitude=0.5, north=0.0),
    )  # fmt: skip
    holder = Holder(rover=ME, radius=0.25, pose=HERE, dt=1.0)
    council = Council(
        briefing=briefing, rover=ME, holder=holder, terrain=Terrain(briefing.ground), make_allocator=SingleItemAuction
    )
    holder.want(((60.0, 0.0), (80.0, 0.0)), 0)

    calls = 0
    for tick in range(1, 200):
        seen = Observation(
            tick=tick, pose=HERE, battery=1.0, light=1.0, power=0.0, activity="idle", payload=0.0,
            links=OTHERS, neighbours=OTHERS, events=(),
        )  # fmt: skip
        turn = Turn(ME, seen, 0)
        council.step(turn)
        calls += sum(isinstance(message.body, Call) for message in turn.answer().outbox)

    assert (calls > 0) is misses
