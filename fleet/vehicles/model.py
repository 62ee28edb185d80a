"""What a vehicle is, as far as the fleet must know it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """An upright solar panel."""

    area: float  #: m2.
    offset: float | None  #: Where its face looks, radians from the heading; None follows the Sun's azimuth.


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleClass:
    """The figures of one kind of vehicle, in SI units.

    Raises
    ------
    ValueError
        When a figure is negative or not finite, or the battery or the heat capacity nothing.
    """

    name: str
    title: str
    capabilities: tuple[str, ...]  #: What it can do, sorted.
    mass: float
    radius: float  #: Of the disc that holds its footprint.
    max_speed: float  #: Of the wheels; the ground passes slower by the slip. 0 for what stands.
    turn_rate: float  #: Radians a second, on the spot.
    slope_limit: float  #: Radians of the ground's tilt.
    roughness_limit: float  #: Metres, root mean square, that ground may lie off its plane around a height of the map.
    slip_limit: float  #: Share of wheel travel lost in soft ground, from which it stops rather than sinks.
    clearance: float  #: Height of the tallest rock it drives over.
    panels: tuple[Panel, ...]
    panel_efficiency: float
    battery: float  #: Joules when full.
    hotel_power: float  #: Watts, always.
    sleep_power: float  #: Watts while asleep, instead of `hotel_power`.
    heater_power: float  #: Watts while it is cold.
    rhu_power: float  #: Watts of heat from a radioisotope unit, always and for nothing.
    heat_capacity: float  #: Joules a kelvin, of electronics and battery.
    heat_loss: float  #: Watts a kelvin to what is around it.
    radiator: float  #: Watts a kelvin more that its louvres give off when they are open.
    work_power: float  #: Watts while working.
    antenna: float  #: Height of the antenna over the ground.
    radio_frequency: float  #: Hertz; radios on different frequencies do not hear each other.
    radio_power: float  #: Watts sent.
    radio_gain: float  #: Of its antenna, dBi, sending and receiving.
    radio_noise: float  #: Noise figure of its receiver, dB.
    radio_rate: float  #: Bits a second that its modem carries at the most,
    radio_least: float  #: and at the least: below, there is no link.
    radio_range: float  #: Metres beyond which the modem does not listen, whatever the budget says.
    relay_rate: float  #: Bits a second between it and the relay satellite; 0 without such a radio.
    earth_rate: float  #: Bits a second between it and the Earth; 0 without such a radio.
    sensor_range: float  #: How far it sees a rock that stops it.
    payload: float  #: Kilograms it can carry.
    charge_power: float  #: Watts it delivers to another machine beside it; 0 for most.

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, float) and not (isfinite(value) and value >= 0.0):
                raise ValueError(f"VehicleClass.{name} must be finite and >= 0, got {value!r}")
        for name in ("battery", "heat_capacity"):
            if getattr(self, name) <= 0.0:
                raise ValueError(f"VehicleClass.{name} must be > 0")

    @property
    def can_drive(self) -> bool:
        """Whether it moves at all."""
        return self.max_speed > 0.0
