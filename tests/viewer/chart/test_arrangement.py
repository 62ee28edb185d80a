"""Whatever the size, the ground and the words: nothing is cut off, nothing hides another."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import ConfigError
from fleet.terrain import ground_map_from_heights
from sim.viewer.chart.arrangement import Arrangement, arrange
from sim.viewer.chart.chart import Bar, Chart, Entry, Heading, Panel, Sign, Swatch
from sim.viewer.chart.key import Scale, Type, bar_labels, natural_width
from sim.viewer.lettering import Lettering
from sim.viewer.quiet import pygame

_KEY: tuple[Entry, ...] = (
    Heading(text="What the colours mean"),
    Bar(colours=((0, 0, 0), (255, 255, 255)), ticks=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))),
    Swatch(text="too steep", value="12 %"),
    Swatch(text="rocks that this vehicle cannot drive over without touching them", sign=Sign.HATCH),
    Swatch(text="lander", sign=Sign.MAST),
)
_TITLE = "Three days at Mons Mouton"


def _chart(cells: tuple[int, int], panels: int, *, title: str = _TITLE, sun: bool = True, pixel: float = 5.0) -> Chart:
    ground = ground_map_from_heights(np.zeros(cells, np.float32), pixel, latitude=-1.47, longitude=0.5, north=1.0)
    panel = Panel(
        title="2029-10-24 06:00 UTC",
        facts="Sun azimuth 298°, 3.9° high · 76 % lit",
        painting=np.zeros((*cells, 3), np.uint8),
        smooth=False,
        light=(1.0, 0.1),
        sun=sun,
    )
    lines = ("mons-mouton · 84.600° S, 31.000° E · 2 × 2 km, a height every 5 m",)
    return Chart(
        title=title, lines=lines, ground=ground, panels=(panel,) * panels, key=_KEY, note="How it was made. " * 8
    )


def _check(plan: Arrangement, size: tuple[int, int]) -> None:
    canvas = pygame.Rect(0, 0, *size)
    assert all(canvas.contains(box) for box in plan.boxes)
    assert [(a, b) for a, b in combinations(plan.boxes, 2) if a.colliderect(b)] == []
    for caption in plan.captions:
        drawn = plan.kind.letters.text(caption.text, plan.kind.px(caption.size), caption.colour)
        assert drawn.width <= caption.box.width
        assert drawn.height <= caption.box.height


@settings(max_examples=80, deadline=None)
@given(
    size=st.tuples(st.integers(1, 2400), st.integers(1, 2400)),
    cells=st.tuples(st.integers(2, 400), st.integers(2, 400)),
    panels=st.integers(1, 6),
    title=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=80),
    sun=st.booleans(),
)
def test_nothing_overlaps_or_leaves_the_picture(
    size: tuple[int, int], cells: tuple[int, int], panels: int, title: str, sun: bool
) -> None:
    chart = _chart(cells, panels, title=title, sun=sun)

    try:
        plan = arrange(chart, size)
    except ConfigError:
        assert min(size) < 700 or title.count("W") > 9
        return

    _check(plan, size)
    assert len(plan.maps) == panels
    assert len({box.size for box in plan.maps}) == 1


@pytest.mark.parametrize("size", [(800, 600), (1600, 1200), (1600, 900), (1000, 1000), (3000, 2000)], ids=str)
@pytest.mark.parametrize("panels", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("cells", [(401, 401), (100, 400), (400, 120)], ids=["square", "wide", "tall"])
def test_usual_pictures_are_drawn_with_large_maps(size: tuple[int, int], panels: int, cells: tuple[int, int]) -> None:
    plan = arrange(_chart(cells, panels), size)

    _check(plan, size)
    covered = sum(box.width * box.height for box in plan.maps) / (size[0] * size[1])
    assert covered > 0.08
    assert plan.kind.px(10.0) >= 8  # the smallest letters


def test_one_pixel_is_one_length_across_and_down() -> None:
    (box,) = arrange(_chart((100, 300), 1), (900, 700)).maps

    assert abs(box.width / box.height - 3.0) < 0.02


def test_the_bar_of_lengths_is_as_long_as_it_says() -> None:
    plan = arrange(_chart((401, 401), 2), (1600, 900))

    ((scale, box),) = [(item, box) for item, box in plan.items if isinstance(item, Scale)]

    assert abs(scale.pixels - scale.metres * plan.scale) <= 1.0
    assert scale.pixels + 2 <= box.width


def test_figures_at_the_frame_stand_at_what_they_say() -> None:
    plan = arrange(_chart((401, 401), 1, sun=False), (1000, 800))
    (box,) = plan.maps

    across = {c.text: c.box for c in plan.captions if c.box.top >= box.bottom and c.text.lstrip("−").isdecimal()}

    assert {"−500", "0", "500"} <= set(across)
    assert abs(across["500"].centerx - (box.centerx + 500.0 * plan.scale)) <= 1.5
    assert abs(across["−500"].centerx - (box.centerx - 500.0 * plan.scale)) <= 1.5


def test_a_picture_that_is_too_small_is_refused_with_a_remedy() -> None:
    with pytest.raises(ConfigError, match="200x150 is too small for 4 maps") as refused:
        arrange(_chart((50, 50), 4), (200, 150))

    assert refused.value.remedy


@given(width=st.integers(20, 400), shares=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9))
def test_figures_under_a_bar_never_touch(width: int, shares: list[float]) -> None:
    kind = Type(1.0, Lettering())
    bar = Bar(colours=((0, 0, 0), (9, 9, 9)), ticks=tuple((share, f"{share:.1f}") for share in sorted(shares)))
    box = pygame.Rect(7, 0, max(width, natural_width(Heading(text="0.0"), kind)), 40)

    spans = sorted((x, x + kind.width(text, 12.0)) for text, x in bar_labels(bar, kind, box))

    assert spans[0][0] >= box.left
    assert spans[-1][1] <= box.right
    assert all(end < start for (_, end), (start, _) in pairwise(spans))
