"""What a worker process does: orders as lines of JSON on stdin, answers as lines on stdout.

Hot loops are loaded once; a piece of work that ends the process takes no other with it.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, Final, TypeVar

import msgspec

from fleet.core import Clock, WallClock, live_and_die_with

READY: Final = b"ready\n"  #: What a worker says first.

Order = TypeVar("Order")
Answer = TypeVar("Answer", bound=msgspec.Struct)


def serve(
    parent: int,
    kind: type[Order],
    warm: Callable[[], None],
    perform: Callable[[Order, Clock], Answer],
    fail: Callable[[Order, str, float], Answer],
) -> None:
    """Say that it is ready, then answer each order until there will be no more; does not return.

    Parameters
    ----------
    parent
        Process id of who gives the orders.
    kind
        Of orders.
    warm
        Loads what is needed by all of them.
    fail
        The answer when `perform` raises what it should not: order, what it was, wall seconds.
    """
    live_and_die_with(parent)
    # What agents print is talk, and what they read is nothing: both pipes are ours alone.
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    waiting: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(orders, waiting), daemon=True).start()
    clock = WallClock()
    warm()
    _say(answers, READY)
    while True:
        order = msgspec.json.decode(waiting.get(), type=kind)
        began = clock.now()
        try:
            answer = perform(order, clock)
        except Exception as error:  # a bug of ours in one run must not cost the others
            traceback.print_exc(file=sys.stderr)
            answer = fail(order, f"{type(error).__name__}: {error}", clock.now() - began)
        _say(answers, msgspec.json.encode(answer) + b"\n")


def _listen(orders: BinaryIO, waiting: SimpleQueue[bytes]) -> None:
    """Take in orders; when there will be no more, the process is over, whatever it is doing."""
    for line in orders:
        waiting.put(line)
    os._exit(0)


def _say(answers: BinaryIO, line: bytes) -> None:
    answers.write(line)
    answers.flush()
