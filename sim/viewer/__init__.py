"""The window and the pictures of a mission; the only room that knows pygame."""

from sim.viewer.camera import Camera
from sim.viewer.film import ENCODERS, Film, render_film
from sim.viewer.look import LAYERS, Layer, Look
from sim.viewer.remembered import layout_file
from sim.viewer.scene import Scene, SceneEvent, SceneMark, SceneRover, SceneTask, Story
from sim.viewer.source import SceneSource
from sim.viewer.still import Still, render
from sim.viewer.timelines import LiveRun, LiveSource, RecordedRun
from sim.viewer.window import Showing, rehearse, show

__all__ = [
    "ENCODERS",
    "LAYERS",
    "Camera",
    "Film",
    "Layer",
    "LiveRun",
    "LiveSource",
    "Look",
    "RecordedRun",
    "Scene",
    "SceneEvent",
    "SceneMark",
    "SceneRover",
    "SceneSource",
    "SceneTask",
    "Showing",
    "Still",
    "Story",
    "layout_file",
    "rehearse",
    "render",
    "render_film",
    "show",
]
