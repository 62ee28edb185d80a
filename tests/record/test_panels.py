"""What programs that know Foxglove's messages are shown of a recording."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from mcap.reader import make_reader

from sim.record import Frame, Recording, RecordWriter
from sim.record.panels import FLEET, GROUND, SITE, TRANSFORMS, WORK

Shown = tuple[str, int, Any]  # Topic, time, message.
KINDS = {
    "foxglove.FrameTransforms",
    "foxglove.SceneUpdate",
    "foxglove.PosesInFrame",
    "foxglove.Grid",
    "foxglove.Log",
}


@pytest.fixture(scope="module")
def file(made_up_mission: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    mission = made_up_mission(drives=4)
    file = tmp_path_factory.mktemp("panels") / "run.mcap"
    writer = RecordWriter(file, ground=mission.ground)
    for entry in mission.entries:
        writer.write(entry)
    writer.close()
    return file


def _shown(file: Path, *topics: str) -> list[Shown]:
    with file.open("rb") as stream:
        read = make_reader(stream).iter_messages(topics=topics or None)
        return [(channel.topic, message.log_time, json.loads(message.data)) for _, channel, message in read]


def test_each_message_is_what_its_schema_says(file: Path) -> None:
    with file.open("rb") as stream:
        read = [(schema, json.loads(message.data)) for schema, _, message in make_reader(stream).iter_messages()]
    told = {schema.name: json.loads(schema.data) for schema, _ in read if schema is not None}

    known = [(schema.name, message) for schema, message in read if schema is not None and schema.name in KINDS]

    assert {name for name, _ in known} == KINDS
    assert "$ref" not in json.dumps([told[name] for name in KINDS])
    for name, message in known:
        assert message.keys() == told[name]["properties"].keys()
        jsonschema.validate(message, told[name])


def test_each_rover_has_a_frame_where_it_is(file: Path) -> None:
    frames = [entry for entry in Recording(file).entries() if isinstance(entry, Frame)]

    transforms = _shown(file, TRANSFORMS)

    assert len(transforms) == len(frames)
    for (_, _, message), frame in zip(transforms, frames, strict=True):
        for told, rover in zip(message["transforms"], frame.rovers, strict=True):
            turn = told["rotation"]
            assert (told["parent_frame_id"], told["child_frame_id"]) == (SITE, rover.rover)
            assert (told["translation"]["x"], told["translation"]["y"]) == pytest.approx((rover.x, rover.y), abs=1e-3)
            heading = 2.0 * np.arctan2(turn["z"], turn["w"])
            assert np.cos(heading - rover.heading) == pytest.approx(1.0, abs=1e-6)


def test_each_machine_is_in_the_scene_in_the_colour_of_its_agency(file: Path) -> None:
    opening = Recording(file).opening
    colours = {agency: colour for agency, _, colour in opening.agencies}

    ((_, _, scene),) = _shown(file, FLEET)

    machines = {entity["id"]: entity for entity in scene["entities"] if entity["frame_id"] != SITE}
    assert machines.keys() == {rover.rover for rover in opening.rovers}
    for rover in opening.rovers:
        body = machines[rover.rover]["cylinders"][0]
        red = round(body["color"]["r"] * 255.0)
        assert (machines[rover.rover]["frame_id"], body["size"]["x"]) == (rover.rover, 2.0 * rover.radius)
        assert f"#{red:02X}" == colours[rover.agency][:3].upper()


def test_the_heights_of_the_ground_are_a_grid_at_its_place(file: Path) -> None:
    ground = Recording(file).ground
    heights = np.frombuffer(ground.heights, "<f4").reshape(ground.rows, ground.columns)

    ((_, _, grid),) = _shown(file, GROUND)

    data = np.frombuffer(base64.b64decode(grid["data"]), np.uint8).reshape(-1, grid["row_stride"])
    columns = grid["column_count"]
    told = data.reshape(len(data), columns, grid["cell_stride"])[:, :, :4].copy().view("<f4")[..., 0]
    every = round(grid["cell_size"]["x"] / ground.pixel)
    assert told == pytest.approx(heights[::every, ::every] - heights.min(), abs=0.07)
    corner = grid["pose"]["position"]
    assert corner["x"] + columns * grid["cell_size"]["x"] / 2.0 == pytest.approx(0.0, abs=grid["cell_size"]["x"])
    assert corner["y"] + len(data) * grid["cell_size"]["y"] / 2.0 == pytest.approx(0.0, abs=grid["cell_size"]["y"])


def test_who_jumps_in_time_sees_how_all_work_stands_then(file: Path) -> None:
    opening = Recording(file).opening

    last = _shown(file, WORK)[-1][2]

    alpha = {entity["id"]: entity["cylinders"][0]["color"]["a"] for entity in last["entities"]}
    assert alpha.keys() == {task.task for task in opening.tasks}
    assert min(alpha.values()) == 0.2  # What is done is pale.
    assert [bool(entity["texts"]) for entity in last["entities"]] == [value > 0.2 for value in alpha.values()]


def test_a_way_is_shown_until_its_end(file: Path) -> None:
    opening = Recording(file).opening

    ways = _shown(file, *(f"moonfleet.way.{rover.rover}" for rover in opening.rovers))

    lengths = [len(message["poses"]) for topic, _, message in ways if topic == ways[0][0]]
    assert lengths[0] > 1
    assert lengths[-1] == 0
