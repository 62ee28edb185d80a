"""How a scenario file, or a person who steers a run, says what mission control orders."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fleet.messages import MOST_CORNERS, MOST_SUSPENDED
from sim.scenario.place_schema import Strict, check_polygon
from sim.scenario.task_schema import Image, Survey
from sim.scenario.units import Id, PointM, Seconds, Text


class OrderItem(Strict):
    """An order of mission control."""

    order: str
    at: Seconds = 0.0
    """When it is given; at the start, or at once, when not given."""
    reason: Text = ""


class LastingOrder(OrderItem):
    """An order that may end by itself."""

    for_: Annotated[Seconds, Field(gt=0.0)] | None = Field(default=None, alias="for")
    """How long it holds; until the opposite is ordered when neither for nor until is given."""
    until: Seconds | None = None

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.for_ is not None and self.until is not None:
            raise ValueError("give only one of for and until")
        if self.until is not None and self.until <= self.at:
            raise ValueError("until must lie after at")
        return self


class RoversOrder(OrderItem):
    """About rovers."""

    rover: Id | None = None
    rovers: Literal["all"] | Annotated[list[Id], Field(min_length=1, max_length=1000)] | None = None
    """all, or a list of ids."""
    agency: Id | None = None
    """All rovers of this agency."""
    by: Id | None = None
    """The agency whose control gives it; when not given, mission control of the whole fleet."""

    @model_validator(mode="after")
    def _whom(self) -> Self:
        if sum(whom is not None for whom in (self.rover, self.rovers, self.agency)) != 1:
            raise ValueError("needs one of rover, rovers and agency")
        return self


class StopItem(RoversOrder, LastingOrder):
    """Rovers are to stand."""

    order: Literal["stop"]


class GoItem(RoversOrder):
    """Rovers may go on, as far as this giver is concerned."""

    order: Literal["go"]


class CloseItem(LastingOrder):
    """Nobody enters this ground."""

    order: Literal["close"]
    zone: Id
    """Its name."""
    polygon_m: Annotated[list[PointM], Field(min_length=3, max_length=MOST_CORNERS)]
    """Corners in order."""
    inside: Literal["leave", "stop"] = "leave"
    """What is to be done by whoever is in it: drive out by the shortest way, or stand until it is open again."""

    @model_validator(mode="after")
    def _ground(self) -> Self:
        check_polygon(self.polygon_m)
        return self


class OpenItem(OrderItem):
    """Ground is open again."""

    order: Literal["open"]
    zone: Id


class WithdrawItem(OrderItem):
    """An agency leaves the mission: its rovers take no more work of others, its own tasks are cancelled."""

    order: Literal["withdraw"]
    agency: Id


class TasksOrder(OrderItem):
    """About tasks."""

    task: Id | None = None
    tasks: Annotated[list[Id], Field(min_length=1, max_length=MOST_SUSPENDED)] | None = None
    """A list of ids."""
    by: Id | None = None
    """The agency whose control gives it; when not given, mission control of the whole fleet."""

    @model_validator(mode="after")
    def _which(self) -> Self:
        if (self.task is None) == (self.tasks is None):
            raise ValueError("needs one of task and tasks")
        return self


class PauseItem(TasksOrder, LastingOrder):
    """Nobody is to work at these for a while; who has one keeps it."""

    order: Literal["pause"]


class ResumeItem(TasksOrder):
    """Work at these goes on, as far as this giver is concerned."""

    order: Literal["resume"]


class CancelItem(TasksOrder):
    """Nobody is to work at these any more."""

    order: Literal["cancel"]


class SendItem(OrderItem):
    """Work is to be done."""

    order: Literal["task"]
    task: Annotated[Image | Survey, Field(discriminator="kind")]


ScheduledItem = StopItem | GoItem | CloseItem | OpenItem | WithdrawItem | PauseItem | ResumeItem | CancelItem
AnyOrder = Annotated[ScheduledItem, Field(discriminator="order")]
