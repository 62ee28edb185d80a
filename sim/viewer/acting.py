"""What a person can have a live run do: menus of orders and of faults, as a scenario file would say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import Final

from fleet.core import Path, Point
from fleet.messages import MOST_CLOSED
from sim.viewer.menu import Item, Menu, Wish
from sim.viewer.scene import Scene, SceneRover, SceneTask

#: Faults of a rover: what is said of them, and the keys that they need beside the rover.
ROVER_FAULTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "silent": ("its radio dies", ""),
        "agent_crash": ("its mind crashes", ""),
        "host_loss": ("its computer goes off", ""),
        "slow_agent": ("its mind takes 30 s to decide", "delay: 30s"),
        "held": ("its wheels find no hold", ""),
        "stuck_wheel": ("a wheel is stuck", ""),
        "dead_panel": ("its panels give nothing", ""),
        "battery_fade": ("its battery holds a third less", "share: 0.33"),
        "wrong_position": ("it is 3 m wrong about where it is", "error_m: 3"),
    }
)
#: Faults of the air, likewise.
AIR_FAULTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "message_loss": ("a third of all messages is lost", "share: 0.33"),
        "message_corruption": ("a third of all messages is corrupted", "share: 0.33"),
        "message_delay": ("half of all messages come late", "share: 0.5, delay: 5s, spread: 20s"),
        "message_duplication": ("half of all messages come twice", "share: 0.5, delay: 1s, spread: 10s"),
    }
)
_OVER: Final = ("done", "failed", "cancelled")  # Work that no order changes any more.
_JAM: Final = 50.0  # metres
_ROCK: Final = 0.8  # metres
_AROUND: Final = 15.0  # metres of ground to be surveyed
_SPANS: Final = (("for 10 minutes", "10m"), ("for 1 hour", "1h"), ("for 6 hours", "6h"), ("for good", ""))


def run_menu(scene: Scene, *, can_undo: bool) -> Menu:
    """Return what can be done to the whole run."""
    rovers = [rover for rover in scene.rovers if rover.can_drive]
    agencies = sorted({rover.agency for rover in rovers})
    by_agency = tuple(
        item for agency in agencies for item in (_stop(f"{agency}'s rovers", f"agency: {agency}", grave=True),)
    )
    items = [
        Item(
            text=f"Stop all {len(rovers)} rovers",
            does=_sure(f"Stop all {len(rovers)} rovers?", _stop_all()),
            grave=True,
        ),
        Item(text="Let all rovers go", does=_let_go("all rovers", "rovers: all").does),
        Item(text="Stop the rovers of one agency", does=Menu(title="Stop the rovers of", items=by_agency), grave=True),
        Item(text="Close ground: draw it", does="sketch", hint="Z"),
        *(_open(zone.id) for zone in scene.closed),
        Item(text="An agency leaves the mission", does=_withdrawal(scene), grave=True),
        Item(text="Let something go wrong", does=fault_menu(scene, None), hint="X"),
    ]
    if can_undo:
        items.append(Item(text="Take back the last order", does="undo", hint="U"))
    return Menu(title="Mission control orders", items=tuple(items))


def rover_menu(rover: SceneRover, scene: Scene) -> Menu:
    """Return what can be done to a rover."""
    whom = f"rover: {rover.id}"
    items = []
    if rover.can_drive:
        items = [
            _stop(str(rover.id), whom, hint="H"),
            Item(
                text=f"Stop {rover.id} for 10 minutes",
                does=_order(f"{{order: stop, {whom}, for: 10m}}", f"{rover.id} is to stand for 10 minutes", _go(whom)),
            ),
            _let_go(str(rover.id), whom, hint="Shift H"),
        ]
    items.append(Item(text="Let something go wrong with it", does=fault_menu(scene, rover), hint="X"))
    return Menu(title=str(rover.id), items=tuple(items))


def ground_menu(scene: Scene, point: Point) -> Menu:
    """Return what can be done at a place."""
    x, y = round(point[0], 1), round(point[1], 1)
    jam = f"fault: radio_jam, centre: {{at_m: [{x:g}, {y:g}]}}, radius_m: {_JAM:g}"
    rock = f"fault: obstacle, centre: {{at_m: [{x:g}, {y:g}]}}, radius_m: {_ROCK:g}"
    return Menu(
        title=f"x {x:g}  y {y:g} m",
        items=(
            Item(text="Close ground: draw it", does="sketch", hint="Z"),
            *(_open(zone.id) for zone in scene.closed),
            Item(
                text=f"Jam all radio within {_JAM:g} m", does=_lasting("Radio jam", jam, "radio is jammed"), grave=True
            ),
            Item(
                text=f"Put an unknown rock of {_ROCK:g} m there",
                does=_lasting("Rock", rock, "lies there"),
                grave=True,
            ),
            *_work(scene, x, y),
            Item(text="All orders", does="all orders", hint="O"),
        ),
    )


def _work(scene: Scene, x: float, y: float) -> tuple[Item, ...]:
    """Return work that can be sent to a place."""
    taken = {task.id for task in scene.tasks}
    name = next(f"sent-{number}" for number in count(1) if f"sent-{number}" not in taken)
    place = f"{{at_m: [{x:g}, {y:g}]}}"
    picture = f"kind: image, id: {name}, title: Picture on demand, at: {place}, work: 10m"
    area = f"circle: {{centre: {place}, radius_m: {_AROUND:g}}}, spacing_m: {_AROUND / 2:g}, dwell: 2m"
    survey = f"kind: survey, id: {name}, title: Survey on demand, {area}"
    told = f"{name} is ordered; whoever does it soonest takes it"
    return (
        Item(text="Send work: take pictures here", does=_order(f"{{order: task, task: {{{picture}}}}}", told)),
        Item(text=f"Send work: survey {_AROUND:g} m around", does=_order(f"{{order: task, task: {{{survey}}}}}", told)),
    )


def zone_menu(scene: Scene, outline: Path, number: int) -> Menu:
    """Return how drawn ground can be closed.

    Parameters
    ----------
    number
        How many were drawn before in this window.
    """
    name = zone_name(scene, number)
    corners = ", ".join(f"[{x:.1f}, {y:.1f}]" for x, y in outline)
    ways = (
        ("who is inside drives out", ""),
        ("who is inside stands", "inside: stop, "),
        ("who is inside drives out; for 1 hour", "for: 1h, "),
    )
    items = [
        Item(
            text=f"Close it: {words}",
            does=_order(
                f"{{order: close, zone: {name}, {keys}polygon_m: [{corners}]}}",
                f"{name} is closed",
                f"{{order: open, zone: {name}}}",
            ),
        )
        for words, keys in ways
    ]
    items.append(Item(text="Draw on", does="sketch"))
    items.append(Item(text="Leave it", does="leave"))
    return Menu(title=f"Nobody enters {name}", items=tuple(items))


def zone_name(scene: Scene, number: int) -> str:
    """Return a name for ground to be closed that none has; a bulletin holds so many names.

    >>> from datetime import datetime, timezone
    >>> from fleet.core import MissionTime
    >>> time = MissionTime(start=datetime(2029, 11, 1, tzinfo=timezone.utc), dt=1.0)
    >>> zone_name(Scene(title="", time=time, tick=0, end=1, sun=(0.0, 0.1)), 2)
    'closed-3'
    """
    taken = {zone.id for zone in scene.closed}
    names = [f"closed-{(number + step) % MOST_CLOSED + 1}" for step in range(MOST_CLOSED)]
    return next((name for name in names if name not in taken), names[0])


def fault_menu(scene: Scene, rover: SceneRover | None) -> Menu:
    """Return what can go wrong with a rover, or in the air for all."""
    if rover is not None:
        return Menu(
            title=f"Something goes wrong with {rover.id}",
            items=tuple(
                Item(
                    text=words,
                    does=_lasting(
                        f"{rover.id}: {words}", _keys(kind, f"rover: {rover.id}", keys), f"{rover.id}: {words}"
                    ),
                    grave=True,
                )
                for kind, (words, keys) in ROVER_FAULTS.items()
            ),
        )
    apart: dict[str, list[str]] = {}
    for other in scene.rovers:
        apart.setdefault(str(other.agency), []).append(str(other.id))
    parts = [
        (f"{agency}'s rovers hear only each other", f"fault: partition, groups: [[{', '.join(rovers)}]]")
        for agency, rovers in sorted(apart.items())
        if len(rovers) < len(scene.rovers)
    ]
    air = [(words, _keys(kind, keys)) for kind, (words, keys) in AIR_FAULTS.items()]
    drawn = [(f"somewhere, {words}", _keys(kind, "rovers: any", keys)) for kind, (words, keys) in ROVER_FAULTS.items()]
    return Menu(
        title="Something goes wrong",
        items=tuple(
            Item(text=words, does=_lasting(words, keys, words), grave=True)
            for words, keys in (*air, *parts, *drawn[:3])
        ),
    )


def halt(rover: SceneRover, *, go: bool) -> Wish:
    """Return the order that one rover stands, or may go on."""
    whom = f"rover: {rover.id}"
    wish = (_let_go if go else _stop)(str(rover.id), whom).does
    assert isinstance(wish, Wish)
    return wish


def _keys(kind: str, *keys: str) -> str:
    return ", ".join([f"fault: {kind}", *(key for key in keys if key)])


def _lasting(title: str, keys: str, told: str) -> Menu:
    """Return how long a fault can last: choosing that is what confirms it."""
    return Menu(
        title=title,
        items=tuple(
            Item(
                text=words,
                does=Wish(do="fault", text=f"{{{keys}{f', for: {span}' if span else ''}}}", told=f"{told}, {words}"),
                grave=not span,
            )
            for words, span in _SPANS
        ),
    )


def _order(text: str, told: str, undo: str = "") -> Wish:
    return Wish(do="order", text=text, told=told, undo=undo)


def _go(whom: str) -> str:
    return f"{{order: go, {whom}}}"


def _stop(name: str, whom: str, *, hint: str = "", grave: bool = False) -> Item:
    wish = _order(f"{{order: stop, {whom}}}", f"{name}: stand", _go(whom))
    return Item(text=f"Stop {name}", does=wish, hint=hint, grave=grave)


def _let_go(name: str, whom: str, *, hint: str = "") -> Item:
    return Item(text=f"Let {name} go", does=_order(_go(whom), f"{name}: go on"), hint=hint)


def _stop_all() -> Iterable[Item]:
    return (_stop("all of them", "rovers: all", grave=True),)


def _sure(title: str, items: Iterable[Item]) -> Menu:
    return Menu(title=title, items=(*items, Item(text="Leave it", does="leave")))


def _open(zone: str) -> Item:
    return Item(text=f"Open {zone}", does=_order(f"{{order: open, zone: {zone}}}", f"{zone} is open again"))


def task_menu(task: SceneTask) -> Menu:
    """Return what can be done about a task: asked about, and while it is not over paused, let go on, cancelled."""
    whom = f"task: {task.id}"
    items = [Item(text=f"Ask about {task.id}", does="ask", hint="I")]
    resume, pause = f"{{order: resume, {whom}}}", f"{{order: pause, {whom}}}"
    if task.state == "paused":
        items.append(Item(text=f"Let {task.id} go on", does=_order(resume, f"{task.id} goes on", pause), hint="H"))
    elif task.state not in _OVER:
        hour = _order(f"{{order: pause, {whom}, for: 1h}}", f"{task.id} is paused for an hour", resume)
        items += [
            Item(text=f"Pause {task.id}", does=_order(pause, f"{task.id} is paused", resume), hint="H"),
            Item(text=f"Pause {task.id} for 1 hour", does=hour),
        ]
    if task.state not in _OVER:
        cancel = Item(text="Cancel it for good", does=_order(f"{{order: cancel, {whom}}}", f"{task.id} is cancelled"))
        sure = _sure(f"Nobody works at {task.id} any more?", [replace(cancel, grave=True)])
        items.append(Item(text=f"Cancel {task.id}", does=sure, grave=True))
    return Menu(title=task.title, items=tuple(items))


def suspend(task: SceneTask) -> Wish | None:
    """Return the order that a task is paused, or goes on where it is; None where it is over."""
    ways = [item.does for item in task_menu(task).items if item.hint == "H"]
    return next((wish for wish in ways if isinstance(wish, Wish)), None)


def _withdrawal(scene: Scene) -> Menu:
    """Return which agency can leave the mission; it cannot come back."""
    items = []
    for agency in sorted({rover.agency for rover in scene.rovers}):
        leave = _order(f"{{order: withdraw, agency: {agency}}}", f"{agency} leaves the mission")
        ask = _sure(
            f"{agency} takes no more work, and its own is void?",
            [Item(text="It leaves for good", does=leave, grave=True)],
        )
        items.append(Item(text=str(agency), does=ask, grave=True))
    return Menu(title="Who leaves the mission?", items=tuple(items))
