"""The truth in the words of a recording."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.core import RoverId, Tick
from fleet.moon import Almanac
from sim.hub.ports import Truth
from sim.record.entries import (
    Collided,
    Frame,
    InstrumentChanged,
    InstrumentFrame,
    Opening,
    RoverEntry,
    RoverFrame,
    TaskChanged,
)
from sim.record.opening import entry_of_task
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world.values import WorldCollision, WorldInstrument, WorldTask

SunAt = Callable[[Tick], tuple[float, float]]


def opening_of(scenario: Scenario) -> Opening:
    """Return the first entry of a scenario's recording."""
    return Opening(
        scenario=scenario.name,
        title=scenario.title,
        file=scenario.file,
        text=scenario.text,
        seed=scenario.seed,
        start=scenario.time.utc(0).isoformat(),
        dt=scenario.time.dt,
        end=scenario.end,
        coordinator=scenario.coordinator,
        agencies=tuple((agency.id, agency.name, agency.colour) for agency in scenario.agencies),
        rovers=tuple(_rover_entry(spec) for spec in scenario.rovers),
        tasks=tuple(entry_of_task(order.task, order.at) for order in scenario.orders),
        docks=tuple((dock.source, *dock.place) for dock in scenario.docks),
        rights=scenario.rights,
    )


def _rover_entry(spec: RoverSpec) -> RoverEntry:
    return RoverEntry(
        rover=spec.id,
        title=spec.title,
        agency=spec.agency,
        vehicle=spec.vehicle.name,
        vehicle_title=spec.vehicle.title,
        radius=spec.vehicle.radius,
        battery=spec.vehicle.battery,
        can_drive=spec.vehicle.can_drive,
        capabilities=spec.vehicle.capabilities,
        pose=spec.pose,
    )


def sun_over(scenario: Scenario) -> SunAt:
    """Return what gives the Sun's heading in the site frame and its elevation, radians."""
    ground = scenario.ground.map
    almanac = Almanac.over(ground, scenario.time, scenario.end)

    def sun_at(tick: Tick) -> tuple[float, float]:
        sun = almanac.sun(tick)
        return sun.heading, sun.elevation

    return sun_at


def frame_of(world: Truth, rovers: Sequence[RoverId], sun: tuple[float, float]) -> Frame:
    """Return the true world now."""
    return Frame(
        tick=world.tick,
        sun=sun,
        rovers=tuple(_rover_frame(world, rover) for rover in rovers),
        links=tuple(world.link_pairs()),
        stock=dict(world.stock),
        instruments=tuple(
            InstrumentFrame(
                instrument=each.id,
                state=each.state,
                charge=each.charge,
                temperature=each.temperature,
                light=each.light,
            )
            for each in world.instruments()
        ),
    )


def _rover_frame(world: Truth, rover: RoverId) -> RoverFrame:
    body = world.state(rover)
    return RoverFrame(
        rover=rover,
        x=body.x,
        y=body.y,
        heading=body.heading,
        battery=body.battery,
        light=body.light,
        power=body.power,
        activity=body.activity,
        task=body.task,
        payload=body.payload,
        distance=body.distance,
        energy=body.energy_used,
        temperature=body.temperature,
        earth=body.earth,
    )


def entry_of(change: WorldTask | WorldInstrument | WorldCollision) -> TaskChanged | InstrumentChanged | Collided:
    """Return a change of the world as an entry."""
    if isinstance(change, WorldTask):
        return TaskChanged(tick=change.tick, task=change.id, state=change.state, rover=change.rover, step=change.step)
    if isinstance(change, WorldInstrument):
        return InstrumentChanged(
            tick=change.tick,
            instrument=change.id,
            state=change.state,
            charge=change.charge,
            temperature=change.temperature,
            light=change.light,
        )
    return Collided(tick=change.tick, a=change.a, b=change.b)
