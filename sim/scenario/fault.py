"""What goes wrong in a mission: kinds of faults, each with whom it befalls and from when until when."""

from __future__ import annotations

import msgspec

from fleet.core import Disc, Point, RoverId, Tick


class _Fault(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Something goes wrong from tick `begin` on and is well again at tick `end`; None: never."""

    id: str  #: Of this fault in its run.
    begin: Tick
    end: Tick | None


class _OfRover(_Fault, frozen=True, kw_only=True):
    """Befalls one rover."""

    rover: RoverId


class _OfWords(_Fault, frozen=True, kw_only=True):
    """Befalls a share of what is said, each receiver by itself."""

    share: float  #: 0 to 1.
    rovers: tuple[RoverId, ...] = ()  #: Only what one of these says or hears; sorted; none given: everybody.

    def concerns(self, sender: RoverId, receiver: RoverId) -> bool:
        """Return whether words of the one to the other can be meant."""
        return not self.rovers or sender in self.rovers or receiver in self.rovers


class MessageLoss(_OfWords, frozen=True, kw_only=True, tag="message_loss"):
    """Words that the radio carries are not heard."""


class MessageCorruption(_OfWords, frozen=True, kw_only=True, tag="message_corruption"):
    """Bits of words flip on their way: the receiver's radio finds that their checksum is wrong, and drops them."""


class MessageDelay(_OfWords, frozen=True, kw_only=True, tag="message_delay"):
    """Words are heard later, so that later ones may come before them."""

    delay: float  #: Seconds,
    spread: float  #: and up to so many more, drawn evenly.


class MessageDuplication(_OfWords, frozen=True, kw_only=True, tag="message_duplication"):
    """Words are heard once more, `delay` and up to `spread` seconds later."""

    delay: float
    spread: float


class Silent(_OfRover, frozen=True, kw_only=True, tag="silent"):
    """The radio is dead: the rover neither hears nor says nor passes on anything; it knows that it hears nobody."""


class Partition(_Fault, frozen=True, kw_only=True, tag="partition"):
    """No radio between groups: two or more that hold every rover, each in one."""

    groups: tuple[tuple[RoverId, ...], ...]


class AgentCrash(_OfRover, frozen=True, kw_only=True, tag="agent_crash"):
    """The rover's mind is gone; at the end it is made anew and knows what its node knows."""


class HostLoss(_OfRover, frozen=True, kw_only=True, tag="host_loss"):
    """The rover's computer is off, its radio with it, and the body stands; at the end its mind is made anew.

    What its node must keep outlasts that: the ground that it holds, what it promised, its tasks.
    """


class SlowAgent(_OfRover, frozen=True, kw_only=True, tag="slow_agent"):
    """The rover's mind takes time for each decision."""

    delay: float  #: Seconds of mission time.


class Held(_OfRover, frozen=True, kw_only=True, tag="held"):
    """The wheels turn and the body does not move; then it goes on as if nothing had been. Nothing tells the rover."""


class StuckWheel(_OfRover, frozen=True, kw_only=True, tag="stuck_wheel"):
    """The body stands and can neither drive nor turn; the rover feels that."""


class DeadPanel(_OfRover, frozen=True, kw_only=True, tag="dead_panel"):
    """The panels give less."""

    share: float  #: Of their power that is gone, 0 to 1.


class BatteryFade(_OfRover, frozen=True, kw_only=True, tag="battery_fade"):
    """The battery holds less; its gauge still measures in what it held when it was whole."""

    share: float  #: Of its capacity that is gone, 0 to 1.


class WrongPosition(_OfRover, frozen=True, kw_only=True, tag="wrong_position"):
    """The rover believes that it is where it is not, and drives accordingly."""

    error: Point  #: Metres in x and y from where it is to where it believes to be.


class RadioJam(_Fault, frozen=True, kw_only=True, tag="radio_jam"):
    """No radio works within a circle."""

    centre: Point
    radius: float


class Obstacle(_Fault, frozen=True, kw_only=True, tag="obstacle"):
    """A rock lies there of which nobody knows; one meets it like any that no map shows."""

    centre: Point
    radius: float

    @property
    def disc(self) -> Disc:
        """The ground that it covers; it is as high as its radius."""
        return Disc(x=self.centre[0], y=self.centre[1], radius=self.radius)


MessageFault = MessageLoss | MessageCorruption | MessageDelay | MessageDuplication
RadioFault = Silent | Partition | RadioJam
BodyFault = Held | StuckWheel | DeadPanel | BatteryFade | WrongPosition
MindFault = AgentCrash | HostLoss | SlowAgent
Fault = MessageFault | RadioFault | MindFault | BodyFault | Obstacle


def kind_of(fault: Fault) -> str:
    """Return the name of a fault's kind, as files have it.

    >>> kind_of(Silent(id="s", begin=0, end=None, rover="r1"))
    'silent'
    """
    return str(fault.__struct_config__.tag)


def befallen(fault: Fault) -> tuple[RoverId, ...]:
    """Return the rovers that a fault befalls by name, sorted; none where it befalls all alike.

    >>> befallen(Partition(id="p", begin=0, end=None, groups=(("a",), ("b", "c"))))
    ('a', 'b', 'c')
    """
    match fault:
        case MessageLoss() | MessageCorruption() | MessageDelay() | MessageDuplication():
            return fault.rovers
        case Partition():
            return tuple(sorted(rover for group in fault.groups for rover in group))
        case RadioJam() | Obstacle():
            return ()
        case _:
            return (fault.rover,)
