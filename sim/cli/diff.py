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
    """Name the first tick, rover and field in which two recordings differ; exit 1 when there is one."""
    from fleet.messages.named import named  # noqa: PLC0415 - loads numba
    from sim.record import describe, first_difference, tick_of  # noqa: PLC0415 - loads numba

    found = first_difference(a, b)
    if found is None:
        emit({"same": True}, as_json=as_json, text="the recordings are the same")
        return 0
    field = found.field
    values = {
        "same": False,
        "entry": found.entry,
        "tick": min(tick_of(entry) for entry in (found.a, found.b) if entry is not None),
        "rover": field.rover if field is not None else None,
        "field": field.path if field is not None else None,
        "a": named(found.a),
        "b": named(found.b),
    }
    told = [describe(found.a), describe(found.b)]
    if field is not None:
        whose = f"{field.rover}, " if field.rover is not None else ""
        told = [f"{text}; {whose}{field.path} {value}" for text, value in zip(told, (field.a, field.b), strict=True)]
    text = f"entry {found.entry} differs\n  a: {told[0]}\n  b: {told[1]}"
    emit(values, as_json=as_json, text=text)
    return 1
