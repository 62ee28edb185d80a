"""`moonfleet plan --at`: when to drive and where to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any, Final

import click

from fleet.core import ConfigError, MissionTime, Point, Tick, WallClock, format_elapsed, path_length
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner
from fleet.sdk.planning import Objective, Plan
from fleet.sdk.timed import Demand, Drive, NoTimedPlan, Outset, Part, Sample, Serve, TimedPlan, Wait
from fleet.vehicles import VehicleClass
from sim.cli.output import emit
from sim.cli.plan import NOT_FOUND
from sim.viewer.chart.subject import Mission, Subject, spell_utc, subject_of

_WH: Final = 3600.0
_DT: Final = 1.0  # Seconds a tick.
_AFTER: Final = 12 * 3600.0  # Seconds for which it must be able to live on.
_LONGEST: Final = 14 * 86400.0
_KELVIN: Final = 273.15


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person asks for."""

    terrain: Path
    start: Point
    goal: Point | None
    vehicle: str
    moment: float | datetime
    charge: float  #: Per cent.
    reserve: float
    until: float  #: Seconds after setting out.
    stay: float
    no_haven: bool
    objective: Objective
    output: Path | None
    size: tuple[int, int]


def plan_in_time(asked: Asked, *, as_json: bool) -> int:
    """Plan, print and draw; return the exit code."""
    subject = subject_of(asked.terrain)
    vehicle = subject.vehicle(asked.vehicle)
    time, almanac = _sky(subject, asked)
    ways = RoadmapPlanner(vehicle, subject.terrain)
    planner = TimedRoadmapPlanner(ways, vehicle, subject.terrain, almanac, time)
    outset = Outset(
        point=asked.start,
        tick=0,
        charge=vehicle.battery * asked.charge / 100.0,
        reserve=vehicle.battery * asked.reserve / 100.0,
    )
    clock = WallClock()
    begun = clock.now()
    if asked.goal is None:
        answer = planner.best_place(outset, time.tick(asked.until))
    else:
        demand = Demand(
            until=time.tick(asked.until),
            stay=time.tick(asked.stay),
            has_haven=not asked.no_haven,
            objective=asked.objective,
        )
        answer = planner.plan(outset, asked.goal, demand)
    seconds = clock.now() - begun
    if isinstance(answer, NoTimedPlan):
        values = NOT_FOUND | {"plan_seconds": seconds, "reason": answer.reason, "short_wh": answer.short / _WH}
        values["short_at"] = None if answer.tick is None else _iso(time, answer.tick)
        values["short_point"] = None if answer.point is None else list(answer.point)
        emit(values, as_json=as_json, text=f"no plan: {answer.reason}")
        return 1
    at_once = _at_once(ways, planner, outset, asked)
    figures = _figures(answer, time) | {"at_once": _at_once_figures(at_once, time), "plan_seconds": seconds}
    emit(figures, as_json=as_json, text=_text(answer, time, vehicle, at_once))
    if asked.output is not None:
        from sim.viewer.chart.journey import Journey, save_journey  # noqa: PLC0415 - loads pygame

        journey = Journey(
            subject=subject, almanac=almanac, time=time, vehicle=vehicle, plan=answer, reserve=outset.reserve,
            at_once=at_once,
        )  # fmt: skip
        save_journey(journey, asked.output, asked.size)
        click.echo(f"wrote {asked.output}", err=True)
    return 0


def _at_once(ways: RoadmapPlanner, planner: TimedRoadmapPlanner, outset: Outset, asked: Asked) -> tuple[Sample, ...]:
    """Return what becomes of the quickest way at once, until the battery is empty, if that is no way to take."""
    way = None if asked.goal is None else ways.plan(outset.point, asked.goal)
    if not isinstance(way, Plan):
        return ()
    samples = planner.rehearse(outset, way.path, round(asked.stay / _DT))
    if min(sample.charge for sample in samples) >= outset.reserve:
        return ()
    empty = next((index for index, sample in enumerate(samples) if sample.charge <= 0.0), len(samples))
    return samples[: empty + 1]


def _sky(subject: Subject, asked: Asked) -> tuple[MissionTime, Almanac]:
    """Return time from the moment of setting out, and the almanac of what follows."""
    if not 0.0 < asked.until <= _LONGEST:
        raise ConfigError("--until", f"{asked.until:g} s is not within 0 and 14 days")
    moment = asked.moment
    if not isinstance(moment, datetime):
        if subject.mission is None:
            raise ConfigError("--at", "a terrain file has no mission whose time this could be", "Give a UTC date.")
        try:
            moment = subject.mission.time.start + timedelta(seconds=moment)
        except OverflowError:
            raise ConfigError("--at", f"{moment:g} s of mission time is beyond all dates") from None
    time = MissionTime(start=moment, dt=_DT)
    return time, subject.almanac_over(Mission(time=time, end=ceil((asked.until + asked.stay + _AFTER) / _DT)))


def _iso(time: MissionTime, tick: Tick) -> str:
    return time.utc(tick).isoformat().replace("+00:00", "Z")


def _figures(plan: TimedPlan, time: MissionTime) -> dict[str, Any]:
    """Return a plan for programs."""
    driven = [
        point for part in plan.parts if isinstance(part, Drive) and part.begin < plan.arrival for point in part.path
    ]
    waypoints = [list(point) for index, point in enumerate(driven) if index == 0 or point != driven[index - 1]]
    return {
        "found": True,
        "length_m": plan.length,
        "time_s": time.seconds(plan.arrival - plan.samples[0].tick),
        "energy_wh": plan.energy / _WH,
        "waypoints": waypoints or [list(plan.samples[0].point)],
        "over_bound": plan.over_bound,
        "reason": "",
        "arrival": _iso(time, plan.arrival),
        "least_wh": plan.least.charge / _WH,
        "least_at": _iso(time, plan.least.tick),
        "haven": None if plan.haven is None else list(plan.haven),
        "haven_at": None if plan.haven_tick is None else _iso(time, plan.haven_tick),
        "parts": [_part_figures(part, time) for part in plan.parts],
        "samples": [
            {
                "utc": _iso(time, sample.tick),
                "x": sample.point[0],
                "y": sample.point[1],
                "light": sample.light,
                "charge_wh": sample.charge / _WH,
                "temperature_c": sample.temperature - _KELVIN,
            }
            for sample in plan.samples
        ],
    }


def _at_once_figures(samples: tuple[Sample, ...], time: MissionTime) -> dict[str, Any] | None:
    if not samples:
        return None
    least = min(samples, key=lambda sample: sample.charge)
    return {
        "least_wh": least.charge / _WH,
        "least_at": _iso(time, least.tick),
        "least_point": list(least.point),
        "empty": least.charge <= 0.0,
    }


def _part_figures(part: Part, time: MissionTime) -> dict[str, Any]:
    figures: dict[str, Any] = {"begin": _iso(time, part.begin), "end": _iso(time, part.end)}
    figures["charge_wh"] = part.charge / _WH
    match part:
        case Drive():
            return {"does": "drive", "waypoints": [list(point) for point in part.path]} | figures
        case Wait():
            return {"does": "sleep", "at": list(part.place), "why": part.reason} | figures
        case Serve():
            return {"does": "work", "at": list(part.place)} | figures


def _text(plan: TimedPlan, time: MissionTime, vehicle: VehicleClass, at_once: tuple[Sample, ...]) -> str:
    """Return a plan for people."""
    first = plan.samples[0].tick
    least = plan.least
    took = format_elapsed(time.seconds(plan.arrival - first))
    lasts = f"least charge {least.charge / _WH:.1f} Wh ({least.charge / vehicle.battery:.0%})"
    lines = [
        f"there {spell_utc(time.utc(plan.arrival))}, after {took}",
        f"{plan.length:.0f} m, {plan.energy / _WH:.1f} Wh used, {lasts} at {time.utc(least.tick):%H:%M}",
    ]
    for part in plan.parts:
        span = f"{time.utc(part.begin):%m-%d %H:%M} to {time.utc(part.end):%H:%M}"
        lines.append(f"  {span}  {part.charge / _WH:6.1f} Wh  {_said(part)}")
    if plan.haven is not None and plan.haven_tick is not None:
        span = f"{time.utc(plan.haven_tick):%m-%d %H:%M} on      "
        charge = plan.samples[-1].charge / _WH
        lines.append(f"  {span}  {charge:6.1f} Wh  lives on at ({plan.haven[0]:.0f}, {plan.haven[1]:.0f})")
    if at_once:
        low = min(at_once, key=lambda sample: sample.charge)
        where = f"at {time.utc(low.tick):%m-%d %H:%M}, ({round(low.point[0])}, {round(low.point[1])})"
        left = f"has {low.charge / _WH:.1f} Wh left" if low.charge > 0.0 else "is empty"
        lines.append(f"on the quickest way, at once, the battery {left} {where}")
    return "\n".join(lines)


def _said(part: Part) -> str:
    match part:
        case Drive():
            return f"drives {path_length(part.path):.0f} m to ({part.path[-1][0]:.0f}, {part.path[-1][1]:.0f})"
        case Wait():
            return f"{part.reason}, asleep at ({part.place[0]:.0f}, {part.place[1]:.0f})"
        case Serve():
            return f"works at ({part.place[0]:.0f}, {part.place[1]:.0f})"
