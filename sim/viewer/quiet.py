"""pygame, imported without its greeting: standard output belongs to data."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO

with redirect_stdout(StringIO()):
    import pygame

__all__ = ["pygame"]
