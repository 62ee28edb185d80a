"""One decision out of several skills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from fleet.sdk import AgentView, Decision, Outgoing


class Skill(Protocol):
    """Something that a mind can do by itself, as far as the view calls for it."""

    def onward(self, view: AgentView) -> Decision | None:
        """Return what to do now; None when there is nothing to do."""
        ...


def first_of(view: AgentView, skills: Sequence[Skill], saying: Sequence[Outgoing] = ()) -> Decision:
    """Return what the first skill wants that has something to do; the others are not asked.

    Parameters
    ----------
    skills
        The most urgent first.
    saying
        What is said besides, before what the skill says.
    """
    wanted = next((decision for skill in skills if (decision := skill.onward(view)) is not None), Decision())
    return replace(wanted, outbox=(*saying, *wanted.outbox)) if saying else wanted
