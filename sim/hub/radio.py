"""Who hears what, and when: the one place that carries words between rovers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from math import ceil

from fleet.core import EVERYONE, MessageError, Rng, RoverId, Tick, stream
from fleet.messages import Message, SealedMessage, encode, open_body
from sim.hub.noise import Noise
from sim.record.entries import Said
from sim.scenario.fault import Fault

TravelTimes = Callable[[RoverId, int], Mapping[RoverId, float]]


class Radio:
    """Inboxes, and the rules by which they fill.

    Parameters
    ----------
    rovers
        All of them, by id.
    travel_times
        Of so many bytes from a rover to all it reaches now, seconds.
    dt
        Seconds a tick.
    seed, loss
        Share of messages that are lost though there is a way; each pair of rovers has its own stream of chance.

    Notes
    -----
    What is said in tick n is heard when its bytes have come along the quickest way of links, and the light with them,
    in whole ticks, at least one, by whom it can reach when it is said; else it is lost for them. Faults of the air
    (`sim.hub.noise`) lose more, or have some heard late or twice. A message that is not
    quiet has its receiver asked when it is heard; a quiet one waits until that happens for another reason. A rover
    hears what it says to itself in the next tick. Inboxes are in the order (tick, sender, seq).
    """

    def __init__(
        self, rovers: Sequence[RoverId], travel_times: TravelTimes, *, dt: float, seed: int, loss: float
    ) -> None:
        self._rovers = tuple(rovers)
        self._travel_times = travel_times
        self._dt = dt
        self._seed = seed
        self._loss = loss
        self._inboxes: dict[RoverId, list[tuple[Tick, SealedMessage, bytes]]] = {rover: [] for rover in rovers}
        self._loud: list[tuple[Tick, RoverId]] = []
        self._last: dict[RoverId, int] = {}
        self._noise = Noise(dt=dt, seed=seed)
        self._chances: dict[tuple[RoverId, RoverId], Rng] = {}
        self.sent = 0  #: Messages said.
        self.delivered = 0  #: Messages times receivers that hear them.
        self.lost = 0  #: Messages times receivers that do not.

    def suffer(self, faults: Sequence[Fault]) -> None:
        """Take in which faults there are from now on."""
        self._noise.suffer(faults)

    def say(self, tick: Tick, sender: RoverId, message: SealedMessage, signature: bytes = b"") -> Said:
        """Carry a message as far as it goes, its signature beside it: that takes no time on the air.

        Raises
        ------
        MessageError
            When it is not what this rover may say in this tick; nobody hears it.
        """
        body = self._check(tick, sender, message)
        self._last[sender] = message.seq
        heard: list[tuple[RoverId, Tick]] = []
        lost: list[RoverId] = []
        times = self._travel_times(sender, len(encode(message)))
        for receiver in self._receivers(message):
            seconds = 0.0 if receiver == sender else times.get(receiver)
            # Chance is drawn for those out of reach too, so that it does not depend on who moved where.
            is_unlucky = self._is_unlucky(sender, receiver)
            due = tick + max(1, ceil((seconds or 0.0) / self._dt))
            ticks = (due,) if receiver == sender else self._noise.heard_at(sender, receiver, due)
            if is_unlucky or seconds is None or not ticks:
                lost.append(receiver)
                continue
            for when in ticks:
                heard.append((receiver, when))
                self._deliver(receiver, when, message, signature)
        self.sent += 1
        self.delivered += len(heard)
        self.lost += len(lost)
        return Said(message=body, heard=tuple(heard), lost=tuple(lost))

    def _deliver(self, receiver: RoverId, due: Tick, message: SealedMessage, signature: bytes) -> None:
        if receiver in self._inboxes:
            self._inboxes[receiver].append((due, message, signature))
            if not message.quiet:
                heappush(self._loud, (due, receiver))

    def _check(self, tick: Tick, sender: RoverId, message: SealedMessage) -> Message:
        if message.sender != sender:
            raise MessageError(sender, f"claims to be {message.sender!r}")
        if message.tick != tick:
            raise MessageError(sender, f"claims to speak in tick {message.tick}")
        last = self._last.get(sender)
        if last is not None and message.seq <= last:
            raise MessageError(sender, f"number {message.seq} does not come after {last}")
        if message.to != EVERYONE and message.to not in self._rovers:
            raise MessageError(sender, f"there is no rover {message.to!r} to speak to")
        return Message(
            tick=tick,
            sender=sender,
            seq=message.seq,
            to=message.to,
            body=open_body(bytes(message.body), sender),
            quiet=message.quiet,
        )

    def _receivers(self, message: SealedMessage) -> Iterable[RoverId]:
        if message.to == EVERYONE:
            return (rover for rover in self._rovers if rover != message.sender)
        return (message.to,)

    def _is_unlucky(self, a: RoverId, b: RoverId) -> bool:
        if self._loss <= 0.0 or a == b:
            return False
        chance = self._chances.get((a, b))
        if chance is None:
            chance = self._chances[a, b] = stream(self._seed, f"radio/{a}/{b}")
        return chance.random() < self._loss

    def next_due(self) -> Tick | None:
        """Return the first tick at which somebody hears what it must be asked for."""
        return self._loud[0][0] if self._loud else None

    def take_due(self, tick: Tick) -> list[RoverId]:
        """Return who must be asked by `tick` for what it hears; may name one twice."""
        due = []
        while self._loud and self._loud[0][0] <= tick:
            due.append(heappop(self._loud)[1])
        return due

    def take_inbox(self, rover: RoverId, tick: Tick) -> tuple[tuple[SealedMessage, ...], tuple[bytes, ...]]:
        """Return what a rover heard by `tick`, in order, with its signatures, and empty its inbox of it."""
        inbox = self._inboxes[rover]
        if not inbox:
            return (), ()
        heard = [(message, signature) for due, message, signature in inbox if due <= tick]
        self._inboxes[rover] = [entry for entry in inbox if entry[0] > tick]
        heard.sort(key=lambda said: (said[0].tick, said[0].sender, said[0].seq))
        signatures = tuple(signature for _, signature in heard)
        return tuple(message for message, _ in heard), signatures if any(signatures) else ()

    def forget(self, rover: RoverId) -> None:
        """Keep nothing more for a rover that will not be asked again."""
        self._inboxes.pop(rover, None)
