"""Where a run is steered from: what viewers ask for, done between ticks."""

from __future__ import annotations

from fleet.bus import ControlServer, End, Inject, Pause, Rate, Reply, Request, Resume, Snapshot
from fleet.core import ConfigError, Tick
from sim.hub.live import LiveFeed
from sim.hub.pace import Pace
from sim.scenario.fault import Fault
from sim.scenario.fault_live import LiveFaults
from sim.scenario.fault_schema import FaultItem


class Desk:
    """Answers control clients.

    Parameters
    ----------
    server
        Closed with the run.
    pace
        What is steered.
    live
        Where a snapshot goes; None when there is no feed.
    faults
        Reads what shall go wrong; None when nothing may.
    """

    def __init__(
        self,
        server: ControlServer,
        pace: Pace,
        live: LiveFeed | None = None,
        faults: LiveFaults | None = None,
    ) -> None:
        self._server = server
        self._pace = pace
        self._live = live
        self._is_ended = False
        self._reader = faults
        self._wanted: list[FaultItem] = []

    def poll(self) -> bool:
        """Do what was asked for since the last poll; return whether the run shall end."""
        self._server.poll(self._answer)
        return self._is_ended

    def _answer(self, request: Request) -> Reply:
        match request:
            case Pause():
                self._pace.pause()
            case Resume():
                self._pace.resume()
            case Rate(factor=factor):
                self._pace.set_factor(factor)
            case Snapshot():
                if self._live is None:
                    return Reply(ok=False, fact="this run has no feed")
                self._live.publish_present()
            case End():
                self._is_ended = True
            case Inject(fault=text):
                return self._want(text)
        return Reply(ok=True)

    def _want(self, text: str) -> Reply:
        if self._reader is None:
            return Reply(ok=False, fact="this run takes no faults")
        try:
            self._wanted += self._reader.read(text)
        except ConfigError as error:
            return Reply(ok=False, fact=str(error))
        return Reply(ok=True)

    def take_faults(self, now: Tick) -> tuple[Fault, ...]:
        """Return the faults that were wanted since the last call, as from now."""
        items, self._wanted = self._wanted, []
        return tuple(fault for item in items if self._reader for fault in self._reader.faults(item, now))

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()
