"""What has no place in a raster travels as JSON in the file's tags: rocks, zones, where the heights come from."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Final, TypeVar

import msgspec

from fleet.core import ConfigError, Disc, Point
from fleet.terrain.geotiff.raster import opened
from fleet.terrain.ground_map import GroundMap, MapZone
from fleet.terrain.steps import are_coarse

T = TypeVar("T")

_ROCKS: Final = "MOONFLEET_ROCKS"
_ZONES: Final = "MOONFLEET_ZONES"
_ORIGIN: Final = "MOONFLEET_ORIGIN"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where the heights of a terrain file come from."""

    source: str  #: Name of the file they were imported from, or ``generated``.
    crs: str = ""  #: Of that file.
    pixel: float = 0.0  #: Of that file, metres.
    resampling: str = ""  #: How its heights became these; ``none`` when they are the same.
    missing: float = 0.0  #: Share of these heights that the file did not have; they were filled from neighbours.
    step: float = 0.0  #: Metres between two heights that its whole numbers can tell; 0 when it has real numbers.
    smoothed: bool = False  #: Whether those steps were taken out of these heights.
    seed: int | None = None  #: Of generated ground.

    def hides_slopes(self, pixel: float) -> bool:
        """Whether heights so far apart show the steps of whole numbers rather than the ground's own slope."""
        return self.resampling == "none" and not self.smoothed and are_coarse(self.step, pixel)


def tags_of(ground: GroundMap, origin: Origin | None) -> dict[str, str]:
    """Return the tags to write with a map."""
    tags = {
        _ROCKS: msgspec.json.encode(ground.rocks).decode(),
        _ZONES: msgspec.json.encode(ground.zones).decode(),
    }
    if origin is not None:
        tags[_ORIGIN] = msgspec.json.encode(origin).decode()
    return tags


def read_origin(file: FilePath) -> Origin | None:
    """Return where a terrain file's heights come from; None when it does not say, and has no whole numbers.

    Raises
    ------
    ConfigError
        When the file is no raster.
    """
    with opened(file) as raster:
        text = raster.dataset.tags().get(_ORIGIN)
        pixel, step = abs(float(raster.grid.a)), raster.step
    if text is not None:
        return _decoded(file, text, Origin)
    return Origin(source=file.name, pixel=pixel, resampling="none", step=step) if step > 0.0 else None


def _decoded(file: FilePath, text: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise ConfigError(str(file), f"its rocks, zones or origin are not readable: {error}") from None


def with_tags(ground: GroundMap, file: FilePath, tags: dict[str, str], shift: Point) -> GroundMap:
    """Return the map with the rocks and zones in a file's tags, which count from the file's own centre."""
    rocks = _decoded(file, tags.get(_ROCKS, "[]"), tuple[Disc, ...])
    zones = _decoded(file, tags.get(_ZONES, "[]"), tuple[MapZone, ...])
    dx, dy = shift
    east, north = (ground.columns - 1) / 2.0 * ground.pixel, (ground.rows - 1) / 2.0 * ground.pixel
    moved = (Disc(x=rock.x + dx, y=rock.y + dy, radius=rock.radius) for rock in rocks)
    return msgspec.structs.replace(
        ground,
        rocks=tuple(rock for rock in moved if abs(rock.x) <= east + rock.radius and abs(rock.y) <= north + rock.radius),
        zones=tuple(
            msgspec.structs.replace(zone, outline=tuple((x + dx, y + dy) for x, y in zone.outline)) for zone in zones
        ),
    )
