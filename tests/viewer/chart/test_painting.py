"""Charts as pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fleet.core import ConfigError
from sim.viewer.chart import Chart, Sign, save_chart
from sim.viewer.chart.arrangement import arrange
from sim.viewer.chart.colours import DARK, LIT, PAPER
from sim.viewer.chart.inks import few_colours
from sim.viewer.chart.layers import LAYERS, Wish, chart_of, layer_of
from sim.viewer.chart.painting import drawn
from sim.viewer.chart.subject import Subject
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

SIZE = (800, 600)


def chart(subject: Subject, name: str) -> Chart:
    return chart_of(subject, layer_of(name, subject, Wish()))


def plain(made: Chart) -> Chart:
    """Return a chart without relief and signs, so that a pixel is the colour of its cell."""
    panels = tuple(replace(panel, relief=0.0, marks=(), outlines=(), rocks=()) for panel in made.panels)
    return replace(made, panels=panels)


@pytest.mark.parametrize("name", LAYERS)
def test_the_same_chart_gives_the_same_bytes(subject: Subject, name: str, tmp_path: Path) -> None:
    for file in ("a.png", "b.png"):
        save_chart(chart(subject, name), tmp_path / file, SIZE)

    first = (tmp_path / "a.png").read_bytes()
    assert first == (tmp_path / "b.png").read_bytes()
    assert pygame.image.load(tmp_path / "a.png").get_size() == SIZE


def test_each_cell_has_its_colour_at_its_place(subject: Subject) -> None:
    made = plain(chart(subject, "zones"))
    surface, plan = drawn(made, SIZE), arrange(made, SIZE)

    for panel, box in zip(made.panels, plan.maps, strict=True):
        for row in range(0, 31, 5):
            for column in range(0, 41, 5):
                x = box.x + (column + 0.5) * box.width / 41
                y = box.bottom - (row + 0.5) * box.height / 31
                seen = np.array(surface.get_at((int(x), int(y)))[:3], int)
                assert np.abs(seen - panel.painting[row, column]).max() <= 1


def test_lit_ground_is_pale_and_dark_ground_dark(subject: Subject) -> None:
    made = plain(chart(subject, "light"))
    light = made.panels[0].painting
    surface, plan = drawn(made, SIZE), arrange(made, SIZE)
    box = plan.maps[0]

    def brightness(colour: Colour) -> float:
        cells = np.argwhere((light == colour).all(axis=2)).tolist()
        spots = [(box.x + (c + 0.5) * box.width / 41, box.bottom - (r + 0.5) * box.height / 31) for r, c in cells]
        return float(np.mean([sum(surface.get_at((int(x), int(y)))[:3]) for x, y in spots]))

    assert abs(brightness(LIT) - sum(LIT)) < 60
    assert abs(brightness(DARK) - sum(DARK)) < 120


def test_the_paper_is_white_around_the_map(subject: Subject) -> None:
    surface = drawn(chart(subject, "slope"), SIZE)

    for corner in ((0, 0), (799, 0), (0, 599), (799, 599)):
        assert surface.get_at(corner)[:3] == PAPER


def test_contours_darken_the_ground_along_them(subject: Subject) -> None:
    made = chart(subject, "hillshade")
    without, within = (drawn(replace(made, contours=step), SIZE) for step in (None, 2.0))

    difference = pygame.surfarray.array3d(within).astype(int) - pygame.surfarray.array3d(without)

    assert difference.min() < -20
    assert difference.max() <= 0


def test_marks_are_explained_in_the_key(subject: Subject) -> None:
    for name in LAYERS:
        made = chart(subject, name)
        shown = {mark.sign for panel in made.panels for mark in panel.marks}
        shown |= {outline.sign for panel in made.panels for outline in panel.outlines}
        shown |= {Sign.ROCK for panel in made.panels if panel.rocks}

        assert shown <= {getattr(entry, "sign", None) for entry in made.key}


@pytest.mark.parametrize(
    ("file", "said"),
    [("map.jpg", "cannot draw a picture as .jpg"), ("taken/map.png", "cannot be written"), ("map", "without a suffix")],
)
def test_a_file_that_cannot_be_written_is_named(subject: Subject, tmp_path: Path, file: str, said: str) -> None:
    (tmp_path / "taken").write_text("in the way")

    with pytest.raises(ConfigError, match=said):
        save_chart(chart(subject, "slope"), tmp_path / file, SIZE)


@pytest.mark.parametrize("size", [(0, 100), (9000, 100), (100, 100)])
def test_a_size_that_cannot_be_drawn_is_refused(subject: Subject, tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(ConfigError, match="--size"):
        save_chart(chart(subject, "slope"), tmp_path / "map.png", size)


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))), st.integers(1, 256))
def test_few_colours_are_few_and_exact_where_they_suffice(image: np.ndarray, most: int) -> None:
    numbers, palette = few_colours(image, most)

    assert len(palette) <= most
    coarse = len(np.unique(image.reshape(-1, 3) >> 2, axis=0))
    if coarse <= most:
        assert np.abs(palette[numbers].astype(int) - image).max() <= 3
