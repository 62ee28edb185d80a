"""Commands around files: pictures, differences, scenarios, plans; and what an installation tells of itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from fleet.terrain import ground_map_from_heights
from fleet.terrain.geotiff import write_ground
from sim.record import Recording

Moonfleet = Callable[..., tuple[int, str, str]]

# 84.6 S, 31.0 E, on the 1737.4 km sphere. SPICE with de421.bsp (skyfield-data 7.0.0), moon_pa_de421_1900-2050.bpc and
# moon_080317.tf (lunarsky 1.0.1.post2), frame MOON_ME_DE421, correction LT+S: azimuth and elevation, Sun and Earth.
SPICE = [
    ("2028-01-15T00:00Z", (292.1088, 2.2527, 331.6897, 0.9180)),
    ("2028-06-21T12:00", (159.8974, -5.7193, 323.3518, 8.4038)),
    ("2028-11-01T06:00:00+00:00", (339.3646, 6.5373, 326.3263, 10.7717)),
    ("2029-03-21T02:00+08:00", (82.1877, -0.7941, 322.9348, 8.2317)),
    ("2029-10-10 03:00", (119.3650, -1.2195, 332.5533, 0.4482)),
]


@pytest.mark.parametrize(("utc", "expected"), SPICE, ids=[utc for utc, _ in SPICE])
def test_the_almanac_tells_what_spice_tells(moonfleet: Moonfleet, utc: str, expected: tuple[float, ...]) -> None:
    code, out, _ = moonfleet("almanac", "--lat", "-84.6", "--lon", "31.0", "--at", utc, "--json")

    values = json.loads(out)
    assert code == 0
    assert list(values)[:9] == [
        "utc", "lat", "lon", "sun_az", "sun_el", "earth_az", "earth_el", "relay_az", "relay_el"
    ]  # fmt: skip
    assert values["utc"].endswith("Z")
    angles = [values[key] for key in ("sun_az", "sun_el", "earth_az", "earth_el")]
    assert angles == pytest.approx(expected, abs=0.012)


def test_the_almanac_tells_of_the_sun_behind_the_earth(moonfleet: Moonfleet) -> None:
    site = ("--lat", "-84.6", "--lon", "31.0")
    code, out, _ = moonfleet("almanac", *site, "--at", "2028-12-31T16:50Z", "--until", "2029-07-01", "--json")

    values = json.loads(out)
    assert code == 0
    assert values["sun_eclipsed"] == 1.0
    assert values["sun_distance_au"] == pytest.approx(0.9859, abs=0.0005)
    assert values["sun_radius_deg"] == pytest.approx(0.2705, abs=0.0005)
    assert [eclipse["covered"] for eclipse in values["eclipses"]] == [1.0, 1.0]
    assert values["eclipses"][1]["total_s"] == pytest.approx(150 * 60.0, abs=600.0)


def test_a_picture_is_drawn_without_a_display(moonfleet: Moonfleet, recording: Path) -> None:
    code, out, err = moonfleet("render", recording, "-o", "deep/run.png", "--size", "640x400", "--at", "5m")

    picture = Path("deep/run.png").read_bytes()
    assert (code, out, err) == (0, "", "wrote deep/run.png\n")
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (640, 400)


def test_recordings_of_one_run_are_the_same(moonfleet: Moonfleet, smoke: Path, recording: Path) -> None:
    moonfleet("run", smoke, "--headless", "--bus", "inproc", "--hosts", "1", "--record", "again.mcap")

    text, data = moonfleet("diff", recording, "again.mcap"), moonfleet("diff", recording, "again.mcap", "--json")

    assert text == (0, "the recordings are the same\n", "")
    assert json.loads(data[1]) == {"same": True}


def test_the_first_difference_of_two_runs_is_named(moonfleet: Moonfleet, smoke: Path, recording: Path) -> None:
    moonfleet("run", smoke, "--headless", "--bus", "memory", "--until", "2m", "--record", "short.mcap")

    (code, out, _), (_, data, _) = (
        moonfleet("diff", recording, "short.mcap"),
        moonfleet("diff", recording, "short.mcap", "--json"),
    )

    found = json.loads(data)
    entries = list(Recording(recording).entries())
    assert (code, found["same"]) == (1, False)
    assert out.startswith(f"entry {found['entry']} differs\n  a: ")
    assert 120 <= found["tick"] <= getattr(entries[found["entry"]], "tick", 0)


def test_a_new_scenario_passes_as_it_is(moonfleet: Moonfleet) -> None:
    wrote = moonfleet("scenario", "new", "my_first.yaml")
    checked = moonfleet("scenario", "check", "my_first.yaml")
    code, out, _ = moonfleet("run", "my_first.yaml", "--headless", "--bus", "memory", "--json")

    result = json.loads(out)
    assert wrote[0] == checked[0] == code == 0
    assert "moonfleet run my_first.yaml --headless" in wrote[1]
    assert (result["scenario"], result["verdict"], result["tasks"]["open"]) == ("my-first", "pass", 0)


def test_all_that_is_wrong_with_scenarios_is_said_at_once(moonfleet: Moonfleet, smoke: Path, tmp_path: Path) -> None:
    text = smoke.read_text(encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(
        text.replace("agent: prospector", "agnet: prospector").replace("duration: 10m", "duration: soon"), "utf-8"
    )

    code, out, err = moonfleet("scenario", "check", smoke, "bad.yaml", "--json")

    problems = json.loads(out)
    assert (code, err, problems["valid"]) == (2, "", False)
    assert "bad.yaml:6:" in problems["problems"][0]
    assert "did you mean 'agent'?" in problems["problems"][0]


def test_a_variant_that_must_fail_by_an_expectation_there_is_not_is_wrong_in_a_folder_too(
    moonfleet: Moonfleet, smoke: Path, tmp_path: Path
) -> None:
    fine = f"extends: {smoke}\nvariants: [{{id: none, set: {{rovers.micro-1.charge_percent: 3}}, must_fail: [RULE]}}]\n"
    for name, rule in (("good", "tasks_done"), ("bad", "tasks_don")):
        (tmp_path / f"{name}.yaml").write_text(f"moonfleet: 2\n{fine.replace('RULE', rule)}", encoding="utf-8")

    good = moonfleet("scenario", "check", tmp_path / "good.yaml")
    code, out, err = moonfleet("scenario", "check", tmp_path)

    assert (good[0], good[1]) == (0, "1 scenario file is fine\n")
    assert (code, out) == (2, "")
    assert "bad.yaml:3:" in err
    assert "there is no expectation 'tasks_don' that could fail" in err


def test_a_scenario_is_shown_as_it_is_run_with_the_source_of_every_figure(moonfleet: Moonfleet, smoke: Path) -> None:
    code, out, _ = moonfleet("scenario", "show", smoke, "--seed", "4")

    shown = json.loads(out)
    assert (code, shown["name"], shown["seed"]) == (0, "smoke", 4)
    assert "assumed" in json.dumps(shown["vehicles"]["metu-micro"])


def test_the_schema_of_scenarios_is_a_json_schema(moonfleet: Moonfleet) -> None:
    code, out, _ = moonfleet("scenario", "schema")

    schema = json.loads(out)
    assert (code, schema["title"]) == (0, "Moonfleet scenario")
    assert {"rovers", "tasks", "expect"} <= schema["$defs"]["ScenarioFile"]["properties"].keys()


@pytest.fixture
def terrain(tmp_path: Path) -> Path:
    """A plain of 120 m with a wall in the middle of it, open in the north."""
    heights = np.zeros((60, 60), dtype=np.float32)
    heights[:45, 29:31] = 30.0
    ground = ground_map_from_heights(heights, 2.0, latitude=-1.4765, longitude=0.5411, north=0.0)
    write_ground(ground, tmp_path / "wall.terrain.tif")
    return tmp_path / "wall.terrain.tif"


def test_a_plan_goes_round_what_cannot_be_driven(moonfleet: Moonfleet, terrain: Path) -> None:
    code, out, _ = moonfleet("plan", terrain, "--from", "-30,0", "--to", "30,0", "--vehicle", "cnsa-rover", "--json")

    plan = json.loads(out)
    assert code == 0
    figures = {"length_m", "time_s", "energy_wh", "risk_s", "over_bound", "waypoints", "plan_seconds"}
    assert plan.keys() == {"found", "reason", *figures}
    assert plan["risk_s"] is None
    assert 1.0 <= plan["over_bound"] < 1.3
    assert (plan["found"], plan["reason"]) == (True, "")
    assert 90.0 < plan["length_m"] < 130.0
    assert plan["time_s"] > plan["length_m"] / 0.056
    assert plan["energy_wh"] > 0.0
    assert plan["waypoints"][0] == pytest.approx([-30.0, 0.0])
    assert plan["waypoints"][-1] == pytest.approx([30.0, 0.0])


@pytest.mark.parametrize("wish", ["energy", "risk", "time=1,energy=0.01,risk=5", "risk=1,time=1"])
def test_a_plan_keeps_low_what_is_asked(moonfleet: Moonfleet, terrain: Path, wish: str) -> None:
    words = ("plan", terrain, "--from", "-30,0", "--to", "30,0", "--vehicle", "cnsa-rover", "--objective", wish)

    (code, out, _), (_, text, _) = moonfleet(*words, "--json"), moonfleet(*words)

    plan = json.loads(out)
    assert code == 0
    assert (plan["risk_s"] is None) == ("risk" not in wish)
    assert plan["over_bound"] >= 1.0
    assert ("min at risk" in text) == ("risk" in wish)


def test_where_there_is_no_way_the_reason_is_told(moonfleet: Moonfleet, terrain: Path) -> None:
    words = ("plan", terrain, "--from", "-30,0", "--to", "300,0", "--vehicle", "cnsa-rover")

    (code, out, _), (_, data, _) = moonfleet(*words), moonfleet(*words, "--json")

    assert code == 1
    assert out.startswith("no way: ")
    assert json.loads(data)["found"] is False
    assert json.loads(data)["reason"]


def test_the_doctor_names_every_package_and_a_remedy_for_what_is_missing(
    moonfleet: Moonfleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    code, out, _ = moonfleet("doctor", "--json")

    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert code == 0
    assert all(checks[name]["well"] for name in ("python", "numpy", "numba", "pyzmq", "pygame-ce"))
    assert all(check["remedy"] for check in checks.values() if not check["well"])
    assert not checks["Xvfb"]["well"]
    assert "moonfleet[film]" in checks["[film]"]["remedy"] or checks["[film]"]["well"]
    assert {"[bench]", "[rl]", "[dask]", "[parquet]", "[falsify]", "node"} <= checks.keys()
    assert "moonfleet render" in checks["display"]["remedy"]


def test_our_plugins_are_listed_with_where_they_come_from(moonfleet: Moonfleet) -> None:
    code, out, _ = moonfleet("agent", "list", "--json")

    plugins = [plugin for plugin in json.loads(out)["plugins"] if plugin["package"] == "moonfleet"]
    agents = {plugin["name"]: plugin["value"] for plugin in plugins if plugin["group"] == "fleet.agents"}
    assert code == 0
    assert {"lander", "prospector", "traverser", "micro", "operator"} <= agents.keys()
    assert {plugin["group"] for plugin in plugins} == {"fleet.agents", "fleet.planners", "fleet.allocators"}
    assert {(plugin["version"], plugin["refused"]) for plugin in plugins} == {(metadata.version("moonfleet"), "")}


def test_a_recording_explains_its_tasks(moonfleet: Moonfleet, recording: Path) -> None:
    task = Recording(recording).opening.tasks[0].task

    code, out, _ = moonfleet("explain", recording, "--task", task)
    data = json.loads(moonfleet("explain", recording, "--task", task, "--json")[1])

    assert code == 0
    assert f"{task} (" in out
    assert data["tasks"][0]["task"] == task
    assert data["tasks"][0]["auctions"][0]["bids"]


def test_an_explanation_of_what_is_not_there_is_refused_with_a_remedy(moonfleet: Moonfleet, recording: Path) -> None:
    code, out, err = moonfleet("explain", recording, "--rover", "landr")

    assert (code, out) == (2, "")
    assert "'landr'" in err
    assert "lander" in err
