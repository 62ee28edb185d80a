"""What ground is, as data and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import degrees, pi, sin
from typing import Any, Final

import numpy as np

from fleet.terrain import GroundMap
from fleet.terrain.geotiff import Origin
from fleet.terrain.heights import heights_of
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import NORTH_POLAR, SOUTH_POLAR
from fleet.terrain.statistics import baselines_of, figures_of, hurst_exponent
from fleet.terrain.steps import without_steps

_CORNERS: Final = {"southwest": (-1, -1), "southeast": (1, -1), "northeast": (1, 1), "northwest": (-1, 1)}


def facts_of(ground: GroundMap, origin: Origin | None) -> dict[str, Any]:
    """Return what and where ground is, in the units that the keys name.

    Notes
    -----
    Corners are those of the outermost pixels' outer edges, named by where they lie on the map plane. `plane_scale` is
    how much longer distances are in the plane than on the sphere. Slopes, roughness and differences are judged on the
    surface `without_steps` where whole-number heights would show their steps instead.
    """
    heights = heights_of(ground)
    plane = MapPlane(ground.crs, "terrain") if ground.crs else None
    half = (ground.columns * ground.pixel / 2.0, ground.rows * ground.pixel / 2.0)
    corners = {}
    for name, (east, north) in _CORNERS.items():
        x, y = ground.origin[0] + east * half[0], ground.origin[1] + north * half[1]
        corners[name] = {"x": x, "y": y}
        if plane is not None:
            spot = plane.locate((x, y))
            corners[name] |= {"lat": degrees(spot.latitude), "lon": degrees(spot.longitude)}
    in_steps = origin is not None and origin.hides_slopes(ground.pixel)
    judged = without_steps(heights, origin.step) if origin is not None and in_steps else heights
    rows = figures_of(judged, ground.pixel, baselines_of(heights, ground.pixel))
    polar = ground.crs in (SOUTH_POLAR, NORTH_POLAR)
    area = ground.rows * ground.columns * ground.pixel**2
    return {
        "crs": ground.crs,
        "pixel_m": ground.pixel,
        "columns": ground.columns,
        "rows": ground.rows,
        "size_m": [2.0 * half[0], 2.0 * half[1]],
        "centre": {
            "x": ground.origin[0],
            "y": ground.origin[1],
            "lat": degrees(ground.latitude),
            "lon": degrees(ground.longitude),
        },
        "north_deg": degrees(ground.north),
        "corners": corners,
        "plane_scale": 2.0 / (1.0 + sin(abs(ground.latitude))) if polar else None,
        "heights_m": {
            "min": float(heights.min()),
            "mean": float(heights.mean(dtype=np.float64)),
            "max": float(heights.max()),
        },
        "baselines": [
            {
                "baseline_m": row.baseline,
                "slope_median_deg": degrees(row.slope_median),
                "slope_p95_deg": degrees(row.slope_p95),
                "slope_max_deg": degrees(row.slope_max),
                "roughness_m": row.roughness,
                "rms_difference_m": row.difference,
            }
            for row in rows
        ],
        "judged_without_steps": in_steps,
        "hurst": hurst_exponent([row.baseline for row in rows], [row.difference for row in rows]),
        "rocks": len(ground.rocks),
        "rock_area_share": sum(pi * rock.radius**2 for rock in ground.rocks) / area,
        "zones": dict(sorted(Counter(zone.kind for zone in ground.zones).items())),
        "origin": None
        if origin is None
        else {
            "source": origin.source,
            "crs": origin.crs,
            "pixel_m": origin.pixel,
            "resampling": origin.resampling,
            "missing_share": origin.missing,
            "step_m": origin.step,
            "smoothed": origin.smoothed,
            "seed": origin.seed,
        },
    }


def summary(facts: Mapping[str, Any]) -> str:
    """Return the facts as text for people."""
    centre, heights, (width, height) = facts["centre"], facts["heights_m"], facts["size_m"]
    lines = [
        f"{facts['columns']} x {facts['rows']} heights, {facts['pixel_m']:g} m apart: {width:g} x {height:g} m",
        f"plane     {facts['crs'] or 'none; the ground has no place'}",
        f"centre    {_degrees(centre)}  x {centre['x']:.1f}  y {centre['y']:.1f}",
        *(
            f"{name:<10}{_degrees(corner)}  x {corner['x']:.1f}  y {corner['y']:.1f}"
            for name, corner in facts["corners"].items()
        ),
        f"heights   {heights['min']:.2f} to {heights['max']:.2f} m above 1737.4 km, mean {heights['mean']:.2f}",
        "",
        "baseline    slope median   95 %    max    roughness   height difference",
        *(
            f"{row['baseline_m']:7g} m  {row['slope_median_deg']:10.1f} deg {row['slope_p95_deg']:6.1f} "
            f"{row['slope_max_deg']:6.1f}  {row['roughness_m']:9.3f} m  {row['rms_difference_m']:9.2f} m rms"
            for row in facts["baselines"]
        ),
        "",
        f"Hurst exponent {facts['hurst']:.2f}" if facts["hurst"] is not None else "Hurst exponent unknown",
        f"rocks     {facts['rocks']} in the map, {facts['rock_area_share']:.3%} of the ground",
        "zones     " + (", ".join(f"{count} {kind}" for kind, count in facts["zones"].items()) or "none"),
    ]
    if (facts["plane_scale"] or 1.0) > 1.01:
        lines.append(
            f"note      far from the pole: distances in the plane are {facts['plane_scale'] - 1.0:.1%} too long"
        )
    origin = facts["origin"]
    if origin is not None and origin["step_m"] > 0.0:
        lines.append(f"note      heights come in steps of {origin['step_m']:g} m{_steps(facts)}")
    if origin is not None and origin["seed"] is not None:
        lines.append(f"origin    generated from seed {origin['seed']}")
    elif origin is not None:
        lines.append(
            f"origin    {origin['source']}, pixel {origin['pixel_m']:g} m, resampling {origin['resampling']}, "
            f"{origin['missing_share']:.2%} of the heights were missing"
        )
    return "\n".join(lines)


def _steps(facts: Mapping[str, Any]) -> str:
    if facts["origin"]["smoothed"]:
        return ", which were taken out of them"
    return "; slopes and roughness are of the ground without them" if facts["judged_without_steps"] else ""


def _degrees(place: Mapping[str, float]) -> str:
    if "lat" not in place:
        return ""
    return f"{abs(place['lat']):.4f} {'S' if place['lat'] < 0.0 else 'N'} {place['lon']:.4f} E"
