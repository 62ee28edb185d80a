"""A scenario as plain data for people: every place found, every figure with what it rests on."""

from __future__ import annotations

from math import degrees
from typing import Any

import msgspec

from fleet.core import Point
from fleet.messages import Task
from fleet.terrain import FarGround
from fleet.vehicles import FIGURES, VehicleClass, catalogue, sources
from sim.scenario.fault import Fault
from sim.scenario.order import ControlOrder
from sim.scenario.scenario import RoverSpec, Scenario


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario as data for YAML or JSON, with units in its keys.

    Notes
    -----
    A vehicle's figures carry the labels of the catalogue: known, analogue, derived, assumed; one that the file sets is
    labelled scenario.
    """
    ground = scenario.ground.map
    vehicles = {rover.vehicle.name: rover.vehicle for rover in scenario.rovers}
    return {
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.time.start.isoformat(),
        "duration_s": scenario.time.seconds(scenario.end),
        "tick_s": scenario.time.dt,
        "seed": scenario.seed,
        "site": {"lat_deg": round(degrees(ground.latitude), 6), "lon_deg": round(degrees(ground.longitude), 6)},
        "terrain": {
            "rows": ground.rows,
            "columns": ground.columns,
            "pixel_m": ground.pixel,
            "crs": ground.crs,
            "far": _far(ground.far),
            "known_rocks": len(ground.rocks),
            "hidden_rocks": len(scenario.ground.hidden_rocks),
            "hidden_soft_patches": len(scenario.ground.soft),
            "firm_ground_that_looks_soft": len(scenario.ground.phantoms),
            "true_pixel_m": scenario.ground.relief.pixel if scenario.ground.relief is not None else ground.pixel,
        },
        "zones": [{"id": zone.id, "kind": zone.kind, "corners": len(zone.outline)} for zone in ground.zones],
        "agencies": [{"id": agency.id, "name": agency.name, "colour": agency.colour} for agency in scenario.agencies],
        "rovers": [_rover(rover) for rover in scenario.rovers],
        "coordinator": scenario.coordinator,
        "election": _election(scenario),
        "docks": [{"source": dock.source, "at_m": _point(dock.place)} for dock in scenario.docks],
        "places": {name: _point(place) for name, place in scenario.places.items()},
        "stock": dict(scenario.stock),
        "payload": _payload(scenario),
        "radio": {"loss_percent": 100.0 * scenario.radio_loss},
        "tasks": [
            {**_task(order.task, scenario), "at_time_s": scenario.time.seconds(order.at)} for order in scenario.orders
        ],
        "faults": [_fault(fault, scenario) for fault in scenario.faults],
        "orders": [_order(order, scenario) for order in scenario.control],
        "expect": [
            {"rule": item.name, "value": _plain(item.value), "line": item.line} for item in scenario.expectations
        ],
        "vehicles": {name: _vehicle(vehicles[name], scenario.vehicle_bases.get(name)) for name in sorted(vehicles)},
        "planner": scenario.planner,
        "allocator": scenario.allocator,
        "allocation": scenario.allocation,
    }


def _far(far: FarGround | None) -> dict[str, Any] | None:
    if far is None:
        return None
    return {"source": far.source, "rows": far.rows, "columns": far.columns, "pixel_m": far.pixel}


def _election(scenario: Scenario) -> dict[str, object] | None:
    rules = scenario.election
    if rules is None:
        return None
    return {
        "rule": rules.rule,
        "order": list(rules.order),
        "heartbeat_s": rules.heartbeat,
        "heartbeat_driving_s": rules.heartbeat_driving,
        "may_miss": rules.may_miss,
        "voters": rules.voters,
    }


def _payload(scenario: Scenario) -> dict[str, Any] | None:
    payload = scenario.payload
    if payload is None:
        return None
    return {
        "mass_kg": round(payload.mass, 9),
        "limit_kg": payload.limit,
        "modules": [
            {"id": module.id, "title": module.title, "agency": module.agency, "mass_kg": module.mass}
            for module in payload.modules
        ],
    }


def _point(point: Point) -> list[float]:
    return [round(point[0], 2), round(point[1], 2)]


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if hasattr(value, "items") else value


def _rover(rover: RoverSpec) -> dict[str, Any]:
    return {
        "id": rover.id,
        "title": rover.title,
        "agency": rover.agency,
        "vehicle": rover.vehicle.name,
        "agent": rover.agent,
        "at_m": _point(rover.pose.point),
        "heading_deg": round(degrees(rover.pose.heading), 3),
        "charge_percent": 100.0 * rover.charge,
    }


def _fault(fault: Fault, scenario: Scenario) -> dict[str, Any]:
    facts = msgspec.to_builtins(fault)
    end = facts.pop("end")
    begins = scenario.time.seconds(facts.pop("begin"))
    return {**facts, "from_s": begins, "until_s": None if end is None else scenario.time.seconds(end)}


def _order(order: ControlOrder, scenario: Scenario) -> dict[str, Any]:
    facts = msgspec.to_builtins(order)
    return {**facts, "at_s": scenario.time.seconds(facts.pop("at"))}


def _task(task: Task, scenario: Scenario) -> dict[str, Any]:
    time = scenario.time
    return {
        "id": task.id,
        "kind": task.kind,
        "title": task.title,
        "agency": task.agency,
        "after": list(task.after),
        "earliest_s": time.seconds(task.earliest),
        "latest_s": None if task.latest is None else time.seconds(task.latest),
        "value": task.value,
        "steps": [
            {
                "at_m": _point(step.place),
                "near_m": step.radius,
                "work_s": time.seconds(step.work),
                "capability": step.capability,
                "light": step.light,
                "loads_kg": step.loads,
                "unloads_kg": step.unloads,
                "takes": {amount.stock: amount.amount for amount in step.takes},
                "gives": {amount.stock: amount.amount for amount in step.gives},
            }
            for step in task.steps
        ],
    }


def _vehicle(vehicle: VehicleClass, base: str | None) -> dict[str, Any]:
    """Return a vehicle class with value, label and source of each figure; panels as area and offset of each."""
    origin = catalogue()[base or vehicle.name]
    figures: dict[str, Any] = {}
    for figure in sources(origin.name):
        value, label, source = figure.value, str(figure.label), figure.source
        if figure.key in FIGURES:
            field, factor = FIGURES[figure.key]
            if getattr(vehicle, field) != getattr(origin, field):
                value, label, source = (
                    round(getattr(vehicle, field) / factor, 9),
                    "scenario",
                    "set in the scenario file",
                )
        figures[figure.key] = {"value": value, "label": label, "source": source}
    found = {"title": vehicle.title, "capabilities": list(vehicle.capabilities), "figures": figures}
    return found if base is None else {"base": base, **found}
