"""Names of the columns that the arrays of instruments share with their kernel."""

from __future__ import annotations

from typing import Final

# States, in the order of `sim.world.values.InstrumentState`.
ALIVE: Final = 0
ASLEEP: Final = 1
DEAD: Final = 2

# Columns of a `row`, (COLUMNS,) float64: what changes ...
X: Final = 0
Y: Final = 1
CHARGE: Final = 2  # joules
TEMPERATURE: Final = 3  # kelvin
LIGHT: Final = 4  # share of the Sun's disc
# ... and what its figures fix.
GAIN: Final = 5  # watts when the Sun shines squarely on its panel
CAPACITY: Final = 6  # joules, as the two below
SLEEPY: Final = 7  # below, or short of power, it sleeps
FRESH: Final = 8  # from here on it wakes
POWER: Final = 9  # watts, as the three below
SLEEP: Final = 10
HEATER: Final = 11
RHU: Final = 12
WARMING: Final = 13  # kelvin a watt in a step
LOSS: Final = 14  # share of the difference to the surroundings that is lost in a step, before `KEEP`
KEEP: Final = 15  # what makes the step implicit: stable for a step of any length
SURVIVAL: Final = 16  # kelvin
OPEN_GAIN: Final = 17  # as `LOSS`, of open louvres, times the temperature from which they are open
OPEN_KEEP: Final = 18
COLUMNS: Final = 19

# Columns of a `status`, (STATUS_COLUMNS,) int64.
STATE: Final = 0
HEATING: Final = 1
STATUS_COLUMNS: Final = 2

SLEEPS_BELOW: Final = 0.2  # Share of the charge;
WAKES_ABOVE: Final = 0.4  # likewise.
