"""One run: the scenario's world on one side, its agents' hosts on the other, a recorder beside them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from fleet.bus import Audit, ControlServer, FeedPublisher
from fleet.core import Clock, ConfigError, WallClock
from fleet.runtime import Group, MakeNode, NodeMaker, look_up
from sim.hub import Desk, Hub, LiveFeed, Outside, Pace, Past, Patience, Sink, assign_hosts, open_bus
from sim.record import Recording, RecordWriter
from sim.report import write_report
from sim.run.admission import door_of, guard_of
from sim.run.options import RunOptions
from sim.run.result import RunResult
from sim.run.resumption import Successor, past_of
from sim.scenario import LiveFaults, LiveOrders, Scenario
from sim.verdict import MetricsSink, MomentWatch, judge
from sim.world import World

_AGE: Final = 30 * 86_400.0  # Seconds that nobody at a debugger takes.


def run(
    scenario: Scenario,
    options: RunOptions | None = None,
    *,
    sinks: Sequence[Sink] = (),
    clock: Clock | None = None,
    make_node: MakeNode | None = None,
) -> RunResult:
    """Run a scenario to its end, or as far as the options say, and judge it.

    Parameters
    ----------
    sinks
        Told every entry beside the recorder, such as a progress bar.
    make_node
        Makes the rovers' nodes where they live in this process; None: as everywhere else.

    Raises
    ------
    ConfigError
        When there is no plugin of a name, a recording or a report cannot be written, the feed has no place to be, or
        the run that is to go on was one of something else.
    """
    options = options or RunOptions()
    _look_up_plugins(scenario, options)
    patience = Patience()
    if options.patient:
        scenario = replace(scenario, agent_deadline=_AGE)
        patience = Patience(greeting=_AGE, answer=_AGE)
    clock = clock or WallClock()
    metrics, moments = MetricsSink(), MomentWatch(scenario.expectations)
    all_sinks: list[Sink] = [metrics, *([moments] if moments.is_needed else []), *sinks]
    pace = Pace(clock, dt=scenario.time.dt, factor=options.rate, catch_up=options.catch_up)
    if options.paused:
        pace.pause()
    live: LiveFeed | None = None
    past = None if options.resume is None else past_of(options.resume, scenario, options.until)
    known = () if past is None else past.exchanges
    for file in (options.record, options.report, options.audit):
        if file is not None:
            _make_folder(file.parent)
    with ExitStack() as stack:
        # Hosts start while the world is made.
        door = door_of(options, scenario)
        rovers = assign_hosts([spec for spec in scenario.rovers if spec.id not in options.remote], options.hosts)
        audit = Audit(clock.now, options.audit)
        stack.callback(audit.close)
        guard = guard_of(options.keys, insecure=options.insecure)
        hosts = stack.enter_context(
            open_bus(options.bus, rovers, make_node or NodeMaker(), audit=audit, is_locked=options.secure, door=door)
        )
        if options.feed is not None:
            live = LiveFeed(FeedPublisher(options.feed, guard, audit), scenario.ground.map)
        journal = _open_recording(scenario, options, clock, past, stack)
        if journal is not None:
            all_sinks.append(journal)
        desk: Desk | None = None
        if options.control is not None:
            desk = Desk(
                ControlServer(options.control, guard, audit),
                pace,
                clock=clock,
                live=live,
                faults=LiveFaults(scenario, [fault for each in known for fault in each.faults]),
                orders=LiveOrders(scenario, [order for each in known for order in each.orders]),
            )
        world = World(scenario, reference=options.reference)
        hub = Hub(
            scenario,
            world,
            hosts,
            all_sinks,
            Outside(
                clock=clock,
                pace=pace,
                desk=desk,
                live=live,
                journal=journal,
                past=past,
                checkpoint_every=options.checkpoint_every,
                patience=patience,
            ),
        )
        outcome = hub.run(options.until)
    figures = metrics.metrics()
    verdict = judge(scenario, figures, moments.findings())
    if options.report is not None and options.record is not None:
        write_report(Recording(options.record), verdict, options.report)
    return RunResult(
        scenario=scenario,
        hub=outcome,
        metrics=figures,
        verdict=verdict,
        recording=options.record,
        report=options.report if options.record is not None else None,
    )


def _look_up_plugins(scenario: Scenario, options: RunOptions) -> None:
    """Check that all are there whom the scenario names; who comes from elsewhere is at home there.

    Raises
    ------
    ConfigError
        When one is not; it names the rover.
    """
    near = [spec for spec in scenario.rovers if spec.id not in options.remote]
    named: list[tuple[str, Group, str]] = [(f"rover {spec.id}: ", "fleet.agents", spec.agent) for spec in near]
    named += [("", "fleet.planners", scenario.planner), ("", "fleet.allocators", scenario.allocator)]
    for whose, group, name in named:
        try:
            look_up(group, name)
        except ConfigError as error:
            raise ConfigError(f"{whose}{error.place}", error.fact, error.remedy) from None


def _open_recording(
    scenario: Scenario, options: RunOptions, clock: Clock, past: Past | None, stack: ExitStack
) -> RecordWriter | None:
    """Return what writes the recording; of a run that goes on the old one stays until the new one holds it."""
    if options.record is None:
        return None
    successor = None if past is None else Successor(options.record)
    writer = RecordWriter(
        options.record if successor is None else successor.draft,
        ground=scenario.ground.map,
        clock=clock,
        origin=options.origin,
    )
    if past is not None and successor is not None:
        stack.callback(successor.close)
        past.on_over = partial(successor.take_over, writer)
    return writer


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(str(folder), f"the folder cannot be made: {error.strerror}") from None
