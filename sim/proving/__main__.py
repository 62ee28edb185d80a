"""A process in which a part of a check is done; it says what it sees in lines of JSON."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import IO

from fleet.core import live_and_die_with
from fleet.sdk.testing import KINDS
from sim.proving.part import Words, line_of, prove_part


def main() -> int:
    """Prove the part that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m sim.proving", description="Prove a part for a check elsewhere.")
    parser.add_argument("parent", type=int, help="process without which it ends")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("plugin")
    parser.add_argument("vehicle")
    parser.add_argument("part", choices=["witnessed", "alone"])
    arguments = parser.parse_args()
    live_and_die_with(arguments.parent)
    # What plugins print must not come between the lines.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    logging.basicConfig(level=logging.CRITICAL)
    prove_part(arguments.kind, arguments.plugin, arguments.vehicle, arguments.part, lambda words: _say(out, words))
    return 0


def _say(out: IO[bytes], words: Words) -> None:
    out.write(line_of(words))


if __name__ == "__main__":
    sys.exit(main())
