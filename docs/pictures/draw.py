"""Draw the pictures of README and docs anew: ``python docs/pictures/draw.py`` from the checkout's root.

Runs scenarios and renders moments of their recordings; the numbers in `overview.png` are explained in
docs/running.md. Charts are drawn by the very commands that docs/charts.md and docs/planning.md show; ``--charts`` draws
only them.
"""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from fleet.core import RoverId
from sim.cli.app import app
from sim.record import Recording
from sim.run import RunOptions, run
from sim.scenario import load_scenario
from sim.viewer import Camera, Film, Layer, Look, RecordedRun, Still, render, render_film
from sim.viewer.acting import zone_menu
from sim.viewer.layout import layout
from sim.viewer.lettering import Lettering
from sim.viewer.panel import Status, buttons
from sim.viewer.picture import Extras, Picture
from sim.viewer.quiet import pygame
from sim.viewer.scene import Subject
from sim.viewer.source import ground_picture
from sim.viewer.still import drawn

_HERE = Path(__file__).parent
_SCENARIOS = _HERE.parents[1] / "scenarios"
_SIZE = (1200, 750)
_LARGE, _LETTERS = (1600, 1000), 1.6  # So that letters can be read where a page shows a picture half as large.
_SMALL = (1400, 800)
_PIT = Camera(x=24.0, y=-85.0, scale=0.9, width=1, height=1)  # Lander and ice pit,
_PASS = Camera(x=17.0, y=0.0, scale=0.14, width=1, height=1)  # and the pass of the crossing,
_HITCH = Camera(x=-14.0, y=-6.0, scale=0.07, width=1, height=1)  # and where one has another in tow.
_PIT_AND_RELAY = Camera(x=72.0, y=-55.0, scale=0.345, width=1, height=1)
_LAST_LIGHT = Camera(x=-4.0, y=18.0, scale=0.19, width=1, height=1)
_UNLINKED = Look(layers=Look().layers - {Layer.LINKS})
_ICE = Look(layers=Look().layers | {Layer.DARK})
_FRONT, _OVERVIEW, _CROSSING, _LEADER = 36000, 36000, 870, 840  # Seconds of mission time.
_FAULTS, _ORDERS, _RIGHTS, _RELAY = 390, 1680, 900, 4500
_NIGHT, _TOW = 24000, 7800
_ASKED, _CLOSED, _WHO = 36200, 40000, RoverId("cnsa-rover")
# Where the numbers of the overview stand, in its pixels; look at it when the mission has changed.
_NUMBERS = (
    (443, 548),
    (686, 355),
    (362, 560),
    (656, 240),
    (449, 455),
    (165, 272),
    (172, 490),
    (314, 298),
    (114, 20),
    (66, 700),
    (1030, 50),
    (960, 129),
    (962, 389),
    (1016, 621),
    (765, 730),
)


def _recorded(name: str, folder: Path) -> RecordedRun:
    file = folder / f"{name}.mcap"
    run(load_scenario(_SCENARIOS / f"{name}.yaml"), RunOptions(bus="memory", record=file))
    return RecordedRun(Recording(file))


def _overview(source: RecordedRun) -> pygame.Surface:
    surface = drawn(Picture(ground_picture(source), 2), source.scene(float(_OVERVIEW)), Still(size=_SIZE))
    letters = Lettering()
    for number, (x, y) in enumerate(_NUMBERS, 1):
        pygame.draw.aacircle(surface, (8, 10, 14), (x, y), 12)
        pygame.draw.aacircle(surface, (255, 255, 255), (x, y), 11)
        text = letters.text(str(number), 13, (8, 10, 14))
        surface.blit(text, text.get_rect(center=(x, y + 1)))
    return surface


def _inspector(source: RecordedRun) -> pygame.Surface:
    """What the window shows when somebody asks about a rover."""
    story = source.story(Subject(_WHO), float(_ASKED))
    extras = Extras(scrub=True, story=story, pointer=(300.0, 500.0), status=_status(live=False))
    return _window(source, _ASKED, 0.75, extras)


def _gantt(source: RecordedRun) -> pygame.Surface:
    """What the window shows when somebody wants to know what each did."""
    diaries = {rover.id: source.diary(rover.id) for rover in source.scene(0.0).rovers}
    return _window(source, _ASKED, 0.9, Extras(scrub=True, diaries=diaries, status=_status(live=False)))


def _closing(source: RecordedRun) -> pygame.Surface:
    """What the window shows when somebody draws ground that nobody may enter."""
    scene = source.scene(float(_CLOSED))
    rover = scene.rover(_WHO)
    assert rover is not None
    ground = tuple((rover.x + right, rover.y + up) for right, up in ((-70, 40), (-5, 55), (30, 25), (-20, -10)))
    menu = zone_menu(scene, ground, 0).at((470.0, 420.0))
    extras = Extras(scrub=True, menu=menu, sketch=(ground, ()), status=_status(live=True))
    return _window(source, _CLOSED, 0.5, extras)


def _layers(source: RecordedRun) -> pygame.Surface:
    """What the window shows of permanent shadow and slope."""
    look = Look(layers=(Look().layers | {Layer.DARK, Layer.SLOPE}) - {Layer.ZONES})
    return _window(source, _ASKED, 1.1, Extras(scrub=True, status=_status(live=False)), look)


def _still(tick: int, look: Look | None = None, camera: Camera | None = None) -> Still:
    return Still(size=_SMALL, scale=1.4, at=float(tick), look=look or Look(), camera=camera)


def _status(*, live: bool) -> Status:
    return Status(pace="live" if live else "paused", paused=not live, buttons=buttons(paused=not live, live=live))


def _window(source: RecordedRun, tick: int, scale: float, extras: Extras, look: Look | None = None) -> pygame.Surface:
    surface, picture, scene = pygame.Surface(_SIZE), Picture(ground_picture(source)), source.scene(float(tick))
    rover = scene.rover(_WHO)
    assert rover is not None
    width, height = layout(_SIZE, scrub=True, gantt=extras.diaries is not None).map.size
    aside = 110.0 * scale if extras.story is not None else 0.0  # What is told of it must not hide it.
    camera = Camera(x=rover.x + aside, y=rover.y, scale=scale, width=width, height=height)
    picture.draw(surface, camera, scene, look or Look(selected=_WHO), extras)
    return surface


def _draw_charts() -> None:
    """Run the commands of the pages that write pictures of the docs."""
    pages = "".join((_HERE.parent / name).read_text("utf-8") for name in ("charts.md", "planning.md"))
    commands = re.findall(r"^moonfleet (.* -o docs/pictures/.*)$", pages, re.MULTILINE)
    with chdir(_HERE.parents[1]):
        for command in commands:
            app.main(shlex.split(command), standalone_mode=False)


def main() -> None:
    """Write all pictures beside this file."""
    _draw_charts()
    if "--charts" in sys.argv[1:]:
        return
    with TemporaryDirectory() as folder:
        mission = _recorded("mons_mouton", Path(folder))
        front = Still(size=_LARGE, scale=_LETTERS, at=float(_FRONT), camera=_PIT, look=_ICE)
        render(mission, _HERE / "mission.png", front)
        pygame.image.save(_overview(mission), _HERE / "overview.png")
        whole = drawn(Picture(ground_picture(mission), 2), mission.scene(float(_FRONT)), Still(size=_SIZE))
        pygame.image.save(whole.subsurface(layout(_SIZE).panel), _HERE / "panel.png")
        film = Film(size=(960, 540), scale=1.4, first=2 * 3600.0, last=2 * 86400.0, seconds=9.0, rate=5)
        render_film(mission, _HERE / "mission.webp", film, lambda _: None)
        for draw in (_inspector, _gantt, _closing, _layers):
            pygame.image.save(draw(mission), _HERE / f"{draw.__name__[1:]}.png")
        crossing = _recorded("crossing", Path(folder))
        render(crossing, _HERE / "crossing.png", _still(_CROSSING, _UNLINKED, _PASS))
        faults = _recorded("faults", Path(folder))
        render(faults, _HERE / "faults.png", _still(_FAULTS))
        closed = _recorded("closed_ground", Path(folder))
        render(closed, _HERE / "orders.png", _still(_ORDERS))
        relay = _recorded("relay_sampling", Path(folder))
        render(relay, _HERE / "relay.png", _still(_RELAY, _ICE, _PIT_AND_RELAY))
        refused = _recorded("sovereign_refusal", Path(folder))
        render(refused, _HERE / "rights.png", _still(_RIGHTS))
        cold = _recorded("cold_night", Path(folder))
        render(cold, _HERE / "night.png", _still(_NIGHT, camera=_LAST_LIGHT))
        towing = _recorded("tow_rescue", Path(folder))
        render(towing, _HERE / "tow.png", _still(_TOW, camera=_HITCH))
        lost = _recorded("leader_lost", Path(folder))
        render(lost, _HERE / "leader.png", _still(_LEADER))


if __name__ == "__main__":
    main()
