"""Where everything on a chart goes, so that nothing is cut off and nothing hides another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from math import ceil, floor, sqrt
from typing import Final

from fleet.core import ConfigError
from sim.viewer.chart.chart import Chart, Swatch
from sim.viewer.chart.colours import INK, SOFT
from sim.viewer.chart.key import Item, North, Scale, Type, height_at, natural_width
from sim.viewer.furniture import nice_length
from sim.viewer.lettering import Lettering
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

DESIGN: Final = (880, 660)  # pixels at which a point is a pixel
_TITLE, _LINE, _PANEL, _FACTS, _TICK, _NOTE = 20.0, 12.0, 13.0, 12.0, 10.0, 10.0
_MARGIN, _GAP, _NEAR = 14.0, 14.0, 4.0
_DIAL: Final = 28.0
_SIDE: Final = 0.30  # of the width that a key at the side may take
_SMALLEST: Final = 96  # pixels of a map's longer side
_UNITS: Final = (1.0, 0.92, 0.84, 0.76, 0.7)  # letters shrink so far before a picture is refused
_LEAST_UNIT: Final = 0.7
_MOST_TICKS: Final = 9
_AS_LARGE: Final = 0.97
_NARROWEST: Final = 110  # points within the margins, below which nothing is tried


class Where(Enum):
    """Where the key stands."""

    SIDE = "right of the maps"
    BELOW = "below the maps"
    CELL = "where one more map would be"


@dataclass(frozen=True, slots=True)
class Caption:
    """A line of text and where it stands."""

    text: str
    size: float
    box: pygame.Rect
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Tick:
    """A stroke at the frame of a map."""

    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rectangles in pixels."""

    kind: Type
    scale: float  #: Pixels a metre.
    maps: tuple[pygame.Rect, ...]
    dials: tuple[pygame.Rect | None, ...]  #: Where a panel shows the Sun.
    captions: tuple[Caption, ...]
    ticks: tuple[Tick, ...]
    items: tuple[tuple[Item, pygame.Rect], ...]

    @property
    def boxes(self) -> list[pygame.Rect]:
        """Everything that must not overlap: maps, texts, dials, entries of the key."""
        dials = [dial for dial in self.dials if dial is not None]
        return [*self.maps, *dials, *(caption.box for caption in self.captions), *(box for _, box in self.items)]

    def fits(self, size: tuple[int, int]) -> bool:
        """Whether all of it is within the picture and nothing overlaps; in very narrow pictures it may not."""
        boxes, canvas = self.boxes, pygame.Rect(0, 0, *size)
        return all(canvas.contains(box) and len(box.collidelistall(boxes)) == 1 for box in boxes)

    def fill(self, size: tuple[int, int]) -> float:
        """Return how much of the picture's width or height, whichever is less, maps and key take."""
        taken = self.maps[0].unionall([*self.maps, *(box for _, box in self.items)])
        return min(taken.width / size[0], taken.height / size[1])


def arrange(chart: Chart, size: tuple[int, int]) -> Arrangement:
    """Return the arrangement with the largest maps; of those with nearly as large ones, that which fills the picture.

    Raises
    ------
    ConfigError
        When the picture is too small for what is on it.
    """
    ideal = max(sqrt(size[0] * size[1] / (DESIGN[0] * DESIGN[1])), _LEAST_UNIT)
    letters = Lettering()
    for share in _UNITS:
        kind = Type(max(ideal * share, _LEAST_UNIT), letters)
        found = [plan for plan in _candidates(chart, size, kind) if max(plan.map_size) >= _SMALLEST]
        placed = [plan for plan in (plan.placed() for plan in found) if plan.fits(size)]
        if placed:
            largest = max(plan.scale for plan in placed)
            return max((plan for plan in placed if plan.scale >= _AS_LARGE * largest), key=lambda plan: plan.fill(size))
    raise ConfigError(
        "--size",
        f"{size[0]}x{size[1]} is too small for {len(chart.panels)} maps with their key",
        "Ask for a larger picture or fewer maps.",
    )


def _candidates(chart: Chart, size: tuple[int, int], kind: Type) -> Iterator[_Plan]:
    for columns in range(1, len(chart.panels) + 1):
        for where in Where:
            plan = _Plan(chart, size, kind, columns, where)
            if plan.scale > 0.0:
                yield plan


class _Plan:
    """One way of arranging a chart: so many columns of maps, and a place for the key.

    The scale decides how wide the figures at the frame are and how long the scale bar is, both of which decide the
    scale: so room is kept for the widest of them beforehand.
    """

    def __init__(self, chart: Chart, size: tuple[int, int], kind: Type, columns: int, where: Where) -> None:
        self._chart, self._kind, self._columns, self._where = chart, kind, columns, where
        px = kind.px
        ground = chart.ground
        self._extent = (ground.columns * ground.pixel, ground.rows * ground.pixel)
        self._inner = pygame.Rect(0, 0, *size).inflate(-2 * px(_MARGIN), -2 * px(_MARGIN))
        self._rows = ceil(len(chart.panels) / columns)
        widest = max(
            kind.width(_figure(metres), _TICK)
            for metres in _multiples(nice_length(self._extent[1] / 20.0), self._extent[1] / 2.0)
        )
        self._axis = widest + px(_NEAR + 4)
        self._foot = kind.line(_TICK) + px(_NEAR + 4)
        self.scale = 0.0
        self.map_size = (0, 0)
        if min(self._inner.size) < px(_NARROWEST):
            return
        self._head = self._headline()
        self._feet = _stacked(kind, chart.note, _NOTE, SOFT, self._inner.width)
        room = self._inner.copy()
        head, feet = _height(self._head), _height(self._feet)
        room.top += head + px(_GAP)
        room.height = self._inner.bottom - room.top - (feet + px(_GAP) if feet else 0)
        self._room = room
        self._key = self._key_for(room)
        if self._key is None:
            return
        across, down = self._maps_room(room, self._key)
        self._head_height = 0
        if across <= 0:
            return
        self._headers = [self._header(index, across) for index in range(len(chart.panels))]
        self._head_height = max(max(_height(lines), self._dial_of(index)) for index, lines in enumerate(self._headers))
        down -= self._rows * (self._head_height + px(_NEAR))
        down //= self._rows
        scale = min(across / self._extent[0], down / self._extent[1])
        if scale <= 0.0:
            return
        self.scale = scale
        self.map_size = (max(1, floor(self._extent[0] * scale)), max(1, floor(self._extent[1] * scale)))

    def _headline(self) -> list[Caption]:
        captions = _stacked(self._kind, self._chart.title, _TITLE, INK, self._inner.width)
        for line in self._chart.lines:
            captions += _stacked(self._kind, line, _LINE, SOFT, self._inner.width)
        return captions

    def _items(self, scale: float, width: float) -> list[Item]:
        """Return the entries of the key; the bar of lengths is no longer than `width` pixels."""
        longest = 0.4 * self._extent[0]
        metres = nice_length(min(longest, (width - 2.0) / scale) if scale > 0.0 else longest)
        entries: list[Item] = [*self._chart.key, Scale(metres=metres, pixels=max(1, floor(metres * scale)))]
        return [*entries, North(heading=self._chart.ground.north)]

    def _key_for(self, room: pygame.Rect) -> tuple[int, int] | None:
        """Return width and height that are kept for the key, None where it has no room."""
        kind = self._kind
        if self._where is Where.BELOW:
            widest = room.width / self._columns / self._extent[0]
            height = _height_of_flow(_flow(self._items(widest, room.width), kind, room.width, alone=False))
            return (room.width, height) if height < 0.6 * room.height else None
        # The bar of lengths is at most 0.4 of a map, which is left to its own width.
        widest = max(kind.px(120), *(natural_width(item, kind) for item in self._items(0.0, 0.0)))
        if self._where is Where.SIDE:
            width, most = min(widest, floor(_SIDE * room.width)), room.height
        elif len(self._chart.panels) == self._rows * self._columns - 1:
            across, down = self._maps_room(room, (0, 0))
            width, most = min(widest, across), down // self._rows
        else:
            return None
        if width < kind.px(60):
            return None
        height = _height_of_flow(_flow(self._items(0.0, 0.0), kind, width, alone=True))
        return (width, height) if height <= most else None

    def _maps_room(self, room: pygame.Rect, key: tuple[int, int]) -> tuple[int, int]:
        """Return pixels across for one map, and down for all of a column with their headers."""
        gap = self._kind.px(_GAP)
        width = room.width - self._axis - gap * (self._columns - 1)
        height = room.height - self._foot - gap * (self._rows - 1)
        if self._where is Where.SIDE:
            width -= key[0] + gap
        elif self._where is Where.BELOW:
            height -= key[1] + gap
        return width // self._columns, height

    def _dial_of(self, index: int) -> int:
        return self._kind.px(_DIAL) if self._chart.panels[index].sun else 0

    def _header(self, index: int, width: int) -> list[Caption]:
        panel, kind = self._chart.panels[index], self._kind
        dial = self._dial_of(index)
        beside = width - (dial + kind.px(_NEAR + 2) if dial else 0)
        captions = _stacked(kind, panel.title, _PANEL, INK, beside)
        return captions + _stacked(kind, panel.facts, _FACTS, SOFT, beside)

    def placed(self) -> Arrangement:
        """Return where everything goes."""
        assert self._key is not None
        px, gap = self._kind.px, self._kind.px(_GAP)
        width, height = self.map_size
        # Columns close up to what stands in them.
        wide = max([width, *(self._header_width(index) for index in range(len(self._headers)))])
        if self._where is Where.CELL:
            wide = max(wide, self._key[0])
        pitch, deep = wide + gap, self._head_height + px(_NEAR) + height
        items = _flow(
            self._items(self.scale, self._key[0]), self._kind, self._key[0], alone=self._where is not Where.BELOW
        )
        across = self._axis + self._columns * pitch - gap
        down = self._rows * (deep + gap) - gap + self._foot
        group = self._group((across, down), items)
        left, top = group.left + self._axis, group.top
        if self._where is Where.BELOW:
            left += (group.width - across) // 2
        maps, dials, captions, ticks = [], [], [*self._headline_at(), *self._feet_at()], []
        for index in range(len(self._chart.panels)):
            row, column = divmod(index, self._columns)
            corner = (left + column * pitch, top + row * (deep + gap) + self._head_height + px(_NEAR))
            box = pygame.Rect(corner, (width, height))
            maps.append(box)
            dial = self._dial_of(index)
            dials.append(pygame.Rect(box.left, box.top - px(_NEAR) - dial, dial, dial) if dial else None)
            shift = box.left + (dial + px(_NEAR + 2) if dial else 0)
            lines = self._headers[index]
            captions += _moved(lines, shift, box.top - px(_NEAR) - _height(lines))
            is_last = index + self._columns >= len(self._chart.panels)
            for caption, stroke in self._frame(box, at_left=column == 0, at_foot=is_last):
                ticks.append(stroke)
                captions += [caption] if caption is not None else []
        if self._where is Where.SIDE:
            start = (left + self._columns * pitch, min(maps[0].top, self._room.bottom - _height_of_flow(items)))
        elif self._where is Where.BELOW:
            start = (group.left + (group.width - _width_of_flow(items)) // 2, top + down + gap)
        else:
            row, column = divmod(len(maps), self._columns)
            start = (left + column * pitch, top + row * (deep + gap) + self._head_height + px(_NEAR))
            start = (start[0], min(start[1], self._room.bottom - _height_of_flow(items)))
        placed = tuple((item, box.move(start)) for item, box in items)
        return Arrangement(self._kind, self.scale, tuple(maps), tuple(dials), tuple(captions), tuple(ticks), placed)

    def _group(self, maps: tuple[int, int], items: Sequence[tuple[Item, pygame.Rect]]) -> pygame.Rect:
        """Return the place of the maps, so wide and high with their frames, together with the key."""
        assert self._key is not None
        gap = self._kind.px(_GAP)
        group = pygame.Rect(0, 0, *maps)
        if self._where is Where.SIDE:
            group.size = (maps[0] + gap + self._key[0], max(maps[1], _height_of_flow(items)))
        elif self._where is Where.BELOW:
            group.size = (max(maps[0], _width_of_flow(items)), maps[1] + gap + _height_of_flow(items))
        group.midtop = (self._room.centerx, self._room.top + max(0, self._room.height - group.height) // 3)
        group.left = max(group.left, self._room.left)
        return group

    def _header_width(self, index: int) -> int:
        dial = self._dial_of(index)
        widest = max((caption.box.width for caption in self._headers[index]), default=0)
        return widest + (dial + self._kind.px(_NEAR + 2) if dial else 0)

    def _headline_at(self) -> list[Caption]:
        return _moved(self._head, self._inner.left, self._inner.top)

    def _feet_at(self) -> list[Caption]:
        return _moved(self._feet, self._inner.left, self._inner.bottom - _height(self._feet))

    def _frame(self, box: pygame.Rect, *, at_left: bool, at_foot: bool) -> Iterator[tuple[Caption | None, Tick]]:
        """Give the strokes at a map's frame with the metres that they stand for."""
        kind = self._kind
        long, line = kind.px(4), kind.line(_TICK)
        sides = (self._extent[0] / 2.0, self._extent[1] / 2.0)
        for metres in _ticks(sides[0], self.scale, lambda text: kind.width(text, _TICK) * 1.7):
            x = round(box.centerx + metres * self.scale)
            text = _figure(metres)
            place = pygame.Rect(0, box.bottom + long + kind.px(2), kind.width(text, _TICK), line)
            place.centerx = x
            shown = Caption(text, _TICK, _within(place, box.left, box.right), SOFT) if at_foot else None
            yield shown, Tick((x, box.bottom), (x, box.bottom + long))
        for metres in _ticks(sides[1], self.scale, lambda _: line * 2.2):
            y = round(box.centery - metres * self.scale)
            text = _figure(metres)
            place = pygame.Rect(0, 0, kind.width(text, _TICK), line)
            place.midright = (box.left - long - kind.px(2), y)
            place.top = min(max(place.top, box.top), box.bottom - line)
            shown = Caption(text, _TICK, place, SOFT) if at_left else None
            yield shown, Tick((box.left - long - 1, y), (box.left - 1, y))


def _within(place: pygame.Rect, left: int, right: int) -> pygame.Rect:
    """Return the place moved sideways into a range that is at least as wide."""
    return pygame.Rect(min(max(place.left, left), right - place.width), place.top, *place.size)


def _ticks(half: float, scale: float, room: Callable[[str], float]) -> list[float]:
    """Return round metres from `-half` to `half`, so close that their figures have the `room` in pixels they want."""
    ticks, step = [0.0], nice_length(half)
    while True:
        closer = _multiples(step, half)
        if len(closer) > _MOST_TICKS or step * scale < max(room(_figure(metres)) for metres in closer):
            return ticks
        ticks, step = closer, nice_length(step * 0.6)


def _stacked(kind: Type, text: str, size: float, colour: Colour, width: int) -> list[Caption]:
    """Return a text in lines below each other, from (0, 0)."""
    line = kind.line(size)
    if not text or width < line:
        return []
    return [
        Caption(part, size, pygame.Rect(0, 0, kind.width(part, size), line), colour)
        for part in kind.wrapped(text, size, width)
    ]


def _height(captions: Sequence[Caption]) -> int:
    return sum(caption.box.height for caption in captions)


def _moved(captions: Sequence[Caption], left: int, top: int) -> list[Caption]:
    """Return lines stacked from a corner on."""
    moved = []
    for caption in captions:
        box = pygame.Rect((left, top), caption.box.size)
        moved.append(Caption(caption.text, caption.size, box, caption.colour))
        top = box.bottom
    return moved


def _flow(items: Sequence[Item], kind: Type, width: int, *, alone: bool) -> list[tuple[Item, pygame.Rect]]:
    """Return entries in lines from (0, 0), or each `alone` on its line."""
    placed: list[tuple[Item, pygame.Rect]] = []
    x = y = deep = 0
    gap, leading = kind.px(16), kind.px(5)
    for item in items:
        stretches = alone and isinstance(item, Swatch)
        wide = width if stretches else min(natural_width(item, kind), width)
        high = height_at(item, kind, wide)
        if x and (alone or x + wide > width):
            x, y, deep = 0, y + deep + leading, 0
        placed.append((item, pygame.Rect(x, y, wide, high)))
        x, deep = x + wide + gap, max(deep, high)
    return placed


def _width_of_flow(placed: Sequence[tuple[Item, pygame.Rect]]) -> int:
    return max((box.right for _, box in placed), default=0)


def _height_of_flow(placed: Sequence[tuple[Item, pygame.Rect]]) -> int:
    return max((box.bottom for _, box in placed), default=0)


def _multiples(step: float, half: float) -> list[float]:
    count = floor(half / step + 1e-9)
    return [step * number for number in range(-count, count + 1)]


def _figure(metres: float) -> str:
    """Return metres at a frame.

    >>> _figure(-1000.0), _figure(2.5)
    ('−1000', '2.5')
    """
    return f"{metres:.10g}".replace("-", "−")
