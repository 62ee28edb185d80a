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
_LAST_TICK: Final = 2**63 - 1  # That can be sent.


class Breach(NamedTuple):
    """An answer that no mind may give."""

    rule: Literal["decision", "wake", "speech"]
    fact: str


def breach_of(decision: object, view: AgentView) -> Breach | None:
    """Return what is wrong with an agent's answer to a view, None when nothing is."""
    taken = taken_in(decision, view)
    return taken if isinstance(taken, Breach) else None


def taken_in(decision: object, view: AgentView) -> Decision | Breach:
    """Return a decision as everyone else will read it, or what is wrong with it.

    Notes
    -----
    What it holds is read from its own bytes by the decoder that a receiver uses: types inside are as they should be,
    and whatever the agent does to a list that it gave away changes nothing any more.
    """
    if not isinstance(decision, Decision):
        return Breach("decision", f"answered {type(decision).__name__}, not a Decision")
    if decision.wake is not None and not (type(decision.wake) is int and view.tick < decision.wake <= _LAST_TICK):
        fact = f"asked to be woken at {decision.wake!r}, which is not a tick after {view.tick}"
        return Breach("wake", fact)
    outbox = []
    try:
        for outgoing in decision.outbox:
            if not isinstance(outgoing, Outgoing) or not isinstance(outgoing.body, _SAYABLE):
                said = type(getattr(outgoing, "body", outgoing)).__name__
                return Breach("speech", f"wanted to say {said}, which no mind may say")
            if isinstance(outgoing.body, TaskReport) and outgoing.body.state not in ("returned", "failed"):
                fact = f"wanted to report {outgoing.body.state!r}, which only the node does, that sees it"
                return Breach("speech", fact)
            message = Message(tick=view.tick, sender=view.rover, seq=0, to=outgoing.to, body=outgoing.body)
            heard = read_message(encode(message), view.rover)
            outbox.append(Outgoing(to=heard.to, body=heard.body))
        command = None if decision.command is None else read_command(encode(decision.command), view.rover)
    except Exception as error:
        # Values made by a plugin may fail in any way when they are looked at.
        return Breach("decision", f"answered with a value that no one can read: {error}")
    if isinstance(command, FollowPath) and (breach := _breach_of_way((view.observation.pose.point, *command.path))):
        return breach
    return Decision(command=command, outbox=tuple(outbox), wake=decision.wake)


def _breach_of_way(path: Path) -> Breach | None:
    """Return what is wrong with a way that nobody could ask ground for."""
    if len(path) > _MOST_WAYPOINTS:
        return Breach("decision", f"wants to drive over {len(path)} waypoints, more than {_MOST_WAYPOINTS}")
    if path_length(path) > _LONGEST_WAY:
        return Breach("decision", f"wants to drive {path_length(path):.3g} m, more than {_LONGEST_WAY:g} m in one way")
    return None
