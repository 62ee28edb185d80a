"""What waits for a rover's mind until it is asked."""

from __future__ import annotations

from types import MappingProxyType

from fleet.core import RoverId
from fleet.messages import Event, Message, Telemetry
from fleet.runtime.turn import Turn
from fleet.sdk import AgentView
from fleet.tasks import TaskBook
from fleet.traffic import Holder


class Attention:
    """Events and words for a mind since it was last asked, and what the others last said of themselves."""

    def __init__(self, rover: RoverId) -> None:
        self._rover = rover
        self._inbox: list[Message] = []
        self._events: list[Event] = []
        self._peers: dict[RoverId, Telemetry] = {}

    def note(self, event: Event) -> None:
        """Keep what happened."""
        self._events.append(event)

    def hear(self, message: Message) -> None:
        """Keep what was said."""
        self._inbox.append(message)

    def know(self, peer: RoverId, telemetry: Telemetry) -> None:
        """Keep how another is, instead of how it was."""
        self._peers[peer] = telemetry

    def clear(self) -> None:
        """Let go of all that happened and was said."""
        self._inbox.clear()
        self._events.clear()

    def view(self, turn: Turn, book: TaskBook, holder: Holder) -> AgentView:
        """Return all that the mind is shown now, and let go of it."""
        view = AgentView(
            tick=turn.tick,
            rover=self._rover,
            observation=turn.observation(tuple(self._events)),
            inbox=tuple(self._inbox),
            tasks=book.tasks,
            steps=book.steps,
            travel=holder.travel(),
            peers=MappingProxyType(self._peers),
        )
        self.clear()
        return view
