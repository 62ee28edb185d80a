"""All instruments of a scenario that stand on the ground, from one change of state to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from fleet.core import TaskId, Tick
from fleet.vehicles import heat
from sim.scenario.instrument import InstrumentSpec
from sim.world.arrays import FloatArray, IntArray, Sky
from sim.world.columns import NEVER, SOLAR_CONSTANT
from sim.world.instruments import columns as at
from sim.world.instruments.kernels import run
from sim.world.instruments.reference import Station
from sim.world.values import InstrumentState, WorldInstrument

_STEP: Final = 60.0  # Seconds.
_STATES: Final[tuple[InstrumentState, ...]] = ("alive", "asleep", "dead")


class Instruments:
    """Instruments that were set up, and what became of them.

    Parameters
    ----------
    end
        Tick at which the mission is over.
    reference
        Live step by step in plain Python instead of compiled; the same bits.

    Notes
    -----
    Nobody acts on an instrument once it stands, so all that will become of it is known then: a compiled run to the end
    of the mission finds the next change of its state, and the world stops there. Steps take a minute, and end at whole
    minutes of the mission.
    """

    def __init__(
        self, specs: Sequence[InstrumentSpec], sky: Sky, dt: float, end: Tick, *, reference: bool = False
    ) -> None:
        self._specs = {spec.id: spec for spec in specs}
        every = max(1, round(_STEP / dt))
        self._every, self._end = every, end
        self._kind: type[_Life] = _PlainLife if reference else _CompiledLife
        self._sky, self._seconds = sky, every * dt
        self._lives: dict[TaskId, _Life] = {}
        self._changes = [
            WorldInstrument(id=task, state="stowed", charge=1.0, temperature=heat.AT_START, light=0.0, tick=0)
            for task in sorted(self._specs)
        ]

    def set_up(self, task: TaskId, tick: Tick) -> None:
        """Let the instrument stand that a task set up, if it did; it begins warm, with a full battery, and awake."""
        if task in self._specs and task not in self._lives:
            ticks = (tick, self._every, self._end)
            self._lives[task] = self._kind(self._specs[task], self._sky, ticks, self._seconds)
            self._change(task, tick)

    @property
    def next_stop(self) -> Tick:
        """The next tick at which the world must stop for them; none comes later than `NEVER`."""
        return min((life.next_stop for life in self._lives.values()), default=NEVER)

    def advance(self, tick: Tick) -> None:
        """Live until a tick, at most the next at which the world must stop."""
        for task, life in self._lives.items():
            if life.live(tick):
                self._change(task, tick)

    def present(self, tick: Tick) -> tuple[WorldInstrument, ...]:
        """Return all that stand, by id."""
        return tuple(self._value(task, tick) for task in sorted(self._lives)) if self._lives else ()

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._changes)

    def take_changes(self) -> tuple[WorldInstrument, ...]:
        """Return what changed since the last call, in order."""
        changes, self._changes = tuple(self._changes), []
        return changes

    def _change(self, task: TaskId, tick: Tick) -> None:
        self._changes.append(self._value(task, tick))

    def _value(self, task: TaskId, tick: Tick) -> WorldInstrument:
        state, charge, temperature, light = self._lives[task].read()
        capacity = self._specs[task].figures.battery
        return WorldInstrument(
            id=task,
            state=_STATES[state],
            charge=charge / capacity if capacity > 0.0 else 0.0,
            temperature=temperature,
            light=light,
            tick=tick,
        )


class _Life(Protocol):
    """One instrument that lives; made of its figures, the sky, (now, ticks a step, last tick), and seconds a step."""

    next_stop: Tick

    def __init__(self, spec: InstrumentSpec, sky: Sky, ticks: tuple[Tick, int, Tick], dt: float) -> None: ...

    def live(self, tick: Tick) -> bool:
        """Live until a tick; return whether the state changed."""
        ...

    def read(self) -> tuple[int, float, float, float]:
        """Return state, joules, kelvin and light."""
        ...


class _PlainLife:
    """By the reference, one step after the other."""

    def __init__(self, spec: InstrumentSpec, sky: Sky, ticks: tuple[Tick, int, Tick], dt: float) -> None:
        now, self._every, _ = ticks
        self._station = Station(
            spec=spec, charge=spec.figures.battery, temperature=heat.AT_START, light=1.0, state=at.ALIVE
        )
        self._sky, self._dt, self._done = sky, dt, now // self._every
        self.next_stop = (self._done + 1) * self._every

    def live(self, tick: Tick) -> bool:
        has_changed = False
        while self._done < tick // self._every:
            self._done += 1
            has_changed |= self._station.step(self._done * self._every, self._dt, self._sky)
        self.next_stop = NEVER if self._station.state == at.DEAD else (self._done + 1) * self._every
        return has_changed

    def read(self) -> tuple[int, float, float, float]:
        station = self._station
        return station.state, station.charge, station.temperature, station.light


class _CompiledLife:
    """By the kernel, which runs ahead to the next change and notes how it will be until then."""

    def __init__(self, spec: InstrumentSpec, sky: Sky, ticks: tuple[Tick, int, Tick], dt: float) -> None:
        now, self._every, end = ticks
        self._sky, self._dt, self._done, self._last = sky, dt, now // self._every, end // self._every
        self._row: FloatArray = row_of(spec, dt)
        self._status: IntArray = np.zeros(at.STATUS_COLUMNS, dtype=np.int64)
        self._foresee()

    def live(self, tick: Tick) -> bool:
        """Live until a tick; return whether the state changed."""
        self._done = tick // self._every
        if tick < self.next_stop:
            return False
        self._foresee()
        return True

    def read(self) -> tuple[int, float, float, float]:
        """Return state, joules, kelvin and light."""
        past = self._done - self._from
        now = self._samples[min(past, len(self._samples)) - 1] if past and self._samples else self._begin
        return self._state, *now

    def _foresee(self) -> None:
        """Run on to the next change; the world stops there, so it is never asked for what comes after."""
        row: list[float] = self._row.tolist()
        self._from, self._state = self._done, int(self._status[at.STATE])
        self._begin = (row[at.CHARGE], row[at.TEMPERATURE], row[at.LIGHT])
        samples: FloatArray = np.zeros((max(0, self._last - self._done), 3))
        steps = (self._done, self._last, self._every, self._dt)
        step = int(run(self._row, self._status, samples, steps, self._sky))
        self.next_stop = NEVER if step < 0 else step * self._every
        is_dead = self._state == at.DEAD
        ahead = samples[: 0 if is_dead else len(samples) if step < 0 else step - self._done]
        self._samples: list[tuple[float, float, float]] = [(a, b, c) for a, b, c in ahead.tolist()]


def row_of(spec: InstrumentSpec, dt: float) -> FloatArray:
    """Return the row of an instrument that was set up just now."""
    figures = spec.figures
    warming = dt / figures.heat_capacity
    loss = warming * figures.heat_loss
    row = np.zeros(at.COLUMNS)
    row[[at.X, at.Y]] = spec.place
    row[[at.CHARGE, at.TEMPERATURE, at.LIGHT]] = figures.battery, heat.AT_START, 1.0
    row[at.GAIN] = SOLAR_CONSTANT * figures.panel_efficiency * figures.panel
    row[at.CAPACITY] = figures.battery
    row[[at.SLEEPY, at.FRESH]] = at.SLEEPS_BELOW * figures.battery, at.WAKES_ABOVE * figures.battery
    row[[at.POWER, at.SLEEP, at.HEATER]] = figures.power, figures.sleep_power, figures.heater_power
    row[at.RHU] = figures.rhu_power
    row[[at.WARMING, at.LOSS, at.KEEP]] = warming, loss, 1.0 / (1.0 + loss)
    louvres = warming * figures.radiator
    row[[at.OPEN_GAIN, at.OPEN_KEEP]] = louvres * heat.LOUVRE_OPENS, 1.0 / (1.0 + loss + louvres)
    row[at.SURVIVAL] = figures.survival
    return row
