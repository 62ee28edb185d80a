"""Draw the pictures of README and docs anew: ``python docs/pictures/draw.py`` from the checkout's root.

Runs two scenarios and renders moments of their recordings; the numbers in `overview.png` are explained in
docs/running.md.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sim.record import Recording
from sim.run import RunOptions, run
from sim.scenario import load_scenario
from sim.viewer import RecordedRun, Still, render
from sim.viewer.camera import Camera
from sim.viewer.layout import layout
from sim.viewer.lettering import Lettering
from sim.viewer.picture import Picture, scene_bounds
from sim.viewer.quiet import pygame
from sim.viewer.source import ground_picture
from sim.viewer.still import drawn

_HERE = Path(__file__).parent
_SCENARIOS = _HERE.parents[1] / "scenarios"
_SIZE = (1280, 800)
_FRONT, _OVERVIEW, _CROSSING = 58800, 34800, 870  # Seconds of mission time.
# What the numbers of the overview stand at: metres in the site frame,
_ON_GROUND = ((-318, -206), (208, -234), (-183, 8), (93, 102), (-131, -188), (181, -266), (249, -191), (-70, 162))
_ON_SCREEN = ((118, 22), (172, 784), (1136, 48), (1060, 130), (1076, 389), (1086, 681))  # and points of the picture.


def _recorded(name: str, folder: Path) -> RecordedRun:
    file = folder / f"{name}.mcap"
    run(load_scenario(_SCENARIOS / f"{name}.yaml"), RunOptions(bus="memory", record=file))
    return RecordedRun(Recording(file))


def _overview(source: RecordedRun) -> pygame.Surface:
    scene = source.scene(float(_OVERVIEW))
    width, height = layout(_SIZE).map.size
    camera = Camera(x=0.0, y=0.0, scale=1.0, width=width, height=height).fitted(scene_bounds(scene), 0.1)
    still = Still(size=_SIZE, at=float(_OVERVIEW), camera=camera)
    surface = drawn(Picture(ground_picture(source), still.supersample), scene, still)
    letters = Lettering()
    spots = [*(camera.to_screen((float(x), float(y))) for x, y in _ON_GROUND), *_ON_SCREEN]
    for number, (x, y) in enumerate(spots, 1):
        pygame.draw.aacircle(surface, (8, 10, 14), (x, y), 12)
        pygame.draw.aacircle(surface, (255, 255, 255), (x, y), 11)
        text = letters.text(str(number), 13, (8, 10, 14))
        surface.blit(text, text.get_rect(center=(round(x), round(y) + 1)))
    return surface


def main() -> None:
    """Write all pictures beside this file."""
    with TemporaryDirectory() as folder:
        mission = _recorded("mons_mouton", Path(folder))
        render(mission, _HERE / "mission.png", Still(size=_SIZE, at=float(_FRONT)))
        pygame.image.save(_overview(mission), _HERE / "overview.png")
        whole = drawn(Picture(ground_picture(mission), 2), mission.scene(float(_OVERVIEW)), Still(size=_SIZE))
        pygame.image.save(whole.subsurface(layout(_SIZE).panel), _HERE / "panel.png")
        crossing = _recorded("crossing", Path(folder))
        render(crossing, _HERE / "crossing.png", Still(size=(1100, 620), at=float(_CROSSING)))


if __name__ == "__main__":
    main()
