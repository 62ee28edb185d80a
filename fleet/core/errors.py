"""Who broke the promise; the catcher chooses by class, a test or a log reads the fields."""

from __future__ import annotations


class FleetError(Exception):
    """Root of everything this project raises on purpose."""


class ConfigError(FleetError):
    """A person's file, option or key is wrong; shown to them, exit code 2.

    Parameters
    ----------
    place
        Where: ``file:line:column``, a file, or an option.
    fact
        What is wrong there.
    remedy
        What to do about it; empty when the fact says it.
    """

    def __init__(self, place: str, fact: str, remedy: str = "") -> None:
        super().__init__(f"{place}: {fact}" + (f"\n  {remedy}" if remedy else ""))
        self.place = place
        self.fact = fact
        self.remedy = remedy


class PluginError(FleetError):
    """A plugin broke the contract of the SDK; its rover stops, the fleet goes on.

    Parameters
    ----------
    plugin
        Name or ``module:Class`` of the plugin.
    rover, tick
        For whom and when it was asked; empty and -1 before any rover had it.
    fact
        What it did.
    """

    def __init__(self, plugin: str, rover: str, tick: int, fact: str) -> None:
        where = f" of rover {rover} at tick {tick}" if rover else ""
        super().__init__(f"plugin {plugin}{where}: {fact}")
        self.plugin = plugin
        self.rover = rover
        self.tick = tick
        self.fact = fact


class MessageError(FleetError):
    """A peer sent something illegal; dropped, counted, the sender named."""

    def __init__(self, sender: str, fact: str) -> None:
        super().__init__(f"message from {sender or 'unknown sender'}: {fact}")
        self.sender = sender
        self.fact = fact


class TransitionError(FleetError):
    """A state machine of our own was asked for a move it does not have: a bug."""

    def __init__(self, subject: str, state: str, move: str) -> None:
        super().__init__(f"{subject} that is {state} cannot {move}")
        self.subject = subject
        self.state = state
        self.move = move
