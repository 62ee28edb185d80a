"""How events change the window's state: which key does what; the pointer has a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from sim.viewer import moves, pointer
from sim.viewer.look import LAYER_KEYS
from sim.viewer.moves import Change
from sim.viewer.quiet import pygame
from sim.viewer.search import matches
from sim.viewer.state import Stage, ViewState

_STEP: Final = 60.0  # seconds
_JUMP: Final = 600.0  # seconds
_ZOOM: Final = 1.25
_CHOICES: Final[Mapping[int, int]] = MappingProxyType({pygame.K_UP: -1, pygame.K_DOWN: 1, pygame.K_TAB: 1})
_ENTER: Final = (pygame.K_RETURN, pygame.K_KP_ENTER)


def handle(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Return the state after one event; events that mean nothing change nothing."""
    change = _EVENTS.get(event.type)
    return state if change is None else change(state, event, stage)


_KEYS: Final[Mapping[int, Change]] = MappingProxyType(
    {
        pygame.K_SPACE: moves.paused,
        pygame.K_LEFT: moves.panned(-1, 0),
        pygame.K_RIGHT: moves.panned(1, 0),
        pygame.K_UP: moves.panned(0, -1),
        pygame.K_DOWN: moves.panned(0, 1),
        pygame.K_a: moves.panned(-1, 0),
        pygame.K_d: moves.panned(1, 0),
        pygame.K_w: moves.panned(0, -1),
        pygame.K_s: moves.panned(0, 1),
        pygame.K_PAGEUP: moves.zoomed(_ZOOM),
        pygame.K_PAGEDOWN: moves.zoomed(1 / _ZOOM),
        pygame.K_f: moves.whole_ground,
        pygame.K_TAB: moves.next_selected(1),
        pygame.K_HOME: lambda state, stage: moves.at(state, stage, stage.span[0]),
        pygame.K_END: lambda state, stage: moves.at(state, stage, stage.span[1]),
        pygame.K_g: moves.shown_gantt,
        pygame.K_o: moves.ordered,
        pygame.K_h: moves.halted(go=False),
        pygame.K_z: moves.sketched,
        pygame.K_x: moves.struck,
        pygame.K_u: moves.undone,
        pygame.K_l: moves.layered,
        pygame.K_p: moves.photographed,
        pygame.K_e: moves.marked(1),
        pygame.K_i: moves.told,
        pygame.K_F1: moves.helped,
        pygame.K_F11: moves.filled,
        pygame.K_F12: moves.photographed,
        pygame.K_ESCAPE: moves.left,
        pygame.K_q: moves.ended,
    }
)
_SHIFTED: Final[Mapping[int, Change]] = MappingProxyType(
    {
        pygame.K_LEFT: moves.jumped(-_JUMP),
        pygame.K_RIGHT: moves.jumped(_JUMP),
        pygame.K_f: moves.whole_fleet,
        pygame.K_TAB: moves.next_selected(-1),
        pygame.K_h: moves.halted(go=True),
        pygame.K_o: moves.ordered_all,
        pygame.K_e: moves.marked(-1),
    }
)
_CONTROLLED: Final[Mapping[int, Change]] = MappingProxyType(
    {
        pygame.K_PLUS: moves.scaled(1),
        pygame.K_EQUALS: moves.scaled(1),
        pygame.K_KP_PLUS: moves.scaled(1),
        pygame.K_MINUS: moves.scaled(-1),
        pygame.K_KP_MINUS: moves.scaled(-1),
        pygame.K_0: moves.scaled(0),
        pygame.K_KP_0: moves.scaled(0),
        pygame.K_z: moves.undone,
        pygame.K_f: moves.sought,
        pygame.K_q: moves.ended,
    }
)
# By the character, since keyboards of the world have these in different places.
_CHARACTERS: Final[Mapping[str, Change]] = MappingProxyType(
    {
        "+": moves.paced(1),
        "=": moves.paced(1),
        "]": moves.paced(1),
        "-": moves.paced(-1),
        "[": moves.paced(-1),
        "?": moves.helped,
        "/": moves.sought,
        ",": moves.stepped(-_STEP),
        ".": moves.stepped(_STEP),
    }
    | {key: moves.toggled(layer) for key, layer in LAYER_KEYS.items()}
)


def _key_down(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META):
        change = _CONTROLLED.get(event.key)
        return state if change is None else change(state, stage)
    if state.search is not None:
        return _typed(state, event, stage)
    if state.menu is not None:
        return _chosen(state, event, stage)
    if state.sketch is not None and event.key in _ENTER:
        return moves.outlined(state, stage, state.sketch)
    if state.sketch is not None and event.key == pygame.K_BACKSPACE:
        return replace(state, sketch=state.sketch[:-1])
    change = _CHARACTERS.get(getattr(event, "unicode", ""))
    if change is None and event.mod & pygame.KMOD_SHIFT:
        change = _SHIFTED.get(event.key)
    change = change or _KEYS.get(event.key)
    return state if change is None else change(state, stage)


def _typed(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Take a key while somebody searches."""
    text = state.search or ""
    if event.key == pygame.K_ESCAPE:
        return replace(state, search=None)
    if event.key == pygame.K_BACKSPACE:
        return replace(state, search=text[:-1], found=0)
    if event.key in _ENTER:
        return moves.taken(state, stage, state.found)
    if event.key in _CHOICES:
        last = max(0, len(matches(stage.scene, text)) - 1)
        return replace(state, found=min(max(state.found + _CHOICES[event.key], 0), last))
    typed = getattr(event, "unicode", "")
    return replace(state, search=text + typed, found=0) if typed.isascii() and typed.isprintable() else state


def _text(state: ViewState, event: pygame.event.Event, _stage: Stage) -> ViewState:
    """Take what several keys, or a method of input, spell together; what one key says alone came with the key."""
    if state.search is None or event.text.isascii():
        return state
    return replace(state, search=state.search + event.text, found=0)


def _chosen(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    """Take a key while a menu is open: it is for the menu, or for nobody."""
    menu = state.menu
    assert menu is not None
    if event.key == pygame.K_ESCAPE:
        return moves.left(state, stage)
    if event.key in _CHOICES:
        return replace(state, menu=menu.moved(_CHOICES[event.key]))
    typed = getattr(event, "unicode", "")
    number = int(typed) - 1 if typed.isdecimal() and typed.isascii() else -1
    if event.key in (*_ENTER, pygame.K_RIGHT):
        number = menu.chosen
    if 0 <= number < len(menu.items):
        return moves.done(state, stage, menu.items[number].does)
    return state


def _wheel(state: ViewState, event: pygame.event.Event, stage: Stage) -> ViewState:
    if state.menu is not None:
        return replace(state, menu=state.menu.moved(-event.y))
    for spot in stage.rows:
        if spot.scrolls and spot.place.collidepoint(state.pointer):
            return moves.turned_over(state, spot, -event.y)
    return moves.zoomed(_ZOOM**event.y)(state, stage)


def _resized(state: ViewState, event: pygame.event.Event, _stage: Stage) -> ViewState:
    return moves.resized(replace(state, size=(event.x, event.y), menu=None))


def _quit(state: ViewState, _event: pygame.event.Event, _stage: Stage) -> ViewState:
    return replace(state, done=True)


_EVENTS: Final[Mapping[int, Callable[[ViewState, pygame.event.Event, Stage], ViewState]]] = MappingProxyType(
    {
        pygame.KEYDOWN: _key_down,
        pygame.TEXTINPUT: _text,
        pygame.MOUSEWHEEL: _wheel,
        pygame.MOUSEBUTTONDOWN: pointer.button_down,
        pygame.MOUSEBUTTONUP: pointer.button_up,
        pygame.MOUSEMOTION: pointer.moved,
        pygame.WINDOWRESIZED: _resized,
        pygame.QUIT: _quit,
    }
)
