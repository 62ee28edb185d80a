"""Grey pictures as PNG, without a library for it."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

import numpy as np
from numpy.typing import NDArray


def png(grey: NDArray[np.uint8]) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    grey
        (H, W) uint8, the top row first.

    Source
    ------
    PNG specification, third edition, W3C 2003 and later: one grey channel of 8 bits (11.2.1); every row filtered by
    difference to its left neighbour (9.2, type 1), which packs slopes well.
    """
    height, width = grey.shape
    rows = np.ones((height, width + 1), dtype=np.uint8)
    rows[:, 1] = grey[:, 0]
    rows[:, 2:] = grey[:, 1:] - grey[:, :-1]
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = zlib.compress(rows.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def data_uri(grey: NDArray[np.uint8]) -> str:
    """Return a picture as an address that holds it."""
    return "data:image/png;base64," + b64encode(png(grey)).decode("ascii")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
