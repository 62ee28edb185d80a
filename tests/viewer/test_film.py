"""Films without a display."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from fleet.core import ConfigError
from sim.viewer import Film, Scene, render_film

_SIGNS = {".mp4": (4, b"ftyp"), ".webp": (8, b"WEBP"), ".gif": (0, b"GIF89a")}


@pytest.mark.parametrize("suffix", sorted(_SIGNS))
def test_a_film_is_of_the_kind_that_its_name_says_and_holds_all_frames(run: Any, tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("imageio_ffmpeg")
    drawn: list[float] = []
    shares: list[float] = []
    shown = run.scene

    def noted(tick: float) -> Scene:
        drawn.append(tick)
        scene: Scene = shown(tick)
        return scene

    run.scene = noted

    film = Film(size=(321, 200), first=600.0, last=4200.0, seconds=0.5, rate=10)
    render_film(run, tmp_path / "new" / f"film{suffix}", film, shares.append)

    data = (tmp_path / "new" / f"film{suffix}").read_bytes()
    place, sign = _SIGNS[suffix]
    assert data[place:].startswith(sign)
    assert drawn[-5:] == [600.0, 1500.0, 2400.0, 3300.0, 4200.0]
    assert shares == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_film_without_an_encoder_says_what_to_install(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)

    with pytest.raises(ConfigError, match=r"moonfleet\[film\]"):
        render_film(run, tmp_path / "film.mp4", Film(), lambda _: None)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"size": (8, 8)}, "--size"),
        ({"seconds": 0.0}, "--length"),
        ({"seconds": float("nan")}, "--length"),
        ({"rate": 99}, "--fps"),
    ],
    ids=["small", "short", "nan", "fast"],
)
def test_films_without_bounds_are_refused(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        Film(**wrong)


@pytest.mark.parametrize(
    ("first", "last"), [(5000.0, 5000.0), (1e9, None), (-5.0, 10.0)], ids=["none", "late", "early"]
)
def test_a_film_of_no_time_is_refused(run: Any, tmp_path: Path, first: float, last: float | None) -> None:
    with pytest.raises(ConfigError, match="--from"):
        render_film(run, tmp_path / "film.mp4", Film(first=first, last=last), lambda _: None)
