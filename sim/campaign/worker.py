"""A process that runs trials one after another: orders as lines of JSON on stdin, rows as lines on stdout.

Hot loops are loaded once; a run that ends the process takes no other run with it.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

import msgspec

from fleet.core import WallClock
from fleet.runtime import live_and_die_with
from sim.campaign.crew import READY
from sim.campaign.perform import perform
from sim.campaign.trial import Trial, row_without_verdict
from sim.run import compile_kernels


def main(file: Path, parent: int) -> None:
    """Say that it is ready, then answer each trial with its row until the orders end."""
    live_and_die_with(parent)
    # What agents print is talk, and what they read is nothing: both pipes are ours alone.
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    waiting: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(orders, waiting), daemon=True).start()
    clock = WallClock()
    compile_kernels(lambda _: None)
    _say(answers, READY)
    while True:
        trial = msgspec.json.decode(waiting.get(), type=Trial)
        began = clock.now()
        try:
            row = perform(file, trial, clock)
        except Exception as error:  # a bug of ours in one run must not cost the others
            traceback.print_exc()
            row = row_without_verdict(trial, "error", f"{type(error).__name__}: {error}", clock.now() - began)
        _say(answers, msgspec.json.encode(row) + b"\n")


def _listen(orders: BinaryIO, waiting: SimpleQueue[bytes]) -> None:
    """Take in orders; when there will be no more, the process is over, whatever it is doing."""
    for line in orders:
        waiting.put(line)
    os._exit(0)


def _say(answers: BinaryIO, line: bytes) -> None:
    answers.write(line)
    answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
