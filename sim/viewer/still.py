"""A picture without a window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fleet.core import ConfigError
from sim.viewer.camera import Camera
from sim.viewer.layout import layout
from sim.viewer.look import Look
from sim.viewer.picture import Extras, Picture, scene_bounds
from sim.viewer.quiet import pygame
from sim.viewer.scene import Scene
from sim.viewer.source import SceneSource, ground_picture

_MARGIN: Final = 0.1
_LARGEST: Final = 8192  # pixels on a side


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """What a picture shows, and how large it is."""

    size: tuple[int, int] = (1280, 800)
    at: float | None = None  #: Tick; None for the last one.
    camera: Camera | None = None  #: None to show the whole fleet and its work.
    look: Look = field(default_factory=Look)
    supersample: int = 2  #: Drawn this many times larger, then shrunk.

    def __post_init__(self) -> None:
        if not all(1 <= side <= _LARGEST for side in self.size):
            raise ConfigError("--size", f"{self.size[0]}x{self.size[1]} is not within 1x1 and {_LARGEST}x{_LARGEST}")
        if self.supersample not in (1, 2, 3):
            raise ValueError(f"Still.supersample must be 1, 2 or 3, got {self.supersample!r}")


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
    surface = drawn(Picture(ground_picture(source), still.supersample), source.scene(at), still)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(surface, file)
    except (OSError, pygame.error) as error:
        raise ConfigError(str(file), f"cannot be written: {error}") from None


def drawn(picture: Picture, scene: Scene, still: Still) -> pygame.Surface:
    """Return the picture of a scene; `picture` must have been made with a density of `still.supersample`."""
    density = still.supersample
    width, height = layout(still.size).map.size
    camera = still.camera or Camera(x=0.0, y=0.0, scale=1.0, width=width, height=height).fitted(
        scene_bounds(scene), _MARGIN
    )
    large = pygame.Surface((still.size[0] * density, still.size[1] * density))
    look = replace(still.look, density=density)
    picture.draw(large, camera.resized(width, height).enlarged(density), scene, look, Extras())
    return large if density == 1 else pygame.transform.smoothscale(large, still.size)
