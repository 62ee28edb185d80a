"""The rules that look at a run as a whole: each holds what was expected against the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from fleet.core import RoverId, TaskId, format_elapsed, parse_duration
from sim.verdict.finding import Finding
from sim.verdict.metrics import Metrics


def _tasks_done(value: Any, metrics: Metrics) -> Finding:
    done = [name for name, task in metrics.tasks.items() if task.state == "done"]
    total = len(metrics.tasks)
    if isinstance(value, int):
        return Finding(len(done) >= value, f"at least {value}", f"{len(done)} of {total}")
    wanted = list(metrics.tasks) if value == "all" else list(value)
    missing = [name for name in wanted if name not in done]
    got = f"{len(wanted) - len(missing)} of {len(wanted)}" + (f", not {_some(missing)}" if missing else "")
    last = metrics.tasks[TaskId(missing[0])].rover if missing and missing[0] in metrics.tasks else None
    return Finding(not missing, "all" if value == "all" else _some(wanted), got, rover=last)


def _kinds_done(value: Any, metrics: Metrics) -> Finding:
    done = {task.kind for task in metrics.tasks.values() if task.state == "done"}
    return Finding(set(value) <= done, ", ".join(value), ", ".join(sorted(done)) or "none")


def _instruments_alive(value: Any, metrics: Metrics) -> Finding:
    alive = [name for name, each in metrics.instruments.items() if each.state in ("alive", "asleep")]
    if isinstance(value, Mapping):
        return _within(value, len(alive))
    wanted = list(metrics.instruments) if value == "all" else [TaskId(name) for name in value]
    missing = [name for name in wanted if name not in alive]
    got = f"{len(wanted) - len(missing)} of {len(wanted)}"
    got += "".join(f"; {name} {_fate(name, metrics)}" for name in missing[:3])
    last = metrics.instruments[missing[0]].since if missing and missing[0] in metrics.instruments else None
    return Finding(not missing, "all" if value == "all" else _some(wanted), got, last)


def _fate(name: TaskId, metrics: Metrics) -> str:
    """Return when and why an instrument died."""
    each = metrics.instruments.get(name)
    if each is None or each.state == "stowed":
        return "was not set up"
    how = f"froze at {format_elapsed(each.since * metrics.dt)} at {each.temperature - 273.15:.0f} degC"
    how = f"{how} with {100.0 * each.charge:.0f} % of its charge"
    slept = None if each.asleep is None else format_elapsed(each.asleep * metrics.dt)
    return how if slept is None else f"{how}, asleep for want of charge since {slept}"


def _trespasses(value: Any, metrics: Metrics) -> Finding:
    finding = _at_most(value, len(metrics.trespasses))
    if finding.passed or not metrics.trespasses:
        return finding
    first = metrics.trespasses[0]
    whose = f"on ground of {first.other}" if first.other else first.against or "off its own ground"
    told = f"{finding.got}, first {first.rover} at {format_elapsed(first.tick * metrics.dt)} {whose}"
    return replace(finding, got=told, tick=first.tick, rover=first.rover)


def _unlawful(value: Any, metrics: Metrics) -> Finding:
    finding = _at_most(value, len(metrics.wrongs))
    if not metrics.wrongs:
        return finding
    first = metrics.wrongs[0]
    told = f"{finding.got}, first {first.rover} at {format_elapsed(first.tick * metrics.dt)} {first.what}"
    return replace(finding, got=told, tick=first.tick, rover=first.rover)


def _elections(value: Any, metrics: Metrics) -> Finding:
    finding = _within(value, len(metrics.elections))
    if not metrics.elections:
        return finding
    last = metrics.elections[-1]
    told = f"{finding.got}: {', '.join(str(election.leader) for election in metrics.elections)}"
    return replace(finding, got=told, tick=last.led, rover=last.leader)


def _new_leader(value: Any, metrics: Metrics) -> Finding:
    longest = max(metrics.elections, key=lambda election: election.led - election.called, default=None)
    if longest is None:
        return Finding(True, f"at most {value:g} s", "0 s")
    took = (longest.led - longest.called) * metrics.dt
    return Finding(took <= value, f"at most {value:g} s", f"{took:g} s", longest.led, longest.leader)


def _collisions(value: Any, metrics: Metrics) -> Finding:
    finding, first = _at_most(value, metrics.collisions), metrics.first_collision
    if first is None:
        return finding
    told = f"{finding.got}, first {first.a} and {first.b} at {format_elapsed(first.tick * metrics.dt)}"
    return replace(finding, got=told, tick=first.tick, rover=first.a)


def _agents_broken(value: Any, metrics: Metrics) -> Finding:
    finding = _at_most(value, len(metrics.faults))
    facts = [f"{fault.rover} at tick {fault.tick}: {fault.fact}" for fault in metrics.faults[:3]]
    finding = replace(finding, got="; ".join([finding.got, *facts]))
    return _at_fault(finding, metrics)


def _broken(value: Any, metrics: Metrics) -> Finding:
    faulted = sorted({fault.rover for fault in metrics.faults})
    return _at_fault(Finding(faulted == sorted(value), _some(sorted(value)), _some(faulted)), metrics)


def _at_fault(finding: Finding, metrics: Metrics) -> Finding:
    if not metrics.faults:
        return finding
    return replace(finding, tick=metrics.faults[0].tick, rover=metrics.faults[0].rover)


def _lost(value: Any, metrics: Metrics) -> Finding:
    lost = [name for name, rover in metrics.rovers.items() if rover.lost]
    told = [_end(name, metrics) for name in lost]
    finding = Finding(lost == sorted(value), _some(sorted(value)), "; ".join(told) or "none")
    return replace(finding, tick=metrics.rovers[lost[0]].down, rover=lost[0]) if lost else finding


def _no_rover_lost(_: Any, metrics: Metrics) -> Finding:
    return _lost((), metrics)


def _end(name: RoverId, metrics: Metrics) -> str:
    """Return when a lost rover ended, and how long before it was foreseen."""
    rover = metrics.rovers[name]
    if rover.down is None:
        return str(name)
    told = f"{name} at {format_elapsed(rover.down * metrics.dt)}"
    if rover.foretold is None:
        return f"{told}, not foretold"
    return f"{told}, foretold {format_elapsed((rover.down - rover.foretold) * metrics.dt)} before"


def _foretold(value: Any, metrics: Metrics) -> Finding:
    wanted = _seconds(value["at_least_before"])
    name = RoverId(value["rover"])
    rover = metrics.rovers.get(name)
    expected = f"{name} at least {format_elapsed(wanted)} before"
    if rover is None or rover.down is None:
        return Finding(False, expected, f"{name} did not run out")
    notice = (rover.down - rover.foretold) * metrics.dt if rover.foretold is not None else -1.0
    return Finding(notice >= wanted - 1e-9, expected, _end(name, metrics), rover.down, name)


def _seconds(value: Any) -> float:
    return parse_duration(value) if isinstance(value, str) else float(value)


def _min_battery(value: Any, metrics: Metrics) -> Finding:
    name, rover = min(metrics.rovers.items(), key=lambda item: (item[1].min_battery, item[0]))
    least = 100.0 * rover.min_battery
    return Finding(least >= value, f"at least {value:g} %", f"{least:.1f} % of {name}", rover.min_battery_at, name)


def _done_before(value: Any, metrics: Metrics) -> Finding:
    seconds = _seconds(value["time"])
    task = metrics.tasks.get(TaskId(value["task"]))
    done = task.done if task is not None else None
    passed = done is not None and done * metrics.dt <= seconds + 1e-9
    got = format_elapsed(done * metrics.dt) if done is not None else "not done"
    rover = task.rover if task is not None else None
    return Finding(passed, f"{value['task']} by {format_elapsed(seconds)}", got, done, rover)


def _charged(value: Any, metrics: Metrics) -> Finding:
    return _within(value, sum(rover.charges for rover in metrics.rovers.values()))


def _distance(value: Any, metrics: Metrics) -> Finding:
    return _within(value, sum(rover.distance for rover in metrics.rovers.values()))


def _energy(value: Any, metrics: Metrics) -> Finding:
    return _within(value, sum(rover.energy for rover in metrics.rovers.values()) / 3600.0)


def _separation(value: Any, metrics: Metrics) -> Finding:
    if metrics.nearest is None:
        return Finding(True, f"at least {value:g}", "no two bodies")
    got = f"{metrics.min_separation:.2f} between {metrics.nearest[0]} and {metrics.nearest[1]}"
    passed = metrics.min_separation >= value
    return Finding(passed, f"at least {value:g}", got, metrics.nearest_at, metrics.nearest[0])


def _stock(value: Any, metrics: Metrics) -> Finding:
    findings = {name: _within(bounds, metrics.stock.get(name, 0.0)) for name, bounds in value.items()}
    return Finding(
        all(finding.passed for finding in findings.values()),
        ", ".join(f"{name} {finding.expected}" for name, finding in findings.items()),
        ", ".join(f"{name} {finding.got}" for name, finding in findings.items()),
    )


def _messages_lost(value: Any, metrics: Metrics) -> Finding:
    return _within(value, metrics.lost_messages)


def _some(names: list[Any]) -> str:
    if not names:
        return "none"
    return ", ".join(str(name) for name in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _at_most(most: int, got: int) -> Finding:
    return Finding(got <= most, f"at most {most}" if most else "0", str(got))


def _within(bounds: Mapping[str, float], got: float) -> Finding:
    least, most = bounds.get("at_least"), bounds.get("at_most")
    words = [f"at least {least:g}" if least is not None else "", f"at most {most:g}" if most is not None else ""]
    passed = (least is None or got >= least) and (most is None or got <= most)
    shown = str(got) if isinstance(got, int) else f"{got:.1f}"
    return Finding(passed, " and ".join(word for word in words if word), shown)


RULES: Final[Mapping[str, Callable[[Any, Metrics], Finding]]] = MappingProxyType(
    {
        "tasks_done": _tasks_done,
        "kinds_done": _kinds_done,
        "instruments_alive": _instruments_alive,
        "collisions": _collisions,
        "trespasses": _trespasses,
        "unlawful": _unlawful,
        "refusals": lambda value, metrics: _within(value, metrics.refusals),
        "elections": _elections,
        "new_leader_s": _new_leader,
        "no_rover_lost": _no_rover_lost,
        "lost": _lost,
        "foretold": _foretold,
        "min_battery_percent": _min_battery,
        "done_before": _done_before,
        "charged": _charged,
        "distance_m": _distance,
        "energy_wh": _energy,
        "agents_broken": _agents_broken,
        "broken": _broken,
        "faults_suffered": lambda value, metrics: _within(value, len(metrics.suffered)),
        "min_separation_m": _separation,
        "stock": _stock,
        "messages_lost": _messages_lost,
        "blocked": lambda value, metrics: _within(value, metrics.blocked),
        "hazards_found": lambda value, metrics: _within(value, metrics.hazards_found),
        "hazards_told": lambda value, metrics: _within(value, metrics.hazards_told),
        "hazards_felt": lambda value, metrics: _within(value, metrics.hazards_felt),
        "hazards_denied": lambda value, metrics: _within(value, metrics.hazards_denied),
    }
)
