"""`moonfleet almanac`: Sun and Earth at a lunar site."""

from __future__ import annotations

from datetime import datetime
from math import degrees, radians
from typing import Any

import click

from fleet.core import ConfigError
from sim.cli.output import as_utc, emit


@click.command(epilog="Example: moonfleet almanac --lat -84.6 --lon 31.0 --at 2029-10-18T12:00Z --json")
@click.option("--lat", type=click.FloatRange(-90.0, 90.0), required=True, help="Planetocentric latitude, degrees.")
@click.option("--lon", type=click.FloatRange(-360.0, 360.0), required=True, help="Longitude, degrees east.")
@click.option("--at", "utc", callback=as_utc, required=True, help="UTC date and time.")
@click.option("--until", callback=as_utc, help="UTC date: list the eclipses of the Sun by the Earth up to then, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(lat: float, lon: float, utc: datetime, until: datetime | None, *, as_json: bool) -> None:
    """Say where the Sun and the Earth stand, seen from a site on the 1737.4 km sphere.

    Degrees; azimuth clockwise from north. Ephemeris: PyEphem with the IAU rotation of the Moon, within 0.01 degrees of
    SPICE.
    """
    try:
        values = _sky(lat, lon, utc)
        if until is not None:
            values["eclipses"] = _eclipses(lat, lon, utc, until)
    except ValueError as error:
        raise ConfigError("almanac", str(error)) from None
    emit(values, as_json=as_json, text=_text(values))


def _sky(lat: float, lon: float, utc: datetime) -> dict[str, Any]:
    """Return what the sky has; degrees."""
    from fleet.moon import apparent_radius, covered_share, places_over, relay_over  # noqa: PLC0415 - loads numba
    from fleet.moon.eclipse import EARTH_METRES, SOLAR_CONSTANT, SUN_METRES, relative_flux  # noqa: PLC0415
    from fleet.moon.ephemeris import AU  # noqa: PLC0415

    sun, earth = places_over(utc, [0.0], radians(lat), radians(lon))
    relay_az, relay_el = map(degrees, relay_over(utc, [0.0], radians(lat), radians(lon))[0].tolist())
    return {
        "utc": _written(utc),
        "lat": lat,
        "lon": lon,
        "sun_az": degrees(sun[0, 0]),
        "sun_el": degrees(sun[0, 1]),
        "earth_az": degrees(earth[0, 0]),
        "earth_el": degrees(earth[0, 1]),
        "relay_az": relay_az,
        "relay_el": relay_el,
        "sun_distance_au": float(sun[0, 2]) / AU,
        "sun_radius_deg": degrees(apparent_radius(SUN_METRES, sun[:, 2])[0]),
        "sun_flux_w_m2": SOLAR_CONSTANT * float(relative_flux(sun[:, 2])[0]),
        "sun_eclipsed": float(covered_share(sun, earth)[0]),
        "earth_distance_km": float(earth[0, 2]) / 1000.0,
        "earth_radius_deg": degrees(apparent_radius(EARTH_METRES, earth[:, 2])[0]),
    }


def _eclipses(lat: float, lon: float, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Return the eclipses between two dates."""
    from fleet.moon import eclipses  # noqa: PLC0415 - loads numba

    if end < start:
        raise ValueError("--until is before --at")
    return [
        {
            "begin": _written(found.begin),
            "greatest": _written(found.greatest),
            "end": _written(found.end),
            "covered": found.covered,
            "total_s": (found.total[1] - found.total[0]).total_seconds() if found.total else 0.0,
            "sun_el": degrees(found.sun_elevation),
        }
        for found in eclipses(start, end, radians(lat), radians(lon))
    ]


def _text(values: dict[str, Any]) -> str:
    lines = [
        f"Sun    azimuth {values['sun_az']:8.3f}  elevation {values['sun_el']:7.3f}  "
        f"{values['sun_distance_au']:.4f} AU  {values['sun_flux_w_m2']:.0f} W/m2  "
        f"{100.0 * values['sun_eclipsed']:.0f} % eclipsed",
        f"Earth  azimuth {values['earth_az']:8.3f}  elevation {values['earth_el']:7.3f}  "
        f"{values['earth_distance_km']:.0f} km",
        f"relay  azimuth {values['relay_az']:8.3f}  elevation {values['relay_el']:7.3f}  "
        "(orbit as published, hour of passage assumed)",
    ]
    for found in values.get("eclipses", []):
        total = (
            f"total for {found['total_s'] / 60.0:.0f} min" if found["total_s"] else f"{found['covered']:.0%} covered"
        )
        lines.append(f"eclipse {found['begin']} to {found['end']}  {total}, Sun {found['sun_el']:.1f} degrees up")
    return "\n".join(lines)


def _written(utc: datetime) -> str:
    return utc.isoformat().replace("+00:00", "Z")
