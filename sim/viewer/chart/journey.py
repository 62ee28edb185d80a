"""A picture of a plan in time: the way over the light of its hours, and the charge along it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Final

import numpy as np

from fleet.core import ConfigError, MissionTime, Point, Tick, format_elapsed
from fleet.moon import Almanac
from fleet.sdk.timed import Drive, Sample, Serve, TimedPlan, Wait
from fleet.vehicles import VehicleClass
from sim.viewer.chart.arrangement import DESIGN
from sim.viewer.chart.chart import Bar, Chart, Heading, Mark, Panel, Sign, Swatch, Way
from sim.viewer.chart.colours import DARK, INK, LIT, PAPER, VERMILLION, ramp
from sim.viewer.chart.curve import Curve, Spell, draw_curve
from sim.viewer.chart.key import Type
from sim.viewer.chart.layers.layer import sun_text, vehicle_name
from sim.viewer.chart.painting import drawn, write_picture
from sim.viewer.chart.subject import Subject, spell_utc
from sim.viewer.lettering import Lettering
from sim.viewer.quiet import pygame
from sim.viewer.scene import Colour

#: From empty to full, told apart with any colour vision.
CHARGE: Final[tuple[Colour, ...]] = (
    (150, 10, 40),
    (222, 90, 60),
    (253, 200, 100),
    (190, 220, 230),
    (60, 130, 190),
    (20, 60, 140),
)
_WH: Final = 3600.0
_ZONES: Final = ((Sign.HATCH, "keep-out zone", VERMILLION), (Sign.OUTLINE, "zone", INK))
_STRIP: Final = 0.30  # Share of the picture's height that the curve takes.
_MARGIN: Final = 14.0
_WORTH: Final = 1800.0  # Seconds of waiting that have a map of their own.


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A plan and all that its picture needs to know."""

    subject: Subject
    almanac: Almanac
    time: MissionTime
    vehicle: VehicleClass
    plan: TimedPlan
    reserve: float  #: Joules.
    at_once: tuple[Sample, ...] = ()  #: Setting out at once on the quickest way, to where the battery is empty.
    title: str = ""


def save_journey(journey: Journey, file: Path, size: tuple[int, int]) -> None:
    """Write the picture of a plan as a PNG file.

    Raises
    ------
    ConfigError
        When the picture is too small or the file cannot be written.
    """
    if file.suffix.lower() != ".png":
        raise ConfigError(str(file), f"cannot draw a picture as {file.suffix or 'a file without a suffix'}; .png can")
    strip = round(size[1] * _STRIP)
    upper = drawn(_chart(journey), (size[0], size[1] - strip))
    target = pygame.Surface(size)
    target.fill(PAPER)
    target.blit(upper, (0, 0))
    kind = Type(max(sqrt(size[0] * size[1] / (DESIGN[0] * DESIGN[1])), 0.7), Lettering())
    margin = kind.px(_MARGIN)
    box = pygame.Rect(margin, size[1] - strip, size[0] - 2 * margin, strip - margin)
    draw_curve(target, _curve(journey), box, kind)
    write_picture(target, file)


def _chart(journey: Journey) -> Chart:
    subject, vehicle = journey.subject, journey.vehicle
    hasty = tuple(sample.point for sample in journey.at_once)
    beside = (Way(points=hasty, colours=(VERMILLION,) * (len(hasty) - 1), dashed=True),) if hasty else ()
    ways = beside + _ways(journey.plan, vehicle)
    full = f"{vehicle.battery / _WH:g} Wh"
    shown = {outline.sign for outline in subject.outlines()}
    return Chart(
        title=journey.title or f"A plan in time: {vehicle_name(vehicle)}",
        lines=subject.lines(),
        ground=subject.ground,
        panels=tuple(_panel(journey, ways, tick) for tick in _ticks(journey.plan, journey.time)),
        key=(
            Heading(text="Charge along the way"),
            Bar(colours=CHARGE, ticks=((0.0, "0"), (0.5, f"{vehicle.battery / _WH / 2.0:g}"), (1.0, full))),
            Heading(text="Share of the Sun's disc in view"),
            Bar(colours=(DARK, LIT), ticks=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))),
            Swatch(text="where it is at that hour", sign=Sign.ROVER),
            *_key_at_once(journey),
            *(Swatch(text=text, sign=sign, colour=colour) for sign, text, colour in _ZONES if sign in shown),
        ),
    )


def _ticks(plan: TimedPlan, time: MissionTime) -> list[Tick]:
    """Return the moments that are worth a map: setting out, the end of the longest wait, being there."""
    waits = [part for part in plan.parts if isinstance(part, Wait) and part.begin < plan.arrival]
    long = [wait for wait in waits if (wait.end - wait.begin) * time.dt >= _WORTH]
    middle = max(long, key=lambda wait: wait.end - wait.begin).end if long else plan.least.tick
    first = plan.samples[0].tick
    return sorted({first, min(middle, plan.arrival), plan.arrival})


def _panel(journey: Journey, ways: tuple[Way, ...], tick: Tick) -> Panel:
    almanac, time, plan = journey.almanac, journey.time, journey.plan
    sun = almanac.sun(tick)
    here = _at(plan.samples, tick)
    marks = [Mark(point=here.point, text="", sign=Sign.ROVER)]
    marks += [
        Mark(point=part.place, text=f"sleeps {_clock(time, part.begin)} to {_clock(time, part.end)}", sign=Sign.PLACE)
        for part in plan.parts
        if isinstance(part, Wait) and (part.end - part.begin) * time.dt >= _WORTH
    ]
    ends = ((plan.samples[0].point, "start"), (_goal(plan), "goal"))
    marks += [Mark(point=point, text=text, sign=Sign.PLACE) for point, text in ends]
    if _is_empty(journey.at_once):
        marks.append(Mark(point=journey.at_once[-1].point, text="", sign=Sign.CROSS))
    if plan.haven is not None and plan.haven != _goal(plan):
        marks.append(Mark(point=plan.haven, text="haven", sign=Sign.PLACE))
    return Panel(
        title=spell_utc(time.utc(tick)),
        facts=f"{sun_text(sun)} · {here.charge / _WH:.1f} Wh",
        painting=ramp((DARK, LIT), almanac.light_map(tick)),
        smooth=True,
        relief=0.55,
        light=(sun.heading, sun.elevation),
        sun=True,
        marks=tuple(marks),
        outlines=journey.subject.outlines(),
        ways=ways,
    )


def _is_empty(samples: Sequence[Sample]) -> bool:
    """Whether the battery is empty at the end."""
    return bool(samples) and samples[-1].charge <= 0.0


def _key_at_once(journey: Journey) -> tuple[Swatch, ...]:
    """Return what the key tells of the quickest way, when that is not the one to take."""
    if not journey.at_once:
        return ()
    way = Swatch(text="quickest way, at once", sign=Sign.DASHES, colour=VERMILLION)
    after = format_elapsed(journey.time.seconds(journey.at_once[-1].tick - journey.at_once[0].tick))
    return (way, Swatch(text=f"empty there after {after}", sign=Sign.CROSS)) if _is_empty(journey.at_once) else (way,)


def _goal(plan: TimedPlan) -> Point:
    return _at(plan.samples, plan.arrival).point


def _at(samples: tuple[Sample, ...], tick: Tick) -> Sample:
    return samples[max(0, bisect_right(samples, tick, key=lambda sample: sample.tick) - 1)]


def _clock(time: MissionTime, tick: Tick) -> str:
    return f"{time.utc(tick):%H:%M}"


def _ways(plan: TimedPlan, vehicle: VehicleClass) -> tuple[Way, ...]:
    """Return the way driven, coloured by charge."""
    end = plan.haven_tick if plan.haven_tick is not None else plan.arrival
    driven = [sample for sample in plan.samples if sample.tick <= end]
    points, charges = [driven[0].point], []
    for sample in driven[1:]:
        if sample.point != points[-1]:
            points.append(sample.point)
            charges.append(sample.charge / vehicle.battery)
    colours = tuple((int(r), int(g), int(b)) for r, g, b in ramp(CHARGE, np.array(charges)))
    return (Way(points=tuple(points), colours=colours),) if charges else ()


def _curve(journey: Journey) -> Curve:
    time, plan, vehicle = journey.time, journey.plan, journey.vehicle
    first = plan.samples[0].tick
    hours = tuple(time.seconds(sample.tick - first) / 3600.0 for sample in plan.samples)
    start = time.utc(first)
    spells = []
    for part in plan.parts:
        begin, end = (time.seconds(tick - first) / 3600.0 for tick in (part.begin, part.end))
        match part:
            case Drive():
                text = "drives" if part.begin < plan.arrival else "drives on"
            case Wait():
                text = "sleeps"
            case Serve():
                text = "works"
        spells.append(Spell(begin=begin, end=end, text=text, stands=not isinstance(part, Drive)))
    if plan.haven_tick is not None and hours[-1] > 0.0:
        begin = time.seconds(plan.haven_tick - first) / 3600.0
        spells.append(Spell(begin=begin, end=hours[-1], text="lives on, asleep", stands=True))
    return Curve(
        title=f"Charge from {spell_utc(start)} on; least {plan.least.charge / _WH:.1f} Wh",
        hours=hours,
        charges=tuple(sample.charge / _WH for sample in plan.samples),
        light=tuple(sample.light for sample in plan.samples),
        colours=CHARGE,
        capacity=vehicle.battery / _WH,
        reserve=journey.reserve / _WH,
        spells=tuple(spells),
        clock=start.hour + start.minute / 60.0,
        beside=tuple((time.seconds(sample.tick - first) / 3600.0, sample.charge / _WH) for sample in journey.at_once),
    )
