"""Charts of the ground for white paper: maps with frame, scale, north and key."""

from sim.viewer.chart.chart import Bar, Chart, Heading, Mark, Outline, Panel, Sign, Swatch
from sim.viewer.chart.painting import save_chart

__all__ = ["Bar", "Chart", "Heading", "Mark", "Outline", "Panel", "Sign", "Swatch", "save_chart"]
