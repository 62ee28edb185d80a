"""Text as surfaces, in the font that pygame brings along, so that a picture is the same on every machine."""

from __future__ import annotations

from typing import Final

from sim.viewer.palette import TEXT
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

_KEPT: Final = 3000  # texts; a clock makes a new one every second
_OVER: Final = 2
_POINT: Final = 1.0 / 0.6875  # pygame's default font is drawn at this share of the size asked for


class Lettering:
    """Renders text once and keeps it.

    Parameters
    ----------
    density
        Pixels for each point of the design.
    """

    def __init__(self, density: int = 1) -> None:
        pygame.font.init()
        self._density = density
        self._fonts: dict[int, pygame.font.Font] = {}
        self._texts: dict[tuple[str, int, Colour, bool], pygame.Surface] = {}

    def _font(self, size: int) -> pygame.font.Font:
        if size not in self._fonts:
            self._fonts[size] = pygame.font.Font(None, round(size * self._density * _OVER * _POINT))
        return self._fonts[size]

    def width(self, text: str, size: int) -> int:
        """Return how many pixels wide the text is."""
        return -(-self._font(size).size(text)[0] // _OVER)

    def text(self, text: str, size: int = 12, colour: Colour = TEXT, *, halo: bool = False) -> pygame.Surface:
        """Return the text; with a `halo` it can be read on any ground."""
        key = (text, size, colour, halo)
        surface = self._texts.get(key)
        if surface is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            surface = self._texts[key] = self._drawn(*key)
        return surface

    def _drawn(self, text: str, size: int, colour: Colour, halo: bool) -> pygame.Surface:
        # Drawn twice as large and shrunk, letters keep their distances, which hinting would round to whole pixels.
        edge = self._density * _OVER if halo else 0
        plain = self._font(size).render(text, True, colour)
        width, height = plain.width + 2 * edge, plain.height + 2 * edge
        large = pygame.Surface((width + width % _OVER, height + height % _OVER), pygame.SRCALPHA)
        if halo:
            dark = self._font(size).render(text, True, (8, 10, 14))
            dark.set_alpha(150)
            for right in (0, edge, 2 * edge):
                for down in (0, edge, 2 * edge):
                    large.blit(dark, (right, down))
        else:
            large.fill((*colour, 0))
        large.blit(plain, (edge, edge))
        return pygame.transform.smoothscale(large, (large.width // _OVER, large.height // _OVER))

    def fitted(self, text: str, width: int, size: int = 12, colour: Colour = TEXT) -> pygame.Surface:
        """Return the text, cut with an ellipsis where it is wider than `width` pixels."""
        if self.width(text, size) <= width:
            return self.text(text, size, colour)
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + "…", size) <= width:
                low = middle
            else:
                high = middle - 1
        return self.text(text[:low].rstrip() + "…", size, colour)

    def lines(self, text: str, width: int, size: int = 12) -> list[str]:
        """Return the text broken at spaces into lines no wider than `width` pixels."""
        broken: list[str] = []
        for word in text.split():
            longer = f"{broken[-1]} {word}" if broken else word
            if broken and self.width(longer, size) <= width:
                broken[-1] = longer
            else:
                broken.append(word)
        return broken
