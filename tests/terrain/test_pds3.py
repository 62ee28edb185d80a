"""PDS3 products, a label with an image beside it, become ground."""

from __future__ import annotations

from itertools import product
from math import cos, radians, sin
from pathlib import Path

import numpy as np
import pytest

from fleet.terrain.geotiff import Cut, import_ground
from fleet.terrain.heights import heights_of
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import NORTH_POLAR, SOUTH_POLAR

MOUTON = (radians(-84.6), radians(31.0))

LABEL = """PDS_VERSION_ID            = "PDS3"
/*** GENERAL DATA DESCRIPTION ***/
RECORD_TYPE               = FIXED_LENGTH
RECORD_BYTES              = {record}
FILE_RECORDS              = {lines}
^IMAGE                    = {pointer}
TARGET_NAME               = MOON
OBJECT                    = IMAGE
  NAME                    = HEIGHT
  DESCRIPTION             = "Each sample is a height
                             above the sphere; OFFSET = the radius of it."
  LINES                   = {lines}
  LINE_SAMPLES            = {samples}
  SAMPLE_TYPE             = {kind}
  SAMPLE_BITS             = {bits}
  UNIT                    = {unit}
  SCALING_FACTOR          = {scale}
  OFFSET                  = {offset}
END_OBJECT                = IMAGE
OBJECT                    = IMAGE_MAP_PROJECTION
  MAP_PROJECTION_TYPE     = "{projection}"
  MAP_RESOLUTION          = {resolution} <pix/deg>
  A_AXIS_RADIUS           = 1737.4 <km>
  B_AXIS_RADIUS           = 1737.4 <km>
  C_AXIS_RADIUS           = 1737.4 <km>
  POSITIVE_LONGITUDE_DIRECTION = "EAST"
  CENTER_LATITUDE         = {latitude} <deg>
  CENTER_LONGITUDE        = {longitude} <deg>
  MAP_PROJECTION_ROTATION = 0.0
  MAP_SCALE               = {pixel} <m/pix>
  LINE_PROJECTION_OFFSET  = {line} <pix>
  SAMPLE_PROJECTION_OFFSET = {sample} <pix>
  COORDINATE_SYSTEM_TYPE  = "BODY-FIXED ROTATING"
END_OBJECT                = IMAGE_MAP_PROJECTION
END
"""


def labelled(folder: Path, samples: np.ndarray, kind: str, **more: object) -> Path:
    """Write a PDS3 label and its image."""
    (folder / "LDEM.IMG").write_bytes(samples.tobytes())
    values = {
        "record": samples.strides[0],
        "lines": samples.shape[0],
        "samples": samples.shape[1],
        "kind": kind,
        "bits": samples.itemsize * 8,
        "pointer": '"LDEM.IMG"',
        "unit": "METER",
        "scale": 0.5,
        "offset": "1737400.",
        "projection": "POLAR STEREOGRAPHIC",
        "resolution": 1516.17,
        "latitude": -90,
        "longitude": 0,
        "pixel": 20.0,
        "line": samples.shape[0] / 2.0 - 0.5,
        "sample": samples.shape[1] / 2.0 - 0.5,
    } | more
    label = folder / "LDEM.LBL"
    label.write_text(LABEL.format(**values), encoding="ascii")
    return label


@pytest.mark.parametrize(
    ("kind", "dtype", "more"),
    [
        pytest.param("LSB_INTEGER", "<i2", {}, id="lsb"),
        pytest.param("MSB_INTEGER", ">i2", {}, id="msb"),
        pytest.param("LSB_INTEGER", "<i2", {"latitude": 90}, id="north"),
        pytest.param("LSB_INTEGER", "<i2", {"pointer": '("LDEM.IMG", 1)'}, id="first-record"),
        pytest.param("LSB_INTEGER", "<i2", {"pointer": '"ldem.img"'}, id="other-case"),
        pytest.param("PC_REAL", "<f4", {"unit": "KILOMETER", "scale": 1, "offset": "1737.4"}, id="kilometres"),
        pytest.param("PC_REAL", "<f4", {"unit": "KM", "scale": 1, "offset": "0.0"}, id="kilometres-from-0"),
    ],
)
def test_a_pds3_product_of_any_kind_gives_heights_in_metres(
    tmp_path: Path, kind: str, dtype: str, more: dict[str, object]
) -> None:
    row, column = np.mgrid[0:64, 0:64]
    heights = 40.0 + row * 2.0 - column * 0.5
    stored = heights / 1000.0 if kind == "PC_REAL" else heights / 0.5
    label = labelled(tmp_path, stored.astype(dtype), kind, **more)

    ground = import_ground(label, Cut()).ground

    assert np.abs(heights_of(ground)[::-1] - heights).max() < 1e-3
    assert ground.crs == (NORTH_POLAR if more.get("latitude") == 90 else SOUTH_POLAR)
    assert (ground.origin, ground.pixel) == ((0.0, 0.0), 20.0)


def test_a_cylindrical_pds3_product_around_the_moon_is_brought_to_the_pole(tmp_path: Path) -> None:
    step = 0.25
    latitude, longitude = 90 - step / 2 - np.arange(720) * step, step / 2 + np.arange(1440) * step
    heights = 3000.0 * np.cos(np.radians(latitude))[:, None] * np.sin(np.radians(longitude))[None, :]
    label = labelled(
        tmp_path,
        np.round(heights / 0.5).astype("<i2"),
        "LSB_INTEGER",
        projection="SIMPLE CYLINDRICAL",
        resolution=4,
        latitude=0,
        longitude=180,
        pixel=7580.84,
    )

    ground = import_ground(label, Cut(at=MOUTON, size=100_000.0, pixel=1000.0)).ground

    plane, found = MapPlane(SOUTH_POLAR, "test"), heights_of(ground)
    for row, column in product(range(0, 100, 9), repeat=2):
        x, y = (ground.origin[axis] + ((column, row)[axis] - 49.5) * 1000.0 for axis in (0, 1))
        spot = plane.locate((x, y))
        assert abs(found[row, column] - 3000.0 * cos(spot.latitude) * sin(spot.longitude)) < 3.0
