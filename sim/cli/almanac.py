"""`moonfleet almanac`: Sun and Earth at a lunar site."""

from __future__ import annotations

from datetime import datetime
from math import degrees, radians

import click

from fleet.core import ConfigError
from sim.cli.output import as_utc, emit


@click.command(epilog="Example: moonfleet almanac --lat -84.6 --lon 31.0 --at 2029-10-18T12:00Z --json")
@click.option("--lat", type=click.FloatRange(-90.0, 90.0), required=True, help="Planetocentric latitude, degrees.")
@click.option("--lon", type=click.FloatRange(-360.0, 360.0), required=True, help="Longitude, degrees east.")
@click.option("--at", "utc", callback=as_utc, required=True, help="UTC date and time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(lat: float, lon: float, utc: datetime, *, as_json: bool) -> None:
    """Say where the Sun and the Earth stand, seen from a site on the 1737.4 km sphere.

    Degrees; azimuth clockwise from north. Ephemeris: PyEphem with the IAU rotation of the Moon, within 0.01 degrees of
    SPICE.
    """
    from fleet.moon import relay_over, sun_and_earth  # noqa: PLC0415 - loads numba

    try:
        angles = sun_and_earth(utc, radians(lat), radians(lon))
    except ValueError as error:
        raise ConfigError("almanac", str(error)) from None
    sun_az, sun_el, earth_az, earth_el = map(degrees, angles)
    values = {"utc": utc.isoformat().replace("+00:00", "Z"), "lat": lat, "lon": lon}
    values |= {"sun_az": sun_az, "sun_el": sun_el, "earth_az": earth_az, "earth_el": earth_el}
    relay_az, relay_el = map(degrees, relay_over(utc, [0.0], radians(lat), radians(lon))[0].tolist())
    values |= {"relay_az": relay_az, "relay_el": relay_el}
    emit(
        values,
        as_json=as_json,
        text=f"Sun    azimuth {sun_az:8.3f}  elevation {sun_el:7.3f}\n"
        f"Earth  azimuth {earth_az:8.3f}  elevation {earth_el:7.3f}\n"
        f"relay  azimuth {relay_az:8.3f}  elevation {relay_el:7.3f}  (orbit as published, hour of passage assumed)",
    )
