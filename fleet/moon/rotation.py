"""How the Moon turns: the analytic rotation of the IAU working group.

Source
------
Archinal et al., "Report of the IAU Working Group on Cartographic Coordinates and Rotational Elements: 2015", Celestial
Mechanics and Dynamical Astronomy 130:22, 2018; the thirteen-term series for the Moon is that of the 2009 report.
The body-fixed frame is the mean-Earth frame that LOLA's maps are in, within 150 m on the ground.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]

# Arguments E1 to E13: degrees at J2000, degrees a day.
_ARGUMENTS = np.array(
    [
        (125.045, -0.0529921),
        (250.089, -0.1059842),
        (260.008, 13.0120009),
        (176.625, 13.3407154),
        (357.529, 0.9856003),
        (311.589, 26.4057084),
        (134.963, 13.0649930),
        (276.617, 0.3287146),
        (34.226, 1.7484877),
        (15.134, -0.1589763),
        (119.743, 0.0036096),
        (239.961, 0.1643573),
        (25.053, 12.9590088),
    ]
)
# Amplitudes in degrees: sines for right ascension and prime meridian, cosines for declination.
_ASCENSION = np.array([-3.8787, -0.1204, 0.0700, -0.0172, 0, 0.0072, 0, 0, 0, -0.0052, 0, 0, 0.0043])
_DECLINATION = np.array([1.5419, 0.0239, -0.0278, 0.0068, 0, -0.0029, 0.0009, 0, 0, 0.0008, 0, 0, -0.0009])
_MERIDIAN = np.array(
    [3.5610, 0.1208, -0.0642, 0.0158, 0.0252, -0.0066, -0.0047, -0.0046, 0.0028, 0.0052, 0.0040, 0.0019, -0.0044]
)


def to_body_fixed(vectors: FloatArray, days: FloatArray) -> FloatArray:
    """Return vectors of the J2000 frame in the frame that turns with the Moon.

    Parameters
    ----------
    vectors
        ``(N, 3)``.
    days
        ``(N,)``, TDB days since J2000.

    Notes
    -----
    x towards the mean Earth, z towards north; longitudes count east.
    """
    centuries = days / 36_525.0
    arguments = np.radians((_ARGUMENTS[:, 0] + np.outer(days, _ARGUMENTS[:, 1])) % 360.0)
    sines, cosines = np.sin(arguments), np.cos(arguments)
    ascension = 269.9949 + 0.0031 * centuries + sines @ _ASCENSION
    declination = 66.5392 + 0.0130 * centuries + cosines @ _DECLINATION
    meridian = 38.3213 + 13.17635815 * days - 1.4e-12 * days * days + sines @ _MERIDIAN
    turned = _about_z(vectors, np.radians(90.0 + ascension))
    tipped = _about_x(turned, np.radians(90.0 - declination))
    return _about_z(tipped, np.radians(meridian % 360.0))


def _about_z(vectors: FloatArray, angle: FloatArray) -> FloatArray:
    """Return vectors as a frame turned about z by `angle` has them."""
    x, y, z = vectors.T
    return np.stack([np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x, z], axis=1)


def _about_x(vectors: FloatArray, angle: FloatArray) -> FloatArray:
    """Return vectors as a frame turned about x by `angle` has them."""
    x, y, z = vectors.T
    return np.stack([x, np.cos(angle) * y + np.sin(angle) * z, np.cos(angle) * z - np.sin(angle) * y], axis=1)
