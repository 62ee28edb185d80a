"""A film without a window: the picture of one moment after another, given to an encoder as it is drawn."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from math import ceil, isfinite
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from fleet.core import ConfigError, Point
from sim.viewer.camera import Camera
from sim.viewer.framing import framed, scene_points
from sim.viewer.layout import layout
from sim.viewer.look import Layer, Look
from sim.viewer.picture import Extras, Picture
from sim.viewer.quiet import pygame
from sim.viewer.source import SceneSource, ground_picture

_SMALLEST: Final = 16  # pixels on a side
_LARGEST: Final = 4096
_LONGEST: Final = 3600.0  # seconds
_LOOKS: Final = 12  # moments that the view has to hold
_EVEN: Final = "scale=trunc(iw/2)*2:trunc(ih/2)*2"  # what H.264 asks for
#: What each kind of film is made with, beside its frames.
ENCODERS: Final = {
    ".mp4": ("-vf", _EVEN, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "25", "-movflags", "+faststart"),
    ".webp": ("-c:v", "libwebp", "-loop", "0", "-q:v", "70"),
    ".gif": ("-filter_complex", "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What a film shows, and how long and large it is."""

    size: tuple[int, int] = (1280, 800)
    first: float | None = None  #: Tick; None for the first one.
    last: float | None = None  #: Tick; None for the last one.
    seconds: float = 20.0  #: Of watching.
    rate: int = 25  #: Frames a second.
    scale: float = 1.0  #: How large letters and signs are, 0.5 to 4.
    look: Look = field(default_factory=lambda: Look().toggled(Layer.MINIMAP))

    def __post_init__(self) -> None:
        if not all(_SMALLEST <= side <= _LARGEST for side in self.size):
            size = f"{self.size[0]}x{self.size[1]}"
            raise ConfigError("--size", f"{size} is not within {_SMALLEST}x{_SMALLEST} and {_LARGEST}x{_LARGEST}")
        if not (isfinite(self.seconds) and 0.0 < self.seconds <= _LONGEST):
            raise ConfigError("--length", f"a film of {self.seconds:g} s cannot be made", "give up to an hour")
        if not (isfinite(self.scale) and 0.5 <= self.scale <= 4.0):
            raise ConfigError("--ui-scale", f"{self.scale:g} is not within 0.5 and 4", "1 is as in a window at first")
        if not 1 <= self.rate <= 60:
            raise ConfigError("--fps", f"{self.rate} frames a second is not within 1 and 60")


def render_film(source: SceneSource, file: Path, film: Film, tell: Callable[[float], None]) -> None:
    """Write a film of a recording; needs no display.

    Parameters
    ----------
    file
        Its suffix says which kind: one of `ENCODERS`.
    tell
        Told which share of the frames is drawn.

    Raises
    ------
    ConfigError
        When it is of no such kind, the encoder is not installed or cannot do it, the time is no time of the recording,
        or the file cannot be written.
    """
    first, last = _span(source, film)
    command = _command(file, film)
    part = file.with_name(f".{file.stem}.part{file.suffix}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryFile() as said:
            with subprocess.Popen([*command, str(part)], stdin=subprocess.PIPE, stderr=said) as encoder:
                assert encoder.stdin is not None
                _feed(encoder.stdin, _frames(source, film, (first, last), tell))
            if encoder.returncode:
                said.seek(0)
                why = said.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["it does not say why"]
                raise ConfigError(str(file), f"the encoder could not make it: {why[0]}")
        part.replace(file)
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _span(source: SceneSource, film: Film) -> tuple[float, float]:
    begin, end = source.span
    first = float(begin) if film.first is None else film.first
    last = float(end) if film.last is None else film.last
    if not begin <= first < last or first >= end:
        raise ConfigError("--from", "the film would begin after it ends, or outside the recording", "see --to")
    return first, min(last, float(end))


def _command(file: Path, film: Film) -> list[str]:
    encoder = ENCODERS.get(file.suffix.lower())
    if encoder is None:
        kinds = ", ".join(ENCODERS)
        raise ConfigError(str(file), f"cannot film as {file.suffix or 'a file without a suffix'}; {kinds} can")
    try:
        program: str = import_module("imageio_ffmpeg").get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ConfigError(str(file), "there is no encoder for films here", "pip install 'moonfleet[film]'") from None
    size = f"{film.size[0]}x{film.size[1]}"
    frames = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(film.rate), "-i", "-")
    return [program, "-loglevel", "error", "-y", *frames, *encoder]


def _feed(pipe: IO[bytes], frames: Iterator[bytes]) -> None:
    with suppress(BrokenPipeError):  # An encoder that gave up says why at its end.
        for frame in frames:
            pipe.write(frame)
        pipe.close()


def _frames(
    source: SceneSource, film: Film, span: tuple[float, float], tell: Callable[[float], None]
) -> Iterator[bytes]:
    """Draw the frames, the first and the last moment among them."""
    count = max(2, round(film.seconds * film.rate))
    first, last = span
    density = ceil(film.scale)
    large = (round(film.size[0] / film.scale * density), round(film.size[1] / film.scale * density))
    picture, surface = Picture(ground_picture(source), density), pygame.Surface(large)
    width, height = layout(large, density, scrub=True).map.size
    blank = Camera(x=0.0, y=0.0, scale=1.0, width=width, height=height)
    camera, look = framed(blank, _places(source, span), density), replace(film.look, density=density)
    for number in range(count):
        scene = source.scene(first + (last - first) * number / (count - 1))
        picture.draw(surface, camera, scene, look, Extras(scrub=True))
        shown = surface if large == film.size else pygame.transform.smoothscale(surface, film.size)
        yield pygame.image.tobytes(shown, "RGB")
        tell((number + 1) / count)


def _places(source: SceneSource, span: tuple[float, float]) -> list[Point]:
    """Return where the fleet and its work are in the course of a film."""
    first, last = span
    looks = [first + (last - first) * look / _LOOKS for look in range(_LOOKS + 1)]
    return [point for tick in looks for point in scene_points(source.scene(tick))]
