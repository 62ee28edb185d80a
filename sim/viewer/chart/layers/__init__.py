"""What there is to show of a ground: each layer turns a subject and a wish into the panels of a chart."""

from sim.viewer.chart.layers.catalogue import LAYERS, chart_of, layer_of
from sim.viewer.chart.layers.layer import Layer, Wish

__all__ = ["LAYERS", "Layer", "Wish", "chart_of", "layer_of"]
