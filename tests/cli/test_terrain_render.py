"""`moonfleet terrain render` as a person has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fleet.terrain import ground_map_from_heights
from fleet.terrain.geotiff import write_ground
from sim.scenario import load_scenario
from sim.viewer.chart.layers import LAYERS

Moonfleet = Callable[..., tuple[int, str, str]]


@pytest.fixture
def dunes(tmp_path: Path) -> Path:
    """A terrain file of 200 m by 150 m."""
    y, x = np.mgrid[0:31, 0:41].astype(np.float64)
    heights = (3.0 * np.sin(x / 3.0) + 2.0 * np.cos(y / 4.0)).astype(np.float32)
    ground = ground_map_from_heights(heights, 5.0, latitude=-1.4765, longitude=0.5411, north=0.0)
    file = tmp_path / "dunes.tif"
    write_ground(ground, file)
    return file


def test_a_terrain_file_is_drawn(moonfleet: Moonfleet, dunes: Path) -> None:
    code, out, err = moonfleet("terrain", "render", dunes, "-o", "dunes.png", "--size", "640x480")

    assert code == 0, err
    assert "shaded from the upper left" in out
    assert Path("dunes.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_of_a_scenario_is_drawn_without_further_words(
    moonfleet: Moonfleet, smoke: Path, layer: str
) -> None:
    code, out, err = moonfleet(
        "terrain", "render", smoke, "-o", "x.png", "--layer", layer, "--size", "900x600", "--json"
    )

    assert code == 0, err
    said = json.loads(out)
    assert {"ground", "layer", "picture", "size", "far", "panels"} == set(said)
    assert said["layer"] == layer
    assert len(said["panels"]) >= 1


def test_mission_time_and_its_utc_date_give_the_same_picture(moonfleet: Moonfleet, smoke: Path) -> None:
    start = load_scenario(smoke).time.start

    for name, at in (("a", "1h"), ("b", f"{start.date()}T01:00Z")):
        code, _, err = moonfleet(
            "terrain", "render", smoke, "-o", f"{name}.png", "--layer", "light", "--at", at, "--size", "500x400"
        )
        assert code == 0, err

    assert start.hour == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def test_an_antenna_that_is_given_is_used(moonfleet: Moonfleet, dunes: Path) -> None:
    words = ("terrain", "render", dunes, "-o", "x.png", "--layer", "radio", "--size", "500x400", "--json")

    low, high = (
        json.loads(moonfleet(*words, "--antenna", f"10,20,{height}", "--receiver", "0.5")[1])["panels"][0]
        for height in (1, 30)
    )

    assert low["antenna_m"] == [10.0, 20.0, 1.0]
    assert low["receiver_m"] == 0.5
    assert low["heard"] < high["heard"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("nosuch.tif", "-o", "x.png"), "nosuch.tif: there is no such file", id="no-file"),
        pytest.param(("nosuch.yaml", "-o", "x.png"), "nosuch.yaml: cannot be read", id="no-scenario"),
        pytest.param(("DUNES",), "Missing option '-o'", id="no-output"),
        pytest.param(("DUNES", "-o", "x.jpg"), "cannot draw a picture as .jpg", id="jpg"),
        pytest.param(("DUNES", "-o", "DUNES/x.png"), "cannot be written", id="unwritable"),
        pytest.param(("DUNES", "-o", "x.png", "--layer", "mood"), "'mood' is not one of", id="layer"),
        pytest.param(("DUNES", "-o", "x.png", "--size", "50x50"), "50x50 is too small", id="small"),
        pytest.param(("DUNES", "-o", "x.png", "--size", "9999x9"), "is not within", id="large"),
        pytest.param(("DUNES", "-o", "x.png", "--layer", "light"), "Give a UTC date", id="when"),
        pytest.param(("DUNES", "-o", "x.png", "--layer", "light", "--at", "2h"), "has no mission", id="mission-time"),
        pytest.param(("DUNES", "-o", "x.png", "--layer", "light", "--at", "1805-01-01"), "1900 to 2100", id="early"),
        pytest.param(("SMOKE", "-o", "x.png", "--layer", "light", "--at", "9" * 30), "beyond all dates", id="late"),
        pytest.param(
            ("DUNES", "-o", "x.png", "--layer", "zones", "--vehicle", "bicycle"), "no class 'bicycle'", id="vehicle"
        ),
        pytest.param(
            ("DUNES", "-o", "x.png", "--layer", "radio", "--antenna", "900,0"), "900,0 lies off the map", id="off"
        ),
        pytest.param(("DUNES", "-o", "x.png", "--antenna", "1"), "is not X,Y or X,Y,HEIGHT", id="antenna"),
        pytest.param(("DUNES", "-o", "x.png", "--antenna", "1,nan"), "is no place of an antenna", id="antenna-nan"),
        pytest.param(("DUNES", "-o", "x.png", "--receiver", "2"), "says nothing to hillshade", id="receiver"),
        pytest.param(("DUNES", "-o", "x.png", "--contours", "0"), "is not in the range", id="contours"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(
    moonfleet: Moonfleet, dunes: Path, smoke: Path, words: tuple[str, ...], said: str
) -> None:
    names = {"DUNES": str(dunes), "SMOKE": str(smoke)}
    line = [word.replace("DUNES", names["DUNES"]) if word != "SMOKE" else names["SMOKE"] for word in words]

    code, out, err = moonfleet("terrain", "render", *line)

    assert (code, out) == (2, ""), err
    assert said in err
    assert "Traceback" not in err


def test_light_is_drawn_with_the_ground_around(moonfleet: Moonfleet, tmp_path: Path) -> None:
    for name, size, pixel in (("near", 400, 10), ("wide", 20_000, 100)):
        words = ("--size", size, "--pixel", pixel, "--craters", 0, "--rocks", 0, "--roughness", 0)
        moonfleet("terrain", "generate", "-o", f"{name}.tif", "--seed", 1, "--lat", -84.6, "--lon", 31, *words)
    plain = ("terrain", "render", "near.tif", "-o", "x.png", "--layer", "light", "--at", "2029-10-17", "--json")

    alone, around = (json.loads(moonfleet(*plain, *more)[1]) for more in ((), ("--far", "wide.tif")))

    assert alone["far"] is None
    assert around["far"] == {"source": "wide.tif", "pixel_m": 100.0, "rows": 201, "columns": 201}
    assert around["panels"][0]["sunlit"] == pytest.approx(alone["panels"][0]["sunlit"], abs=0.01)
    code, _, err = moonfleet("terrain", "render", "near.tif", "-o", "x.png", "--layer", "slope", "--far", "wide.tif")
    assert (code, "--far: it says nothing to slope" in err) == (2, True)


def test_a_file_that_is_not_around_the_ground_is_refused(moonfleet: Moonfleet, dunes: Path) -> None:
    code, _, err = moonfleet(
        "terrain", "render", dunes, "-o", "x.png", "--layer", "light", "--at", "2029-10-17", "--far", dunes
    )

    assert code == 2
    assert "do not reach 8 heights of 100 m beyond the map's 0.205 km" in err
