"""Faults in plain English."""

from __future__ import annotations

from math import hypot
from typing import Final, assert_never

from fleet.core import RoverId
from sim.scenario.fault import (
    AgentCrash,
    BatteryFade,
    DeadPanel,
    Fault,
    Held,
    HostLoss,
    MessageCorruption,
    MessageDelay,
    MessageDuplication,
    MessageLoss,
    Obstacle,
    Partition,
    RadioJam,
    Silent,
    SlowAgent,
    StuckWheel,
    WrongPosition,
    befallen,
    kind_of,
)

_SHORT: Final = {
    "silent": "radio dead",
    "agent_crash": "mind crashed",
    "host_loss": "computer off",
    "slow_agent": "slow mind",
    "held": "wheels slip",
    "stuck_wheel": "wheel stuck",
    "dead_panel": "panels dead",
    "battery_fade": "weak battery",
    "wrong_position": "wrong position",
}


def fault_on(fault: Fault, rover: RoverId) -> str:
    """Return in two words what is wrong with a rover, empty when a fault is about others, or about the air.

    >>> fault_on(Silent(id="s", begin=0, end=None, rover="suparco"), "suparco")
    'radio dead'
    """
    return _SHORT.get(kind_of(fault), "") if rover in befallen(fault) else ""


def fault_begins(fault: Fault) -> str:
    """Return what begins to be wrong.

    >>> fault_begins(Silent(id="s", begin=0, end=None, rover="suparco"))
    'suparco: its radio is dead'
    """
    match fault:
        case MessageLoss():
            return f"{_share(fault.share)} of the words{_between(fault.rovers)} are lost"
        case MessageCorruption():
            return f"{_share(fault.share)} of the words{_between(fault.rovers)} are garbled"
        case MessageDelay():
            late = _seconds(fault.delay, fault.spread)
            return f"{_share(fault.share)} of the words{_between(fault.rovers)} come {late} late"
        case MessageDuplication():
            return f"{_share(fault.share)} of the words{_between(fault.rovers)} come twice"
        case Partition():
            return "no radio between " + " and ".join(", ".join(group) for group in fault.groups)
        case Silent():
            return f"{fault.rover}: its radio is dead"
        case AgentCrash():
            return f"{fault.rover}: its mind has crashed"
        case HostLoss():
            return f"{fault.rover}: its computer is off"
        case SlowAgent():
            return f"{fault.rover}: its mind takes {fault.delay:g} s for each decision"
        case Held():
            return f"{fault.rover}: its wheels find no hold"
        case StuckWheel():
            return f"{fault.rover}: a wheel is stuck"
        case DeadPanel():
            return f"{fault.rover}: its panels lose {_share(fault.share)} of their power"
        case BatteryFade():
            return f"{fault.rover}: its battery loses {_share(fault.share)} of its capacity"
        case WrongPosition():
            return f"{fault.rover}: it is {hypot(*fault.error):.1f} m wrong about where it is"
        case RadioJam():
            x, y = fault.centre
            return f"no radio within {fault.radius:g} m of ({x:.0f}, {y:.0f})"
        case Obstacle():
            x, y = fault.centre
            return f"a rock of {fault.radius:g} m that nobody knows of at ({x:.0f}, {y:.0f})"
    assert_never(fault)


def fault_ends(fault: Fault) -> str:
    """Return what is well again.

    >>> fault_ends(Silent(id="s", begin=0, end=9, rover="suparco"))
    'suparco: its radio is back'
    """
    match fault:
        case MessageLoss() | MessageCorruption() | MessageDelay() | MessageDuplication():
            return f"the radio carries the words{_between(fault.rovers)} as it should again"
        case Partition():
            return "radio between " + " and ".join(", ".join(group) for group in fault.groups) + " again"
        case Silent():
            return f"{fault.rover}: its radio is back"
        case AgentCrash():
            return f"{fault.rover}: its mind is started anew"
        case HostLoss():
            return f"{fault.rover}: its computer is started anew"
        case SlowAgent():
            return f"{fault.rover}: its mind is quick again"
        case Held():
            return f"{fault.rover}: its wheels find hold again"
        case StuckWheel():
            return f"{fault.rover}: the wheel is free again"
        case DeadPanel():
            return f"{fault.rover}: its panels are whole again"
        case BatteryFade():
            return f"{fault.rover}: its battery is whole again"
        case WrongPosition():
            return f"{fault.rover}: it knows where it is again"
        case RadioJam():
            return f"radio around ({fault.centre[0]:.0f}, {fault.centre[1]:.0f}) again"
        case Obstacle():
            return f"no rock at ({fault.centre[0]:.0f}, {fault.centre[1]:.0f}) any more"
    assert_never(fault)


def _share(share: float) -> str:
    return "all" if share == 1.0 else f"{100.0 * share:g} %"


def _between(rovers: tuple[str, ...]) -> str:
    return f" from and to {', '.join(rovers)}" if rovers else ""


def _seconds(delay: float, spread: float) -> str:
    return f"{delay:g} s" if spread == 0.0 else f"{delay:g} to {delay + spread:g} s"
