"""What ground is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, pi

from fleet.core import Disc, Point


def _check(name: str, value: float, low: float, high: float) -> None:
    if not (isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must be between {low:g} and {high:g}, got {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CraterSpec:
    """A crater at a known place."""

    centre: Point
    diameter: float  #: Rim to rim, metres.
    depth_ratio: float = 0.15  #: Rim to floor by diameter; 0.2 is fresh, 0.05 worn. Walls are about 2.7 times as steep.

    def __post_init__(self) -> None:
        for value in self.centre:
            _check("CraterSpec.centre", value, -1e6, 1e6)
        _check("CraterSpec.diameter", self.diameter, 1e-3, 1e6)
        _check("CraterSpec.depth_ratio", self.depth_ratio, 0.0, 0.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSpec:
    """Ground made level and kept free of rocks; it meets its surroundings within another radius."""

    centre: Point
    radius: float

    def __post_init__(self) -> None:
        for value in self.centre:
            _check("LevelSpec.centre", value, -1e6, 1e6)
        _check("LevelSpec.radius", self.radius, 0.0, 1e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class RockSpec:
    """How many rocks there are; their number falls exponentially with diameter."""

    per_km2: float = 300.0  #: Of at least the smallest diameter.
    smallest: float = 0.5  #: Diameter, metres.
    falloff: float = 0.5  #: Metres of diameter within which the number falls to 1/e.
    seen_from: float = 2.0  #: Diameter from which a rock is seen from orbit, and so is in the map.
    asked: tuple[Disc, ...] = ()  #: Rocks beside those of chance, which no map shows whatever their size.

    def __post_init__(self) -> None:
        _check("RockSpec.per_km2", self.per_km2, 0.0, 1e6)
        _check("RockSpec.smallest", self.smallest, 0.0, 100.0)
        _check("RockSpec.falloff", self.falloff, 0.0, 100.0)
        _check("RockSpec.seen_from", self.seen_from, 0.0, 1e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchSpec:
    """Soft ground at a known place, or firm ground that looks like it."""

    centre: Point
    radius: float  #: Metres.
    slip: float  #: Share of wheel travel lost, beside what firm ground takes; what it looks like where it is firm.
    is_firm: bool = False

    def __post_init__(self) -> None:
        for value in self.centre:
            _check("PatchSpec.centre", value, -1e6, 1e6)
        _check("PatchSpec.radius", self.radius, 0.1, 1000.0)
        _check("PatchSpec.slip", self.slip, 0.0, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftSpec:
    """How much soft ground there is; all of it assumed."""

    per_km2: float = 10.0  #: Patches.
    radii: tuple[float, float] = (3.0, 10.0)  #: Metres, evenly between.
    slips: tuple[float, float] = (0.2, 0.8)  #: Share of wheel travel lost, beside what firm ground takes; likewise.
    patches: tuple[PatchSpec, ...] = ()  #: Beside those of chance.

    def __post_init__(self) -> None:
        _check("SoftSpec.per_km2", self.per_km2, 0.0, 1e5)
        _check("SoftSpec.radii[0]", self.radii[0], 0.1, 1000.0)
        _check("SoftSpec.radii[1]", self.radii[1], self.radii[0], 1000.0)
        _check("SoftSpec.slips[0]", self.slips[0], 0.0, 0.95)
        _check("SoftSpec.slips[1]", self.slips[1], self.slips[0], 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundSpec:
    """Synthetic ground. The defaults come close to real ground at 5 m a pixel near Shoemaker's rim.

    >>> GroundSpec(size=100.0, pixel=5.0, latitude=-1.47, longitude=0.54).cells
    21
    """

    size: float  #: Length of a side, metres.
    pixel: float = 5.0  #: Metres between heights.
    map_pixel: float | None = None  #: Metres between those of the map, a multiple; None: the map has them all.
    latitude: float  #: Of the centre, radians.
    longitude: float  #: Of the centre, radians east.
    base_height: float = 0.0  #: Mean height over 1737.4 km.
    roughness: float = 0.3  #: Root mean square height difference over 5 m, before craters.
    hurst: float = 0.95  #: The roughness over a distance grows with this power of it.
    crater_density: float = 0.025  #: k in ``k * 1.54 / D**2`` craters of at least diameter D a square metre.
    crater_diameters: tuple[float, float] = (20.0, 600.0)  #: At least two pixels, at most a quarter of a side are made.
    rocks: RockSpec = RockSpec()
    soft: SoftSpec = SoftSpec()
    craters: tuple[CraterSpec, ...] = ()
    level: tuple[LevelSpec, ...] = ()

    def __post_init__(self) -> None:
        _check("GroundSpec.pixel", self.pixel, 0.01, 1000.0)
        _check("GroundSpec.size in pixels", self.size / self.pixel, 8.0, 4096.0)
        if self.map_pixel is not None:
            _check("GroundSpec.map_pixel", self.map_pixel, self.pixel, self.size / 8.0)
            if (self.cells - 1) % self.map_factor or abs(self.map_factor * self.pixel - self.map_pixel) > 1e-9:
                fact = f"got {self.map_pixel!r}"
                raise ValueError(f"GroundSpec.map_pixel must be a multiple of the pixel that parts the side, {fact}")
        _check("GroundSpec.latitude", self.latitude, -pi / 2, pi / 2)
        _check("GroundSpec.longitude", self.longitude, -2 * pi, 2 * pi)
        _check("GroundSpec.base_height", self.base_height, -20_000.0, 20_000.0)
        _check("GroundSpec.roughness", self.roughness, 0.0, 1000.0)
        _check("GroundSpec.hurst", self.hurst, 0.0, 1.0)
        _check("GroundSpec.crater_density", self.crater_density, 0.0, 1.0)
        _check("GroundSpec.crater_diameters[0]", self.crater_diameters[0], 0.1, 1e5)
        _check("GroundSpec.crater_diameters[1]", self.crater_diameters[1], self.crater_diameters[0], 1e5)

    @property
    def cells(self) -> int:
        """Heights along a side."""
        return round(self.size / self.pixel) + 1

    @property
    def map_factor(self) -> int:
        """Pixels of the ground in one of the map."""
        return 1 if self.map_pixel is None else round(self.map_pixel / self.pixel)
