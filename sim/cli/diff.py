"""`moonfleet diff`: where two recordings part."""

from __future__ import annotations

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
    from sim.record import describe, first_difference  # noqa: PLC0415 - loads numba

    found = first_difference(a, b)
    if found is None:
        emit({"same": True}, as_json=as_json, text="the recordings are the same")
        return 0
    values = {"same": False, "entry": found.entry, "a": named(found.a), "b": named(found.b)}
    text = f"entry {found.entry} differs\n  a: {describe(found.a)}\n  b: {describe(found.b)}"
    emit(values, as_json=as_json, text=text)
    return 1
