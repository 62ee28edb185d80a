"""How a scenario file says who may do what to whose rover."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from fleet.messages import Deed, Rule
from sim.scenario.place_schema import Strict
from sim.scenario.units import Id, Text

_Some: TypeAlias = Annotated[list[Id], Field(min_length=1, max_length=100)]
_Deeds: TypeAlias = Annotated[list[Deed], Field(min_length=1, max_length=10)]


class RightItem(Strict):
    """A line of the rights table; of two about the same, the later counts."""

    who: Id | _Some
    """Agencies, all, or for stop also leader and ground, which is mission control."""
    what: Deed | Literal["all"] | _Deeds
    """Give work (task), have it stand (stop), draw charge from it (charge), film it, tow it, pause or cancel its work
    (cancel); all of these."""
    whose: Id | _Some
    """The agencies whose rovers they are, or all."""
    rule: Rule
    """ask, for task and stop: the rover's mind decides."""
    reason: Text = ""
