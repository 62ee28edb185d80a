"""What a mind may answer: each way to answer wrongly, by the id of the rule that it breaks."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from fleet.core import Path, path_length
from fleet.messages import (
    Bids,
    FollowPath,
    HazardReport,
    Message,
    StopOrder,
    TaskReport,
    Telemetry,
    encode,
    read_command,
    read_message,
)
from fleet.sdk import AgentView, Decision, Outgoing

# What a mind may say; authorities, announcements and awards are said by the node that is responsible for them.
_SAYABLE = (Bids, TaskReport, HazardReport, StopOrder, Telemetry)

# Of one way, which is cut into segments: so many that the leader's ledger answers in milliseconds.
_MOST_WAYPOINTS: Final = 1024
_LONGEST_WAY: Final = 50_000.0  # Metres.


class Breach(NamedTuple):
    """An answer that no mind may give."""

    rule: Literal["decision", "wake", "speech"]
    fact: str


def breach_of(decision: object, view: AgentView) -> Breach | None:
    """Return what is wrong with an agent's answer to a view, None when nothing is."""
    if not isinstance(decision, Decision):
        return Breach("decision", f"answered {type(decision).__name__}, not a Decision")
    if decision.wake is not None and not (type(decision.wake) is int and decision.wake > view.tick):
        fact = f"asked to be woken at {decision.wake!r}, which is not a tick after {view.tick}"
        return Breach("wake", fact)
    try:
        for outgoing in decision.outbox:
            if not isinstance(outgoing, Outgoing) or not isinstance(outgoing.body, _SAYABLE):
                said = type(getattr(outgoing, "body", outgoing)).__name__
                return Breach("speech", f"wanted to say {said}, which no mind may say")
            if isinstance(outgoing.body, TaskReport) and outgoing.body.state not in ("returned", "failed"):
                fact = f"wanted to report {outgoing.body.state!r}, which only the node does, that sees it"
                return Breach("speech", fact)
            # Types inside are checked by the same decoder that a receiver uses.
            message = Message(tick=view.tick, sender=view.rover, seq=0, to=outgoing.to, body=outgoing.body)
            read_message(encode(message), view.rover)
        if decision.command is not None:
            command = read_command(encode(decision.command), view.rover)
            if isinstance(command, FollowPath):
                return _breach_of_way((view.observation.pose.point, *command.path))
    except Exception as error:
        # Values made by a plugin may fail in any way when they are looked at.
        return Breach("decision", f"answered with a value that no one can read: {error}")
    return None


def _breach_of_way(path: Path) -> Breach | None:
    """Return what is wrong with a way that nobody could ask ground for."""
    if len(path) > _MOST_WAYPOINTS:
        return Breach("decision", f"wants to drive over {len(path)} waypoints, more than {_MOST_WAYPOINTS}")
    if path_length(path) > _LONGEST_WAY:
        return Breach("decision", f"wants to drive {path_length(path):.3g} m, more than {_LONGEST_WAY:g} m in one way")
    return None
