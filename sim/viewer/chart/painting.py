"""Charts as PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin
from pathlib import Path
from typing import Final

import numpy as np

from fleet.core import ConfigError, Point, distance
from fleet.terrain import Terrain
from sim.viewer.chart.arrangement import Arrangement, arrange
from sim.viewer.chart.chart import Chart, Mark, Outline, Panel, Sign, Way
from sim.viewer.chart.colours import INK, PAPER, RULE, SOFT, SUN, VERMILLION
from sim.viewer.chart.inks import with_few_colours
from sim.viewer.chart.key import Type, draw, draw_dashes, draw_sign
from sim.viewer.chart.raster import Relief
from sim.viewer.labels import Label, place_labels
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

_LARGEST: Final = 8192  # pixels on a side
_HATCHING: Final = 6.0  # points between two lines
_NAME: Final = 11.0


def save_chart(chart: Chart, file: Path, size: tuple[int, int]) -> None:
    """Write a chart as a PNG file; the same chart gives the same bytes.

    Raises
    ------
    ConfigError
        When the picture is too small or too large, or the file cannot be written.
    """
    if file.suffix.lower() != ".png":
        raise ConfigError(str(file), f"cannot draw a picture as {file.suffix or 'a file without a suffix'}; .png can")
    write_picture(drawn(chart, size), file)


def write_picture(picture: pygame.Surface, file: Path) -> None:
    """Write a picture as a PNG file of few colours.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    surface = with_few_colours(picture)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(surface, file)
    except (OSError, pygame.error) as error:
        raise ConfigError(str(file), f"cannot be written: {error}") from None


def drawn(chart: Chart, size: tuple[int, int]) -> pygame.Surface:
    """Return the picture of a chart."""
    if not all(1 <= side <= _LARGEST for side in size):
        raise ConfigError("--size", f"{size[0]}x{size[1]} is not within 1x1 and {_LARGEST}x{_LARGEST}")
    plan = arrange(chart, size)
    target = pygame.Surface(size)
    target.fill(PAPER)
    heights = Terrain(chart.ground).heights
    relief = Relief(chart, heights, plan.maps[0].size)
    for panel, box, dial in zip(chart.panels, plan.maps, plan.dials, strict=True):
        _draw_panel(target.subsurface(box), panel, relief, plan)
        pygame.draw.rect(target, INK, box.inflate(2, 2), 1)
        if dial is not None:
            draw_dial(target, dial, panel.light)
    for stroke in plan.ticks:
        pygame.draw.line(target, RULE, stroke.start, stroke.end)
    for caption in plan.captions:
        plan.kind.blit(target, caption.text, caption.size, caption.box.topleft, caption.colour)
    for item, box in plan.items:
        draw(target, item, plan.kind, box)
    return target


def draw_dial(target: pygame.Surface, box: pygame.Rect, light: tuple[float, float]) -> None:
    """Draw where the Sun stands around the map, and the way its light falls."""
    heading, elevation = light
    radius, (x, y) = box.width / 2.0, box.center
    ink = SUN if elevation > 0.0 else RULE
    pygame.draw.aacircle(target, RULE, (x, y), radius * 0.66, 1)
    right, down = cos(heading), -sin(heading)
    spot = (x + right * radius * 0.78, y + down * radius * 0.78)
    pygame.draw.aacircle(target, PAPER, spot, radius * 0.3)
    pygame.draw.aacircle(target, ink, spot, radius * 0.22)
    tip = (x - right * radius * 0.42, y - down * radius * 0.42)
    tail = (x + right * radius * 0.38, y + down * radius * 0.38)
    pygame.draw.aaline(target, SOFT, tail, tip, max(1, round(radius * 0.1)))
    barb = radius * 0.26
    corners = [
        tip,
        (tip[0] + right * barb - down * barb * 0.6, tip[1] + down * barb + right * barb * 0.6),
        (tip[0] + right * barb + down * barb * 0.6, tip[1] + down * barb - right * barb * 0.6),
    ]
    pygame.draw.polygon(target, SOFT, corners)


def _draw_panel(target: pygame.Surface, panel: Panel, relief: Relief, plan: Arrangement) -> None:
    image = np.ascontiguousarray(relief.image(panel))
    target.blit(pygame.image.frombuffer(image.tobytes(), relief.size, "RGB"), (0, 0))
    width, height = relief.size

    def on_map(point: Point) -> Point:
        return (width / 2.0 + point[0] * plan.scale, height / 2.0 - point[1] * plan.scale)

    for outline in panel.outlines:
        _draw_outline(target, [on_map(point) for point in outline.ring], outline, plan.kind)
    for rock in panel.rocks:
        spot, radius = on_map((rock.x, rock.y)), rock.radius * plan.scale
        pygame.draw.aacircle(target, INK, spot, max(radius, 0.9 * plan.kind.unit))
    for way in panel.ways:
        _draw_way(target, [on_map(point) for point in way.points], way, plan.kind)
    _draw_marks(target, [(mark, on_map(mark.point)) for mark in panel.marks], plan.kind)


def _draw_outline(target: pygame.Surface, ring: list[Point], outline: Outline, kind: Type) -> None:
    if outline.sign is Sign.OUTLINE:
        pygame.draw.aalines(target, INK, True, ring)
        return
    left, top = min(x for x, _ in ring), min(y for _, y in ring)
    right, bottom = max(x for x, _ in ring), max(y for _, y in ring)
    box = pygame.Rect(round(left), round(top), round(right - left) + 2, round(bottom - top) + 2)
    seen = box.clip(target.get_rect())
    if seen.width < 1 or seen.height < 1:
        return
    lines = pygame.Surface(seen.size, pygame.SRCALPHA)
    mask = pygame.Surface(seen.size, pygame.SRCALPHA)
    pygame.draw.polygon(mask, (255, 255, 255, 255), [(x - seen.x, y - seen.y) for x, y in ring])
    lines.fill((*VERMILLION, 40))
    spacing = kind.px(_HATCHING)
    for start in range(-(seen.height // spacing + 1) * spacing, seen.width + spacing, spacing):
        ends = ((start, seen.height), (start + seen.height, 0))
        pygame.draw.line(lines, (*VERMILLION, 255), *ends, kind.px(1))
    lines.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    target.blit(lines, seen)
    pygame.draw.aalines(target, VERMILLION, True, ring)


def _draw_way(target: pygame.Surface, points: list[Point], way: Way, kind: Type) -> None:
    """Draw a way with a dark edge, so that it can be seen on any ground."""
    if way.dashed:
        draw_dashes(target, points, way.colours[0], kind)
        return
    for colours, width in (((INK,) * len(way.colours), kind.px(4.6)), (way.colours, kind.px(3.0))):
        for start, end, colour in zip(points, points[1:], colours, strict=False):
            pygame.draw.line(target, colour, start, end, width)
            pygame.draw.aacircle(target, colour, end, width / 2.0)


def _draw_marks(target: pygame.Surface, marked: Sequence[tuple[Mark, Point]], kind: Type) -> None:
    """Draw signs and, where there is room, their names; places that a mast would hide are left out."""
    reach = 8.0 * kind.unit
    masts = [spot for mark, spot in marked if mark.sign is Sign.MAST]
    shown = [
        (mark, spot)
        for mark, spot in marked
        if mark.sign is not Sign.PLACE or all(distance(spot, mast) > 1.5 * reach for mast in masts)
    ]
    for mark, spot in reversed(shown):
        draw_sign(target, mark.sign, spot, kind)
    # Wide enough that no name stands between two signs as if it were the other's.
    side = round(2.2 * reach)
    bodies = [pygame.Rect(0, 0, side, side).move(round(x) - side // 2, round(y) - side // 2) for _, (x, y) in shown]
    taken: list[pygame.Rect] = []
    for index, (mark, spot) in enumerate(shown):
        name = _name(kind, mark.text, kind.px(_NAME))
        clearance = reach if mark.sign is Sign.MAST else 0.6 * reach
        label = Label(anchor=spot, clearance=clearance, size=name.get_size())
        others = [*taken, *bodies[:index], *bodies[index + 1 :]]
        (place,) = place_labels([label], others, target.get_rect(), reaches=(0.0,))
        if place is not None:
            target.blit(name, place)
            taken.append(place)


def _name(kind: Type, text: str, size: int, colour: Colour = INK) -> pygame.Surface:
    """Return a name with a pale edge, so that it can be read on any ground."""
    plain, pale = kind.letters.text(text, size, colour), kind.letters.text(text, size, PAPER)
    edge = max(1, kind.px(1.2))
    surface = pygame.Surface((plain.width + 2 * edge, plain.height + 2 * edge), pygame.SRCALPHA)
    surface.fill((*PAPER, 0))
    for right in (0, edge, 2 * edge):
        for down in (0, edge, 2 * edge):
            surface.blit(pale, (right, down))
    surface.blit(plain, (edge, edge))
    return surface
