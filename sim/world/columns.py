"""Names of the columns, codes and records that the world's arrays share with its kernels."""

from __future__ import annotations

from typing import Final

# Activities, in the order of `fleet.messages.Activity`.
IDLE: Final = 0
DRIVING: Final = 1
WORKING: Final = 2
CHARGING: Final = 3
LOST: Final = 4  # from here on: deaf and dumb
ASLEEP: Final = 5
DOWN: Final = 6

# Light that work needs.
LIGHT_ANY: Final = 0
LIGHT_LIT: Final = 1
LIGHT_DARK: Final = 2

# Columns of `body`, (N, BODY_COLUMNS) float64: what changes ...
X: Final = 0
Y: Final = 1
HEADING: Final = 2  # not wrapped during a turn
COS: Final = 3  # of the heading, for the panels; of the middle of a piece while turning
SIN: Final = 4
BATTERY: Final = 5  # joules
LIGHT: Final = 6
SUN_X: Final = 7  # horizontal part of the vector to the Sun, 1 long at 1 AU, when light was last sampled
SUN_Y: Final = 8
SOLAR: Final = 9  # watts
DRIVE: Final = 10  # watts for driving in this tick
POWER: Final = 11  # watts into the battery
DISTANCE: Final = 12  # metres driven
DISTANCE_BEFORE: Final = 13  # metres driven before the present drive
SOLAR_IN: Final = 14  # joules since the start, as the four below
USED: Final = 15
CHARGE_IN: Final = 16
CHARGE_OUT: Final = 17
SPILLED: Final = 18
LEAST: Final = 19  # joules, the lowest charge so far
# ... and what the vehicle class fixes.
CAPACITY: Final = 20
LOW: Final = 21  # joules, as the six below
LOW_OVER: Final = 22
CRITICAL: Final = 23
CRITICAL_OVER: Final = 24
FULL: Final = 25
FULL_OVER: Final = 26
RESERVE: Final = 27
HOTEL: Final = 28  # watts, as the three below
HEATER: Final = 29
WORK: Final = 30
CHARGE: Final = 31
TRACKING: Final = 32  # watts of the panels that follow the Sun when it shines squarely on them
RADIUS: Final = 33
REACH: Final = 34  # metres a tick at most
ANTENNA: Final = 35
TEMPERATURE: Final = 36  # kelvin; changes, as the one below
SURROUNDINGS: Final = 37  # kelvin, when light was last sampled
SLEEP: Final = 38  # watts, as the one below
RHU: Final = 39
WARMING: Final = 40  # kelvin a watt in a tick
LOSS: Final = 41  # share of the difference to the surroundings that is lost in a tick, before `KEEP`
KEEP: Final = 42  # what makes the step implicit: stable for a tick of any length
OPEN_GAIN: Final = 43  # as `LOSS`, of open louvres, times the temperature from which they are open
OPEN_KEEP: Final = 44
REVIVE: Final = 45  # joules
WAKE_CHARGE: Final = 46  # joules at which a sleeping rover wakes; changes
DRAIN_MOST: Final = 47  # joules a tick, whatever the rover does
GAIN_MOST: Final = 48  # joules a tick, however the Sun shines
COOL_MOST: Final = 49  # kelvin a tick while it is not hotter than `HOT`
WARM_MOST: Final = 50
AIM: Final = 51  # joules at which another stops charging it; changes
BODY_COLUMNS: Final = 52

# Columns of `status`, (N, STATUS_COLUMNS) int64.
ACTIVITY: Final = 0
STARTED: Final = 1  # tick of the command
FIRST_PIECE: Final = 2  # row of `pieces`
PIECE: Final = 3  # that is being driven, counted from the first
LAST_PIECE: Final = 4  # counted from the first
FIRST_MARK: Final = 5  # row of `marks`
MARK: Final = 6  # the next one, counted from the first
END_MARK: Final = 7  # counted from the first
LIT: Final = 8
IS_LOW: Final = 9
IS_CRITICAL: Final = 10
IS_FULL: Final = 11
WORK_LEFT: Final = 12
WORK_LIGHT: Final = 13
SOURCE: Final = 14
NEAR_AT: Final = 15  # before this tick no other body can be near
MOVED: Final = 16  # since links were last looked at
FIRST_PANEL: Final = 17  # rows of `panels`
END_PANEL: Final = 18
HEATING: Final = 19
WAKE_AT: Final = 20  # tick at which a sleeping rover wakes
WAKE_LIGHT: Final = 21
CALM_UNTIL: Final = 22  # before this tick no threshold of charge or temperature can be met
HELD: Final = 23  # the wheels turn, the body does not move
WORK_WAITS: Final = 24  # at work, but time does not count
STATUS_COLUMNS: Final = 25

# Columns of `pieces`, (K, PIECE_COLUMNS) float64; the last row of a drive is where it ends.
P_START: Final = 0  # ticks since the command
P_X: Final = 1
P_Y: Final = 2
P_VX: Final = 3  # metres a tick
P_VY: Final = 4
P_HEADING: Final = 5
P_SPIN: Final = 6  # radians a tick
P_COS: Final = 7
P_SIN: Final = 8
P_POWER: Final = 9  # watts
P_DISTANCE: Final = 10  # metres since the command
P_SPEED: Final = 11  # metres a tick
PIECE_COLUMNS: Final = 12

# Columns of `panels`, (P, 3) float64: panels that look to one side of the vehicle.
PANEL_GAIN: Final = 0  # watts when the Sun shines squarely on it
PANEL_COS: Final = 1  # of its offset
PANEL_SIN: Final = 2

# What the kernels record, (code, rover, first, second).
MARKS: Final = 0  # marks of the drive from first to before second were passed
BODY_AHEAD: Final = 1
LIGHT_ON: Final = 2
LIGHT_OFF: Final = 3
BATTERY_LOW: Final = 4
BATTERY_CRITICAL: Final = 5
BATTERY_FULL: Final = 6
BATTERY_EMPTY: Final = 7
WORK_DONE: Final = 8
WORK_WRONG_LIGHT: Final = 9
CHARGE_FULL: Final = 10
CHARGE_FAR: Final = 11
CHARGE_SOURCE: Final = 12
CONTACT: Final = 13  # with the rover in first
LINKS: Final = 14
WOKE_TIME: Final = 15
WOKE_LIGHT: Final = 16
WOKE_CHARGE: Final = 17
REVIVED: Final = 18
TOO_COLD: Final = 19
FROZEN: Final = 20
RECORDS_PER_ROVER: Final = 12  # at most in one tick, contacts aside

# Rules of the world.
SOLAR_CONSTANT: Final = 1361.0  # W/m2
BODY_GAP: Final = 0.2  # metres that bodies keep between them
CABLE: Final = 8.0  # metres between two hulls
LIGHT_SECONDS: Final = 10.0  # between samples of light
LINK_SECONDS: Final = 60.0  # between looks at the radio links, when nothing happens before
LIT_FROM: Final = 0.6
DARK_FROM: Final = 0.4
LIT_HALF: Final = 0.5  # work sees light from here on
HOT: Final = 400.0  # kelvin
NEVER: Final = 2**62  # a tick that does not come
