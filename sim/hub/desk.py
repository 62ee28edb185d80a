"""Where a run is steered from: what viewers ask for, done between ticks."""

from __future__ import annotations

from fleet.bus import ControlServer, End, Pause, Rate, Reply, Request, Resume, Snapshot
from sim.hub.live import LiveFeed
from sim.hub.pace import Pace


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
    """

    def __init__(self, server: ControlServer, pace: Pace, live: LiveFeed | None = None) -> None:
        self._server = server
        self._pace = pace
        self._live = live
        self._is_ended = False

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
        return Reply(ok=True)

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()
