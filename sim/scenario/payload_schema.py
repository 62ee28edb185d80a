"""How a scenario file says what the partners' payload weighs."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.scenario.place_schema import Strict
from sim.scenario.units import Id, Kilograms, Text


class ModuleItem(Strict):
    """A piece of payload that lands as one: rovers, or what is set up."""

    id: Id
    title: Text = ""
    agency: Id
    rovers: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None
    """It is these; their vehicle classes say what they weigh."""
    tasks: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None
    """It is what these tasks of the kind deploy set up; their item_kg say what that weighs."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.rovers is None) == (self.tasks is None):
            raise ValueError("needs one of rovers and tasks")
        return self


class PayloadItem(Strict):
    """The payload and how much of it the lander takes."""

    limit_kg: Kilograms
    """Of all modules together."""
    module_limit_kg: Kilograms | None = None
    """Of each."""
    modules: Annotated[list[ModuleItem], Field(min_length=1, max_length=100)]
