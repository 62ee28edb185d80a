"""Running a scenario for a person: headless in this process, or beside a window in another."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from fleet.core import ConfigError, MissionTime, RoverId, Tick, WallClock, format_elapsed
from fleet.core.loading import loading
from fleet.core.nursery import HOSTS, open_nursery
from sim.cli.display import check_display
from sim.cli.older import tell_older
from sim.cli.output import emit, seconds_of
from sim.cli.progress import announce

OUT = Path("moonfleet-out")
NO_DEADLINE = 3600.0  #: Seconds of the wall for a decision that a person looks into.
WINDOW_RATE = 2400.0  #: Mission seconds a second at which a window starts: a day in 36 s.
ATTACH = 300.0  # Seconds in which a run must have started; the first compiles its hot loops.


class BreakAt(NamedTuple):
    """Where to stop: in the first decision of a rover's mind at or after a time."""

    rover: str  #: Empty for the only one that was given another mind.
    time: float | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for."""

    scenario: Path | None
    seed: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    agents: Mapping[str, str] = field(default_factory=dict)  #: Rover -> plugin, instead of what the file says.
    terrain: Path | None = None
    rate: float | None = None
    until: float | datetime | None = None
    bus: Literal["memory", "inproc", "ipc", "tcp"] = "ipc"
    hosts: int | Literal["agency"] = "agency"
    reference: bool = False
    record: Path | None = None
    no_record: bool = False
    report: Path | None = None
    resume: Path | None = None
    checkpoint_every: float | None = None  #: Seconds of mission time.
    feed: str | None = None
    paused: bool = False
    patient: bool = False
    catch_up: Tick = 0
    watch: bool = False
    break_at: BreakAt | None = None
    secure: bool = False
    keys: Path | None = None
    insecure: bool = False
    listen: str | None = None
    remote: tuple[str, ...] = ()
    wait: float = 60.0
    audit: Path | None = None
    as_json: bool = False
    ui_scale: float | None = None  #: Of the window.

    def __post_init__(self) -> None:
        if self.scenario is None and self.resume is None:
            raise ConfigError("SCENARIO", "is missing", "name a scenario file, or a recording to go on from: --resume")
        if self.no_record and (self.record or self.report):
            raise ConfigError("--no-record", "goes with neither --record nor --report", "leave one of them out")
        if self.watch and (self.as_json or self.feed or self.secure or self.keys):
            fact = "tells what came of many runs, each with places of its own"
            raise ConfigError("--watch", fact, "leave out --json, --feed, --secure and --keys")
        if self.watch and self.resume:
            raise ConfigError("--watch", "begins anew, and goes with no --resume", "leave one of them out")
        if self.break_at is not None and self.watch:
            raise ConfigError("--break-at", "goes with no --watch", "leave one of them out")
        if self.paused and not self.feed:
            raise ConfigError("--paused", "would wait for ever: nobody can say go", "give a --feed too")


def run_headless(request: Request) -> int:
    """Run in this process, print what came of it, and return the exit code."""
    if request.bus in ("ipc", "tcp") and request.break_at is None:
        open_nursery(HOSTS)  # Hosts are loaded while the world is.
    with loading():
        from fleet.runtime import NodeMaker, Seat, load_plugin  # noqa: PLC0415 - loads numba
        from sim.cli.breaking import halting_seat  # noqa: PLC0415 - loads numba
        from sim.cli.run_bar import ProgressBar  # noqa: PLC0415 - with it
        from sim.run import RunOptions, compile_missing, origin_words, run  # noqa: PLC0415 - loads numba
        from sim.run.watch import control_endpoint  # noqa: PLC0415 - with it
        from sim.scenario import load_scenario  # noqa: PLC0415 - with it

    for rover, agent in request.agents.items():
        if rover in request.remote:
            fact = f"{rover} comes from elsewhere: its host says what its agent is"
            raise ConfigError("--agent", fact, f"moonfleet host --agents {rover}={agent}")
        load_plugin("fleet.agents", agent)  # A slip of the pen is told before the mission, not after it.
    compile_missing(announce)
    file, seed, terrain, settings = asked(request)
    scenario = load_scenario(file, seed=seed, terrain=terrain, settings=settings)
    seat: Seat | None = None
    if request.break_at is not None:
        rover = _meant(request, request.break_at, [spec.id for spec in scenario.rovers])
        seat = halting_seat(rover, _tick_of(request.break_at.time, scenario.time, "--break-at"))
        scenario = replace(scenario, agent_deadline=NO_DEADLINE)
    record = None if request.no_record else request.record or request.resume or OUT / f"{scenario.name}.mcap"
    until = request.until
    options = RunOptions(
        bus=request.bus if seat is None else "memory",
        hosts=request.hosts,
        reference=request.reference,
        rate=request.rate,
        paused=request.paused,
        patient=request.patient,
        catch_up=request.catch_up,
        until=None if until is None else _tick_of(until, scenario.time),
        record=record,
        report=request.report,
        origin=origin_words(file, terrain, settings),
        resume=request.resume,
        checkpoint_every=None if request.checkpoint_every is None else scenario.time.tick(request.checkpoint_every),
        feed=request.feed,
        control=None if request.feed is None else control_endpoint(request.feed),
        secure=request.secure,
        keys=request.keys,
        insecure=request.insecure,
        listen=request.listen,
        remote=tuple(RoverId(rover) for rover in request.remote),
        wait=request.wait,
        audit=request.audit,
    )
    with redirect_stdout(sys.stderr):  # What agents print in this process is talk, not data.
        sinks = [ProgressBar(scenario.end, scenario.time, len(scenario.orders))] if seat is None else []
        result = run(scenario, options, sinks=sinks, make_node=None if seat is None else NodeMaker(seat))
    summary = result.summary()
    emit(summary, as_json=request.as_json, text=describe(summary))
    for error in result.unexpected_faults:
        announce(f"fault: {error}")
    return result.exit_code


def asked(request: Request) -> tuple[Path, int | None, Path | None, Mapping[str, Any]]:
    """Return scenario, seed, ground and settings; of a run that goes on, those that it had where none are given."""
    from sim.run import origin_of  # noqa: PLC0415 - loads numba

    if request.resume is None:
        assert request.scenario is not None  # as the request has checked
        tell_older([request.scenario])
        return request.scenario, request.seed, request.terrain, settings_of(request)
    origin = origin_of(request.resume)
    file = request.scenario or origin.scenario
    if file is None or (request.scenario is None and not file.exists()):
        fact = "does not say what it is a run of" if file is None else f"is of {file}, which is not there"
        remedy = f"name the scenario: moonfleet run SCENARIO --resume {request.resume}"
        raise ConfigError(str(request.resume), fact, remedy)
    seed = origin.seed if request.seed is None else request.seed
    return file, seed, request.terrain or origin.terrain, {**origin.settings, **settings_of(request)}


def settings_of(request: Request) -> dict[str, Any]:
    """Return all that a person asked to be other than the file says."""
    return {**request.settings, **{f"rovers.{rover}.agent": agent for rover, agent in request.agents.items()}}


def _meant(request: Request, wanted: BreakAt, rovers: Sequence[str]) -> RoverId:
    """Return whose agent is to be looked into.

    Raises
    ------
    ConfigError
        When nobody is meant, or nobody of this run.
    """
    rover = wanted.rover or (next(iter(request.agents)) if len(request.agents) == 1 else "")
    there_are = f"there are: {', '.join(sorted(rovers))}"
    if not rover:
        raise ConfigError("--break-at", "says no rover", f"give ROVER@TIME; {there_are}")
    if rover not in rovers:
        raise ConfigError("--break-at", f"there is no rover {rover!r}; {there_are}")
    return RoverId(rover)


def _tick_of(until: float | datetime, time: MissionTime, option: str = "--until") -> Tick:
    seconds = seconds_of(until, time.start)
    if seconds < 0.0:
        raise ConfigError(option, f"lies before the start of the mission, {time.start.isoformat()}")
    return time.tick(seconds)


def run_in_window(request: Request) -> int:
    """Run in a process of its own and show it in a window; closing the window lets the run go on to its end."""
    from fleet.bus import ClientLock, private_ipc  # noqa: PLC0415 - loads zmq
    from sim.run.admission import make_keys, own_lock  # noqa: PLC0415 - loads numba
    from sim.run.watch import Watch  # noqa: PLC0415 - loads numba
    from sim.viewer import LiveRun, Showing, layout_file, show  # noqa: PLC0415 - loads pygame

    check_display()
    with private_ipc() as place, tempfile.TemporaryDirectory(prefix="moonfleet-") as folder:
        feed = request.feed or place
        lock: ClientLock | None = None
        if request.secure and request.keys is None:
            lock = make_keys(Path(folder))
            request = replace(request, keys=Path(folder))
        elif request.keys is not None:
            lock = own_lock(request.keys)
        beside = replace(request, feed=feed, paused=True, rate=request.rate or WINDOW_RATE)
        process = subprocess.Popen(
            [sys.executable, "-m", "sim.cli", *words_of(beside)],
            stdout=subprocess.PIPE,
        )
        try:
            watch = Watch(feed, clock=WallClock(), wait=ATTACH, is_over=lambda: process.poll() is not None, lock=lock)
        except ConfigError:
            # The run has said what is wrong; its exit code tells which kind.
            if process.poll():
                return process.returncode
            process.terminate()
            raise
        watch.control("resume")
        try:
            showing = Showing(scale=request.ui_scale, memory=layout_file(), pace=beside.rate)
            show(LiveRun(watch, watch.opening, watch.ground), showing)
        finally:
            if process.poll() is None:
                announce("the window is closed; the run goes on to its end (Ctrl-C stops it)")
                watch.control("resume")
                watch.control("rate", factor=None)
            watch.close()
        output, _ = process.communicate()
    if output:
        summary = msgspec.json.decode(output)
        emit(summary, as_json=request.as_json, text=describe(summary))
    return process.returncode


def words_of(request: Request) -> list[str]:
    """Return the words of the command that runs it beside this process."""
    from sim.scenario import setting_text  # noqa: PLC0415 - loads numba

    words = ["run", "--headless", "--json"]
    words += [str(request.scenario)] if request.scenario is not None else []
    words += ["--rate", str(request.rate or "max"), "--catch-up", str(request.catch_up)]
    words += ["--bus", request.bus, "--hosts", str(request.hosts)]
    for name in ("seed", "terrain", "record", "report", "feed", "until", "keys", "audit", "resume", "listen", "wait"):
        value = getattr(request, name)
        if value is not None:
            words += [f"--{name}", value.isoformat() if isinstance(value, datetime) else str(value)]
    if request.checkpoint_every is not None:
        words += ["--checkpoint-every", f"{request.checkpoint_every:g}s"]
    for key, given in request.settings.items():
        words += ["--set", setting_text(key, given)]
    if request.remote:
        words += ["--remote", ",".join(request.remote)]
    for rover, agent in request.agents.items():
        words += ["--agent", f"{rover}={agent}"]
    for flag in ("paused", "reference", "no_record", "secure", "insecure"):
        if getattr(request, flag):
            words.append(f"--{flag.replace('_', '-')}")
    return words


def describe(summary: dict[str, Any]) -> str:
    """Return what came of a run, for people."""
    tasks = summary["tasks"]
    factor = summary["real_time_factor"]
    head = {"pass": "passed", "fail": "FAILED", "none": "ended; nothing was expected of it"}[summary["verdict"]]
    lines = [
        f"{summary['scenario']} (seed {summary['seed']}) {head}",
        f"  {format_elapsed(summary['sim_seconds'])} of mission in {summary['wall_seconds']:.1f} s"
        + (f", {factor:,.0f} times real time" if factor else ""),
        f"  tasks: {tasks['done']} done, {tasks['failed']} failed, {tasks['open']} open; "
        f"collisions: {summary['collisions']}; messages: {summary['messages']['sent']}",
    ]
    for name, rover in summary["rovers"].items():
        lines.append(
            f"  {name:<12} {rover['distance_m']:7.0f} m  {rover['energy_wh']:7.0f} Wh  "
            f"least charge {100.0 * rover['min_battery']:3.0f} %  {rover['state']}"
        )
    for check in summary["expectations"]:
        mark = "ok  " if check["passed"] else "FAIL"
        lines.append(
            f"  {mark} line {check['line']}: {check['name']}: expected {check['expected']}, got {check['got']}"
        )
    lines += [f"  {name}: {summary[name]}" for name in ("recording", "report") if summary[name]]
    lines.append(f"  digest: {summary['digest']}")
    return "\n".join(lines)
