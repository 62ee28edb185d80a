"""`moonfleet diff`: where two recordings part."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import click

from sim.cli.output import emit

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: moonfleet diff a.mcap b.mcap")
@click.argument("a", type=_FILE)
@click.argument("b", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(a: Path, b: Path, *, as_json: bool) -> int:
    """Name the first entry in which two recordings differ; exit 1 when there is one."""
    from fleet.messages.named import named  # noqa: PLC0415 - loads numba
    from sim.record import Closing, Recording, describe  # noqa: PLC0415 - loads numba

    for number, (left, right) in enumerate(zip_longest(Recording(a).entries(), Recording(b).entries())):
        if left == right or (isinstance(left, Closing) and isinstance(right, Closing) and left.tick == right.tick):
            continue
        values = {"same": False, "entry": number, "a": named(left), "b": named(right)}
        text = f"entry {number} differs\n  a: {describe(left)}\n  b: {describe(right)}"
        emit(values, as_json=as_json, text=text)
        return 1
    emit({"same": True}, as_json=as_json, text="the recordings are the same")
    return 0
