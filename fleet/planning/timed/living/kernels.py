"""What standing, driving and working do to a charge in a layer's light.

Only + - * / floor and comparisons on float64; light is worked out when it is first asked for.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import floor, inf

from fleet.core.compiled import compiled
from fleet.moon.kernels import light_at
from fleet.planning.ground.arrays import Bytes, Floats
from fleet.planning.timed.arrays import LEVELS, Aim, Net, Sky, Supply


@compiled
def largest(values: Floats) -> float:
    """Return the largest of them, which are not nan; ``values.max()`` would have numba load all of scipy's algebra."""
    most = -inf
    for value in values.flat:
        most = max(most, value)
    return most


@compiled
def share_at(x: float, y: float, layer: int, sky: Sky) -> float:
    """Return the share of the Sun's disc that shines on a point in a layer."""
    share: float = light_at(
        x, y, sky.sun[layer, 0], sky.sun[layer, 1], sky.sun[layer, 2], sky.horizon, sky.first_heading,
        sky.heading_step, sky.disc, sky.west, sky.south, sky.pixel
    )  # fmt: skip
    return share


@compiled
def level_at(node: int, layer: int, net: Net, sky: Sky, lamps: Bytes) -> int:
    """Return the light at a waypoint in a layer, 0 to `LEVELS`.

    `lamps` is ``(V + L, K)``: waypoints and lanes behind them, a level and one more, 0 for what is not known yet.
    """
    known = lamps[node, layer]
    if known > 0:
        return int(known) - 1
    level = floor(share_at(net.x[node], net.y[node], layer, sky) * LEVELS)
    lamps[node, layer] = level + 1
    return level


@compiled
def level_on(lane: int, node: int, layer: int, net: Net, sky: Sky, lamps: Bytes) -> int:
    """Return the light along a lane from a waypoint in a layer, 0 to `LEVELS`: the mean of three places on it."""
    row = len(net.x) + lane
    known = lamps[row, layer]
    if known > 0:
        return int(known) - 1
    x, y = net.x[node], net.y[node]
    dx, dy = net.x[net.to[lane]] - x, net.y[net.to[lane]] - y
    share = 0.0
    for part in range(3):
        along = (2.0 * part + 1.0) / 6.0
        share += share_at(x + dx * along, y + dy * along, layer, sky)
    level = floor(share / 3.0 * LEVELS)
    lamps[row, layer] = level + 1
    return level


@compiled
def stand(node: int, layer: int, net: Net, sky: Sky, supply: Supply, lamps: Bytes) -> tuple[float, float]:
    """Return the watts that a sleeping vehicle gains, and that it uses, at a waypoint in a layer."""
    level = level_at(node, layer, net, sky, lamps)
    used = supply.asleep[level]
    return supply.sunlight[layer] * supply.resting[layer] * (level / LEVELS) - used, used


@compiled
def drive_on(
    lane: int, node: int, tick: int, charge: float, reserve: float, net: Net, sky: Sky, supply: Supply, lamps: Bytes
) -> float:
    """Return the charge at the end of a lane, in the light of the layer in which half of it is driven.

    Minus infinity when there is no such layer, and when the reserve would not last where a lane begins in the dark and
    leads into the light.
    """
    duration = net.ticks[lane]
    layer = (tick + duration // 2) // sky.every
    if layer >= sky.sun.shape[0]:
        return -inf
    level = level_on(lane, node, layer, net, sky, lamps)
    if level > 0 and 2 * level_at(node, layer, net, sky, lamps) < LEVELS:
        share = 1.0 - level / LEVELS
        if charge - share * (supply.awake[0] * duration * supply.dt + net.joules[lane]) < reserve:
            return -inf
    gain = supply.sunlight[layer] * supply.driving[layer, net.bearing[lane]] * (level / LEVELS)
    left: float = charge + (gain - supply.awake[level]) * duration * supply.dt - net.joules[lane]
    return min(supply.capacity, left)


@compiled
def served(
    node: int, tick: int, charge: float, net: Net, sky: Sky, supply: Supply, aim: Aim, lamps: Bytes
) -> tuple[int, float]:
    """Return tick and charge after the work at the goal; minus infinity when the reserve or the light does not last."""
    end = tick + aim.stay
    while tick < end:
        layer = tick // sky.every
        if layer >= sky.sun.shape[0]:
            return tick, -inf
        until = min(end, (layer + 1) * sky.every)
        level = level_at(node, layer, net, sky, lamps)
        if aim.light != 0 and (2 * level >= LEVELS) != (aim.light == 1):
            return tick, -inf
        watts = supply.sunlight[layer] * supply.resting[layer] * (level / LEVELS) - supply.working[level]
        charge = min(supply.capacity, charge + watts * (until - tick) * supply.dt)
        if charge < aim.reserve:
            return tick, -inf
        tick = until
    return tick, charge


@compiled
def least_standing(
    node: int, tick: int, charge: float, net: Net, sky: Sky, supply: Supply, floor_at: float, lamps: Bytes
) -> float:
    """Return the least charge of a vehicle that stays asleep where it is until the last layer ends.

    Looks no further once it is below `floor_at`.
    """
    least = charge
    for layer in range(tick // sky.every, sky.sun.shape[0]):
        end = (layer + 1) * sky.every
        gain, _ = stand(node, layer, net, sky, supply, lamps)
        charge = min(supply.capacity, charge + gain * (end - tick) * supply.dt)
        least = min(least, charge)
        if least < floor_at:
            return least
        tick = end
    return least
