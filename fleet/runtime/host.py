"""A host: the process, or the thread, in which the nodes of some rovers live and are asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from msgspec.structs import replace

from fleet.bus import ClientLock, HostBus, LocalHostBus, Notary, ZmqHostBus, is_local, opened, sealed
from fleet.core import (
    GROUND,
    ConfigError,
    MessageError,
    PluginError,
    RoverId,
    give_way,
    is_orphan,
    live_and_die_with,
    settle_memory,
)
from fleet.messages import (
    PROTOCOL_VERSION,
    WELL,
    Answer,
    Ask,
    Briefing,
    Goodbye,
    Hello,
    Keep,
    Message,
    Notified,
    Observation,
    Plight,
    Ready,
    Recall,
    Recalled,
    Restore,
    RoverAnswer,
    RoverAsk,
    SealedAnswer,
    SealedAsk,
    SealedRoverAnswer,
    SealedRoverAsk,
    Stop,
    Unwelcome,
    Welcome,
    encode,
    read_from_hub,
    read_recall,
    read_sealed_from_hub,
)
from fleet.runtime.keeping import keep, restore

_log = logging.getLogger(__name__)
_MOST_REFUSED: Final = 100  # Told in one answer.
IDLE: Final = 1.0  #: Seconds without a word from the hub after which a host looks whether it is still there.


class NodeLike(Protocol):
    """One rover's node, as its host knows it."""

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        """Return what the rover does and says; must not raise."""
        ...

    def suffer(self, plight: Plight) -> None:
        """Take in what is wrong with the rover's computer from the next step on; must not raise."""
        ...


class MakeNode(Protocol):
    """Makes the node of a rover."""

    def __call__(self, briefing: Briefing, rover: RoverId) -> NodeLike:
        """Return the node.

        Raises
        ------
        PluginError
            When the rover's agent, or its planner or allocator, breaks its contract while it is made.
        ConfigError
            When there is no plugin of that name.
        """
        ...


class Host:
    """Answers the hub for its rovers; the same code whatever carries the bytes.

    Parameters
    ----------
    name
        Of this host.
    make_node
        Makes a rover's node once the mission is known.
    agents
        Of a host from elsewhere: its rovers, and the agent of each, empty for the one of the roster. What a hub that
        others run may have imported here are installed plugins, by their names.
    notary
        Signs what its rovers say, and checks what they hear; None where nobody else could have said it.
    """

    def __init__(
        self,
        name: str,
        make_node: MakeNode,
        agents: Mapping[RoverId, str] | None = None,
        *,
        notary: Notary | None = None,
    ) -> None:
        self.name = name
        self.turned_away: Unwelcome | None = None  #: By the hub, and why.
        self._own = agents
        self._notary = notary
        self._refused: list[tuple[RoverId, str]] = []  # Whose words were not taken at this tick, and why.
        self.is_ready = False  #: Whether the nodes are made.
        self.is_over = False  #: Whether the hub said goodbye.
        self._make_node = make_node
        self._nodes: dict[RoverId, NodeLike] = {}
        self._plights: dict[RoverId, Plight] = {}
        #: What it was asked last, kept since it takes a while to let go of: best when nobody waits for this host.
        self.asked: Ask | None = None

    def hello(self) -> bytes:
        """Return the first words to the hub."""
        signing = b"" if self._notary is None else self._notary.public
        agents = tuple((self._own or {}).items())
        return encode(Hello(version=PROTOCOL_VERSION, host=self.name, agents=agents, signing=signing))

    def handle(self, data: bytes) -> bytes | None:
        """Return the answer to what the hub said; None to a goodbye, and to what no hub says."""
        if not data:
            return None  # It looks whether anybody is here.
        notary = self._notary if self._notary is not None and self._notary.is_needed else None
        try:
            said = read_from_hub(data) if notary is None else read_sealed_from_hub(data)
        except MessageError as error:
            _log.warning("host %s dropped a frame: %s", self.name, error)
            return None
        match said:
            case Ask():
                self.asked = said
                return self._answer(said)
            case SealedAsk():
                assert notary is not None
                return self._answer(self._opened(said, notary))
            case Welcome():
                if self._notary is not None:
                    self._notary.know(said.session, said.signers, said.past)
                return encode(Ready(host=self.name, faults=self._make_nodes(said)))
            case Recall():
                for ask in read_recall(data).asks:
                    self.handle(bytes(ask))
                return encode(Recalled(host=self.name))
            case Keep() | Restore() if self._own is not None:
                _log.warning("host %s tells nobody what its rovers know, and takes it from nobody", self.name)
                return None
            case Keep():
                return encode(keep(self.name, self._nodes, self._plights))
            case Restore():
                return encode(restore(self.name, self._nodes, self._plights, said.states))
            case Unwelcome():
                self.turned_away = said
                return None
            case Goodbye():
                self.is_over = True
                return None

    def _make_nodes(self, welcome: Welcome) -> tuple[tuple[RoverId, str, str], ...]:
        briefing = welcome.briefing if self._own is None else _with_agents(welcome.briefing, self._own)
        agents = {entry.rover: entry.agent for entry in briefing.roster}
        faults = []
        self._nodes = {}
        for rover in welcome.rovers:
            try:
                if self._own is not None:
                    _check_names(welcome.briefing, rover, self._own)
                self._nodes[rover] = self._make_node(briefing, rover)
            except PluginError as error:
                faults.append((rover, error.plugin, error.fact))
            except ConfigError as error:
                faults.append((rover, agents.get(rover, ""), str(error)))
        self._plights = dict.fromkeys(self._nodes, WELL)
        self.is_ready = True
        return tuple(faults)

    def _opened(self, sealed: SealedAsk, notary: Notary) -> Ask:
        """Return an ask without words that are not their authors', or were heard before; those stay unopened."""
        return Ask(tick=sealed.tick, asks=tuple(self._genuine(ask, notary) for ask in sealed.asks))

    def _genuine(self, ask: SealedRoverAsk, notary: Notary) -> RoverAsk:
        kept = []
        signatures = (*ask.signatures, *[b""] * (len(ask.inbox) - len(ask.signatures)))
        for said, signature in zip(ask.inbox, signatures, strict=False):
            fact = notary.fault(ask.rover, said, signature)
            if not fact:
                try:
                    kept.append(opened(said))
                except MessageError as error:
                    fact = f"cannot be read: {error.fact}"
            if fact:
                self._refused.append((said.sender, f"what it said to {ask.rover} {fact}"))
        seen = self._ordered(ask, notary)
        return RoverAsk(rover=ask.rover, observation=seen, inbox=tuple(kept), plight=ask.plight)

    def _ordered(self, ask: SealedRoverAsk, notary: Notary) -> Observation:
        """Return what a rover sees, without what mission control is said to order and did not sign."""
        seen, signatures = ask.observation, iter(ask.orders)
        lies = {}
        for event in seen.events:
            if isinstance(event, Notified) and (fact := notary.lie(event.bulletin, next(signatures, b""))):
                lies[id(event)] = fact
        self._refused += [(RoverId(GROUND), f"what it told {ask.rover} {fact}") for fact in lies.values()]
        return replace(seen, events=tuple(each for each in seen.events if id(each) not in lies)) if lies else seen

    def _answer(self, ask: Ask) -> bytes:
        nodes, plights = self._nodes, self._plights
        answers = []
        for each in ask.asks:
            rover, plight = each.rover, each.plight
            node = nodes.get(rover)
            if node is None:
                answers.append(_stopped(rover, f"host {self.name} has no node for it"))
                continue
            if plight != plights[rover]:
                plights[rover] = plight
                node.suffer(plight)
            answers.append(node.step(each.observation, each.inbox))
        refused: tuple[tuple[RoverId, str], ...] = ()
        if self._refused:
            refused, self._refused = tuple(self._refused[:_MOST_REFUSED]), []
        answer = Answer(tick=ask.tick, answers=tuple(answers), refused=refused)
        try:
            return encode(answer) if self._notary is None else self._sent(answer)
        except _UNSENDABLE:
            kept = tuple(self._sendable(each) for each in answers)
            return self._sent(replace(answer, answers=kept))

    def _sent(self, answer: Answer) -> bytes:
        """Return an answer as it travels, signed where one signs: a body is encoded once for both."""
        if self._notary is None or not self._notary.is_needed:
            return encode(answer)
        signed = tuple(_signed(each, self._notary) for each in answer.answers)
        return encode(SealedAnswer(tick=answer.tick, answers=signed, refused=answer.refused))

    def _sendable(self, answer: RoverAnswer) -> RoverAnswer:
        # One rover's bad answer must not cost the others of this host theirs.
        try:
            self._sent(Answer(tick=0, answers=(answer,)))
        except _UNSENDABLE as error:
            return _stopped(answer.rover, f"answered what cannot be sent: {error}")
        return answer


def _signed(answer: RoverAnswer, notary: Notary) -> SealedRoverAnswer:
    outbox = tuple(map(sealed, answer.outbox))
    return SealedRoverAnswer(
        rover=answer.rover,
        command=answer.command,
        outbox=outbox,
        wake=answer.wake,
        fault=answer.fault,
        plugin=answer.plugin,
        signatures=tuple(map(notary.sign, outbox)),
    )


def _with_agents(briefing: Briefing, agents: Mapping[RoverId, str]) -> Briefing:
    roster = (replace(entry, agent=agents.get(entry.rover) or entry.agent) for entry in briefing.roster)
    return replace(briefing, roster=tuple(roster))


def _check_names(briefing: Briefing, rover: RoverId, agents: Mapping[RoverId, str]) -> None:
    """Check that all code that a hub names is installed here as a plugin: a module of its choice is not imported.

    Raises
    ------
    ConfigError
        When it is not.
    """
    named = [briefing.planner, briefing.allocator]
    if not agents.get(rover):
        named += [entry.agent for entry in briefing.roster if entry.rover == rover]
    for name in named:
        if ":" in name:
            fact = "a run elsewhere names a module, and at its word only installed plugins are imported"
            remedy = f"install it as a plugin; an agent you can name yourself: --agents {rover}=MODULE:CLASS"
            raise ConfigError(f"plugin {name!r}", fact, remedy)


_UNSENDABLE = (MessageError, TypeError, ValueError, OverflowError)


def _stopped(rover: RoverId, fault: str) -> RoverAnswer:
    return RoverAnswer(rover=rover, command=Stop(), outbox=(), wake=None, fault=fault)


def serve(bus: HostBus, host: Host, is_alone: Callable[[], bool], settle: Callable[[], None] = lambda: None) -> None:
    """Answer the hub until it says goodbye or is gone.

    Parameters
    ----------
    bus
        Closed at the end.
    host
        Who answers.
    is_alone
        Whether the hub is gone; asked while nothing comes from it.
    settle
        Called once, when the nodes are made and before anybody is asked.
    """
    settled = False
    try:
        bus.send(host.hello())
        while not host.is_over:
            data = bus.receive(IDLE)
            if data is None:
                if is_alone():
                    _log.warning("host %s ends: its hub is gone", host.name)
                    return
                continue
            answer = host.handle(data)
            if answer is not None:
                bus.send(answer)
                host.asked = None
            if host.is_ready and not settled:
                settled = True
                settle()
    finally:
        bus.close()


def run_host(
    endpoint: str,
    name: str,
    make_node: MakeNode,
    *,
    parent: int | None = None,
    lock: ClientLock | None = None,
    notary: Notary | None = None,
) -> int:
    """Be a host process until the mission ends.

    Parameters
    ----------
    endpoint
        Of the hub.
    name
        Of this host.
    make_node
        Makes the nodes.
    parent
        Process that started this one, without which it must not go on; None for a host that a person started.
    lock
        Key of this host, and the hub's, where the bus is locked.
    notary
        Signs what its rovers say, and checks what they hear.

    Returns
    -------
    int
        Exit code: 0 when the hub said goodbye, 4 when it was gone without.
    """
    if parent is not None:
        live_and_die_with(parent)
    give_way()  # The hub has more to say to others, and a host that woke at once would take its core from it.
    is_near = lock is None and is_local(endpoint)
    bus = LocalHostBus(endpoint, name) if is_near else ZmqHostBus(endpoint, name, lock=lock)
    host = Host(name, make_node, notary=notary)
    serve(bus, host, lambda: (parent is not None and is_orphan(parent)) or bus.is_cut(), settle_memory)
    return 0 if host.is_over else 4
