"""A run that goes on elsewhere, as a viewer watches it: entries in, wishes out; it never waits for anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fleet.bus import (
    ClientLock,
    ControlClient,
    Direct,
    End,
    FeedSubscriber,
    Inject,
    Pause,
    Rate,
    Request,
    Resume,
    Snapshot,
)
from fleet.core import Clock, ConfigError, MessageError
from fleet.terrain import GroundMap
from sim.hub import News, Present, read_feed
from sim.record import Entry, Opening

_AT_ONCE: Final = 400  # Entries after which a poll ends, so that a window stays awake however fast the run is.
_NOTED: Final = 0.2  # Seconds that the run has to answer what changes nothing in it,
_HEARD: Final = 1.5  # and to answer an order, whose refusal somebody wants to read.
_AGAIN: Final = 1.0  # Seconds until the present is asked for once more, where it did not come.
_ATTACH: Final = 0.1  # Seconds between two requests for the present.


def control_endpoint(feed: str) -> str:
    """Return where a run is steered that tells what happens on `feed`: the next port, or the file beside it.

    >>> control_endpoint("tcp://127.0.0.1:7700"), control_endpoint("ipc:///run/feed")
    ('tcp://127.0.0.1:7701', 'ipc:///run/feed-control')

    Raises
    ------
    ConfigError
        When it is no tcp or ipc endpoint with a port or a file.
    """
    kind, _, address = feed.partition("://")
    if kind == "ipc" and address:
        return f"{feed}-control"
    host, _, port = address.rpartition(":")
    if kind == "tcp" and host and port.isdigit() and 0 < int(port) < 65535:
        return f"tcp://{host}:{int(port) + 1}"
    raise ConfigError(feed, "is no place for a feed", "give one like tcp://127.0.0.1:7700")


class Watch:
    """Attached to a run.

    Parameters
    ----------
    feed
        Endpoint on which the run tells what happens.
    wait
        Seconds until somebody must have answered.
    is_over
        Whether the run is known to be gone; asked while attaching.
    lock
        Own key and the run's, where it is locked.

    Raises
    ------
    ConfigError
        When no run answers there.
    """

    def __init__(
        self,
        feed: str,
        *,
        clock: Clock,
        wait: float,
        is_over: Callable[[], bool] = lambda: False,
        lock: ClientLock | None = None,
    ) -> None:
        self._clock = clock
        self._control = ControlClient(control_endpoint(feed), lock)
        self._feed = FeedSubscriber(feed, lock)
        self._known = 0  # Entries that were told so far, here or before.
        self._asked = -_AGAIN  # When the present was last asked for, since some were missed.
        self._backlog: list[Entry] = []
        self.opening: Opening
        self.ground: GroundMap
        until = clock.now() + wait
        while not self._attached():
            if clock.now() > until or is_over():
                self.close()
                raise ConfigError(feed, "no run answers there", "is it running, with this --feed, and knows your key?")

    def _attached(self) -> bool:
        self._control.ask(Snapshot(), timeout=_ATTACH)
        while (frame := self._feed.receive(_ATTACH)) is not None:
            told = read_feed(*frame)
            if isinstance(told, Present):
                self.ground = told.ground
                self._backlog = [entry for entry in told.entries if not isinstance(entry, Opening)]
                self.opening = next(entry for entry in told.entries if isinstance(entry, Opening))
                self._known = told.told
                return True
        return False

    def poll(self) -> list[Entry]:
        """Return what has come since the last call, without waiting; of what was missed, what still matters."""
        told, self._backlog = self._backlog, []
        while len(told) < _AT_ONCE and (frame := self._feed.receive(0.0)) is not None:
            try:
                heard = read_feed(*frame)
            except MessageError:
                continue
            if isinstance(heard, Present):
                told += self._caught_up(heard)
            elif heard is not None:
                told += self._heard(heard)
        return told

    def _heard(self, news: News) -> tuple[Entry, ...]:
        """Return what of the news is new; none of it where something before it was missed."""
        if news.before > self._known:
            if self._clock.now() - self._asked >= _AGAIN:
                self._asked = self._clock.now()
                self._ask(Snapshot())
            return ()
        new = news.entries[self._known - news.before :]
        self._known += len(new)
        return new

    def _caught_up(self, present: Present) -> list[Entry]:
        """Return what of the present is new: others ask for it, too."""
        known, self._known = self._known, max(self._known, present.told)
        return [entry for number, entry in zip(present.numbers, present.entries, strict=True) if number >= known]

    def control(self, do: str, **values: object) -> str:
        """Ask the run to ``pause``, ``resume``, ``stop``, set its ``rate`` to a ``factor``, or take a text.

        A text is a ``fault`` that it is to suffer or an ``order`` of mission control, as a scenario file has it.

        Returns
        -------
        str
            Why it was not done; empty when it was.
        """
        factor = values.get("factor")
        requests: dict[str, Request] = {"pause": Pause(), "resume": Resume(), "stop": End()}
        if do == "rate":
            requests["rate"] = Rate(factor=float(factor) if isinstance(factor, int | float) else None)
        if do == "fault":
            requests["fault"] = Inject(fault=str(values.get("fault", "")))
        if do == "order":
            requests["order"] = Direct(order=str(values.get("order", "")))
        if do not in requests:
            return f"nobody can {do} a run"
        return self._ask(requests[do], _HEARD if do in ("order", "fault") else _NOTED)

    def _ask(self, request: Request, wait: float = _NOTED) -> str:
        """Ask, and return why it was not done; a run that has ended answers nobody."""
        try:
            reply = self._control.ask(request, timeout=wait)
        except MessageError as error:
            return error.fact
        if reply is None:
            return "the run does not answer"
        return "" if reply.ok else reply.fact

    def close(self) -> None:
        """Let go; the run does not notice."""
        self._feed.close()
        self._control.close()
