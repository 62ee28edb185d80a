"""What becomes of instruments, in words."""

from __future__ import annotations

from typing import Final

from sim.record.entries import InstrumentChanged

_LIT: Final = 0.5  # Share of the Sun's disc from which on it is light.
_ZERO: Final = 273.15  # Kelvin.


def how_it_lives(entry: InstrumentChanged) -> str:
    """Return how an instrument is from now on.

    >>> frozen = InstrumentChanged(tick=9, instrument="ion", state="dead", charge=0.0, temperature=233.0, light=0.0)
    >>> how_it_lives(frozen)
    'instrument ion dies of cold: -40 degC, 0 % of its charge, in the dark'
    """
    verb = {
        "stowed": "is on board",
        "alive": "is awake",
        "asleep": "sleeps for want of charge",
        "dead": "dies of cold",
    }[entry.state]
    light = "in the Sun" if entry.light >= _LIT else "in the dark"
    how = f"{entry.temperature - _ZERO:.0f} degC, {100.0 * entry.charge:.0f} % of its charge, {light}"
    return f"instrument {entry.instrument} {verb}: {how}"
