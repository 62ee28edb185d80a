"""Whom a rover follows, and that the other knows."""

from __future__ import annotations

import pytest

from fleet.core import AgencyId, Pose, RoverId, TaskId
from fleet.messages import Award, Bond, Step, Task, Telemetry
from fleet.runtime.following import Following, follows

ME, OTHER, CAMERA = RoverId("me"), RoverId("other"), RoverId("camera")


def _film(rover: RoverId, radius: float = 30.0) -> Task:
    bond = Bond(rover=rover, within=30.0)
    step = Step(place=(0.0, 0.0), radius=radius, work=60, capability="image", bond=bond)
    return Task(id=TaskId(f"film-{rover}"), kind="film", title="", agency=AgencyId("A"), steps=(step,))


def _award(task: Task) -> Award:
    return Award(round=1, task=task, rover=CAMERA, cost=1.0)


def _telling(task: str | None) -> Telemetry:
    pose = Pose(x=0.0, y=0.0, heading=0.0)
    return Telemetry(pose=pose, battery=1.0, activity="idle", task=None if task is None else TaskId(task))


def test_who_is_filmed_knows_it_from_the_award_and_the_cameras_telemetry() -> None:
    following = Following(ME)
    following.awarded(_award(_film(ME)))

    begins = following.told(CAMERA, _telling("film-me"))
    goes_on = following.told(CAMERA, _telling("film-me"))

    assert (begins, goes_on, following.is_followed) == (True, False, True)


def test_it_is_followed_no_more_when_the_camera_is_at_something_else() -> None:
    following = Following(ME)
    following.awarded(_award(_film(ME)))
    following.told(CAMERA, _telling("film-me"))

    following.told(CAMERA, _telling(None))

    assert not following.is_followed


@pytest.mark.parametrize("task", [_film(OTHER), _film(ME, radius=3.0)], ids=["another", "from-a-place"])
def test_films_of_others_and_from_a_place_do_not_concern_it(task: Task) -> None:
    following = Following(ME)
    following.awarded(_award(task))

    following.told(CAMERA, _telling(task.id))

    assert not following.is_followed


@pytest.mark.parametrize(("task", "whom"), [(_film(OTHER), OTHER), (_film(OTHER, radius=3.0), None), (None, None)])
def test_a_task_tells_whom_to_follow(task: Task | None, whom: RoverId | None) -> None:
    assert follows(task) == whom
