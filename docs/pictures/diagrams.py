"""Draw the diagrams of the concept pages anew: ``python docs/pictures/diagrams.py`` from the checkout's root.

Each is drawn from a run: `time.png` from when minds were asked, `agencies.png` from what was said.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Final

from fleet.core import EVERYONE, RoverId, Tick
from fleet.runtime import MakeAgent, NodeMaker
from fleet.sdk import Agent, AgentContext, AgentView, Decision
from sim.record import Entry, Frame, Opening, Said
from sim.run import RunOptions, run
from sim.scenario import load_scenario
from sim.viewer.lettering import Lettering
from sim.viewer.palette import parse_colour
from sim.viewer.quiet import pygame

_HERE: Final = Path(__file__).parent
_SCENARIOS: Final = _HERE.parents[1] / "scenarios"
_DENSITY: Final = 2
_PAPER, _INK, _PALE, _LINE = (250, 250, 248), (28, 30, 36), (110, 114, 124), (214, 214, 208)
_DOING: Final = {"driving": (86, 180, 233), "working": (0, 158, 115), "idle": (226, 226, 220)}


class _Noted:
    """An agent, and the ticks at which it was asked."""

    def __init__(self, agent: Agent, asked: list[Tick]) -> None:
        self._agent, self._asked = agent, asked

    def decide(self, view: AgentView) -> Decision:
        self._asked.append(view.tick)
        return self._agent.decide(view)


class _Tape:
    """A sink that keeps all."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)

    def close(self) -> None:
        pass


class _Sheet:
    """A surface with letters, in points."""

    def __init__(self, width: int, height: int) -> None:
        self.surface = pygame.Surface((width * _DENSITY, height * _DENSITY))
        self.surface.fill(_PAPER)
        self._letters = Lettering(_DENSITY)

    def text(
        self,
        text: str,
        at: tuple[float, float],
        size: int = 13,
        colour: tuple[int, int, int] = _INK,
        *,
        middle: bool = False,
    ) -> None:
        drawn = self._letters.text(text, size, colour)
        x, y = at[0] * _DENSITY, at[1] * _DENSITY - drawn.get_height() / 2
        self.surface.blit(drawn, (x - drawn.get_width() / 2 if middle else x, y))

    def box(self, left: float, top: float, width: float, height: float, colour: tuple[int, int, int]) -> None:
        rect = pygame.Rect(*(round(value * _DENSITY) for value in (left, top, width, height)))
        pygame.draw.rect(self.surface, colour, rect)

    def disc(self, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
        pygame.draw.aacircle(self.surface, colour, (round(x * _DENSITY), round(y * _DENSITY)), round(radius * _DENSITY))

    def save(self, name: str) -> None:
        pygame.image.save(self.surface, _HERE / name)


def _time() -> None:
    """Rows of machines over ten minutes: what each did, and a mark for each question to its mind."""
    asked: dict[RoverId, list[Tick]] = {}

    def seat(make: MakeAgent, context: AgentContext) -> Agent:
        return _Noted(make(context), asked.setdefault(context.rover, []))

    tape = _Tape()
    scenario = load_scenario(_SCENARIOS / "smoke.yaml")
    run(scenario, RunOptions(bus="memory"), sinks=[tape], make_node=NodeMaker(seat))
    frames = [entry for entry in tape.entries if isinstance(entry, Frame)]
    sheet, left, right, top, row = _Sheet(900, 296), 118.0, 876.0, 44.0, 44.0
    scale = (right - left) / scenario.end
    for minute in range(11):
        x = left + minute * 60 * scale
        sheet.box(x, top - 8, 0.5, 4 * row + 4, _LINE)
        sheet.text(f"{minute} min", (x, top - 20), 11, _PALE, middle=True)
    for number, (rover, ticks) in enumerate(sorted(asked.items())):
        y = top + number * row
        sheet.text(rover, (14, y + 16))
        sheet.text(f"{len(ticks)} questions", (14, y + 31), 10, _PALE)
        for frame, after in pairwise(frames):
            activity = next(body.activity for body in frame.rovers if body.rover == rover)
            begin, end = left + frame.tick * scale, left + after.tick * scale
            sheet.box(begin, y + 10, end - begin + 0.5, 14, _DOING.get(activity, _LINE))
        for tick in ticks:
            sheet.box(left + tick * scale - 0.75, y + 3, 1.5, 28, _INK)
    x, y = left, top + 4 * row + 20
    for doing, colour in _DOING.items():
        sheet.box(x, y - 6, 18, 12, colour)
        sheet.text(doing, (x + 24, y), 11, _PALE)
        x += 96
    sheet.box(x, y - 10, 1.5, 20, _INK)
    sheet.text("its mind is asked", (x + 8, y), 11, _PALE)
    asks = f"{sum(map(len, asked.values()))} questions in {scenario.end} ticks of {len(asked)} machines"
    sheet.text(f"{asks}; the world passes over all other ticks in compiled calls", (left, y + 28), 12)
    sheet.save("time.png")


def _agencies() -> None:
    """A table of agencies: discs as large as what one said to another."""
    tape = _Tape()
    run(load_scenario(_SCENARIOS / "mons_mouton.yaml"), RunOptions(bus="memory"), sinks=[tape])
    opening = next(entry for entry in tape.entries if isinstance(entry, Opening))
    agency = {rover.rover: rover.agency for rover in opening.rovers}
    names = [name for name, *_ in opening.agencies if name in agency.values()]
    colours = {name: parse_colour(colour) for name, _, colour in opening.agencies}
    said: Counter[tuple[str, str]] = Counter()
    for entry in tape.entries:
        if isinstance(entry, Said) and entry.message.sender in agency:
            to = entry.message.to
            said[agency[entry.message.sender], "everybody" if to == EVERYONE else agency.get(to, "ground")] += 1
    columns = [*names, "everybody"]
    sheet, left, top, width, height = _Sheet(760, 100 + 74 * len(names)), 150.0, 70.0, 116.0, 74.0
    sheet.text("says to", (24, top - 28), 11, _PALE)
    most = max(said.values())
    for number, name in enumerate(columns):
        sheet.text(name, (left + (number + 0.5) * width, top - 28), 13, middle=True)
    for place, name in enumerate(names):
        y = top + (place + 0.5) * height
        machines = sorted(rover for rover, owner in agency.items() if owner == name)
        sheet.box(18, y - 14, 4, 28, colours[name])
        sheet.text(name, (30, y - 7))
        sheet.text(f"{len(machines)} machine{'s' if len(machines) > 1 else ''}", (30, y + 9), 10, _PALE)
        sheet.box(18, y + height / 2, 724, 0.5, _LINE)
        for number, other in enumerate(columns):
            count = said[name, other]
            x = left + (number + 0.5) * width
            if count:
                sheet.disc(x, y - 4, 3 + 20 * sqrt(count / most), colours[name])
            sheet.text(str(count or "-"), (x, y + 27), 11, _INK if count else _PALE, middle=True)
    sheet.save("agencies.png")


if __name__ == "__main__":
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    _time()
    _agencies()
