"""The proving ground: plugins at work in short missions, judged by the rules of `fleet.sdk.testing`."""

from sim.proving.ground import prove

__all__ = ["prove"]
