"""A picture without a window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil, isfinite
from pathlib import Path
from typing import Final

from fleet.core import ConfigError
from sim.viewer.camera import Camera
from sim.viewer.framing import framed, scene_points
from sim.viewer.layout import layout
from sim.viewer.look import Look
from sim.viewer.picture import Extras, Picture
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene
from sim.viewer.source import SceneSource, ground_picture

_LARGEST: Final = 8192  # pixels on a side


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """What a picture shows, and how large it is."""

    size: tuple[int, int] = (1280, 800)
    at: float | None = None  #: Tick; None for the last one.
    camera: Camera | None = None  #: None to show the whole fleet and its work.
    look: Look = field(default_factory=Look)
    scale: float = 1.0  #: How large letters and signs are, 0.5 to 4.
    supersample: int = 2  #: Drawn this many times larger, then shrunk.

    def __post_init__(self) -> None:
        if not all(1 <= side <= _LARGEST for side in self.size):
            raise ConfigError("--size", f"{self.size[0]}x{self.size[1]} is not within 1x1 and {_LARGEST}x{_LARGEST}")
        if not (isfinite(self.scale) and 0.5 <= self.scale <= 4.0):
            raise ConfigError("--ui-scale", f"{self.scale:g} is not within 0.5 and 4", "1 is as in a window at first")
        if self.supersample not in (1, 2, 3):
            raise ValueError(f"Still.supersample must be 1, 2 or 3, got {self.supersample!r}")

    @property
    def density(self) -> int:
        """Pixels that are drawn for each point of the design."""
        return self.supersample if self.scale <= 1.0 else ceil(self.scale) + self.supersample - 1

    @property
    def points(self) -> tuple[int, int]:
        """Width and height in points of the design."""
        return (max(1, round(self.size[0] / self.scale)), max(1, round(self.size[1] / self.scale)))


def render(source: SceneSource, file: Path, still: Still | None = None) -> None:
    """Write a picture of a source to a PNG file; needs no display.

    Raises
    ------
    ConfigError
        When the file cannot be written, or is to have another format.
    """
    still = still or Still()
    if file.suffix.lower() != ".png":
        raise ConfigError(str(file), f"cannot draw a picture as {file.suffix or 'a file without a suffix'}; .png can")
    first, last = source.span
    at = float(last) if still.at is None else min(max(still.at, float(first)), float(last))
    surface = drawn(Picture(ground_picture(source), still.density), source.scene(at), still)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(surface, file)
    except (OSError, pygame.error) as error:
        raise ConfigError(str(file), f"cannot be written: {error}") from None


def drawn(picture: Picture, scene: Scene, still: Still) -> pygame.Surface:
    """Return the picture of a scene; `picture` must have been made with the still's density."""
    density = still.density
    points = still.points
    width, height = layout(points).map.size
    blank = Camera(x=0.0, y=0.0, scale=1.0, width=width, height=height)
    camera = still.camera or framed(blank, scene_points(scene))
    large = pygame.Surface((points[0] * density, points[1] * density))
    look = replace(still.look, density=density)
    picture.draw(large, camera.resized(width, height).enlarged(density), scene, look, Extras())
    return large if large.get_size() == still.size else pygame.transform.smoothscale(large, still.size)
