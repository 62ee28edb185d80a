"""A rover keeps to the rights table by itself, and asks its mind where that says so."""

from __future__ import annotations

import pytest

from fleet.core import GROUND, AgencyId, PluginError, Pose, RoverId, TaskId
from fleet.messages import Halt, Law, Observation, Right, Step, Task
from fleet.runtime.mind import Mind
from fleet.runtime.rights import Rights
from fleet.runtime.turn import Turn
from fleet.sdk import AgentView, Decision
from fleet.sdk.rights import Plea

ME, OTHER, BOSS = RoverId("me"), RoverId("other"), RoverId("boss")
FLEET = {ME: AgencyId("METU"), OTHER: AgencyId("CNSA"), BOSS: AgencyId("HKUST")}
SEEN = Observation(
    tick=5,
    pose=Pose(x=0.0, y=0.0, heading=0.0),
    battery=0.4,
    light=1.0,
    power=0.0,
    activity="idle",
    payload=0.0,
    links=(),
)
STEP = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image")
TASK = Task(id=TaskId("t"), kind="image", title="", agency=AgencyId("CNSA"), steps=(STEP,))


def _rights(*table: Right, says: str = "") -> tuple[Rights, list[Plea]]:
    pleas: list[Plea] = []

    def ask(plea: Plea, _turn: Turn) -> str:
        pleas.append(plea)
        return says

    return Rights(ME, Law(table=table, agencies=FLEET), ask), pleas


def test_its_mind_is_asked_where_the_table_says_so_and_nowhere_else() -> None:
    rights, pleas = _rights(Right(who="CNSA", what="task", whose="METU", rule="ask"), says="dust")
    turn = Turn(ME, SEEN, 0)

    assert rights.against_task(TASK, turn) == "me does not consent: dust"
    assert rights.against(OTHER, OTHER, turn) == ""
    assert [(plea.deed, plea.by, plea.task, plea.observation.battery) for plea in pleas] == [
        ("task", "CNSA", TASK, 0.4)
    ]


def test_a_table_lets_others_stop_it_and_the_leader_not() -> None:
    rights, _ = _rights(
        Right(who="CNSA", what="stop", whose="all", rule="allow"),
        Right(who="leader", what="stop", whose="METU", rule="refuse", reason="we watch it ourselves"),
    )
    turn = Turn(ME, SEEN, 0)

    assert rights.against(OTHER, BOSS, turn) == ""
    refused = "HKUST as the leader has no right to stop me of METU: we watch it ourselves"
    assert rights.against(BOSS, BOSS, turn) == refused
    assert rights.against_halt(Halt(rover=ME, by=GROUND, since=0), turn) == ""


class _Answering:
    """A mind that answers pleas with what it is given."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    def decide(self, _view: AgentView) -> Decision:
        return Decision()

    def consent(self, _plea: Plea) -> object:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


class _Silent:
    """A mind that has no say."""

    def decide(self, _view: AgentView) -> Decision:
        return Decision()


PLEA = Plea(deed="task", by="CNSA", observation=SEEN, task=TASK)


def test_a_mind_that_offers_no_consent_says_no() -> None:
    assert Mind("plugin", ME, _Silent, 1.0).consent(PLEA) == "its mind answers no such question"


def test_a_long_reason_is_cut() -> None:
    mind = Mind("plugin", ME, lambda: _Answering("x" * 100_000), 1.0)

    assert mind.consent(PLEA) == "x" * 200


@pytest.mark.parametrize("answer", [None, True, LookupError("no map")], ids=repr)
def test_a_mind_that_answers_no_text_or_raises_has_failed_and_does_not_consent(answer: object) -> None:
    mind = Mind("plugin", ME, lambda: _Answering(answer), 1.0)

    with pytest.raises(PluginError):
        mind.consent(PLEA)

    assert mind.failed
    assert mind.consent(PLEA) == "it has no mind"
