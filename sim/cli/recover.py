"""`moonfleet recover`: a recording that was cut short, made whole."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.output import emit

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: moonfleet recover mission.mcap -o whole.mcap")
@click.argument("file", type=_FILE)
@click.option("-o", "--out", type=_FILE, help="The whole one; FILE with .whole before its ending if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(file: Path, out: Path | None, *, as_json: bool) -> None:
    """Make a recording whole that was cut short, for readers of MCAP that look for its end (FILE stays as it is).

    Moonfleet itself opens a cut recording as it is.
    """
    from sim.record import recover  # noqa: PLC0415 - loads numba

    whole = out or file.with_suffix(f".whole{file.suffix}")
    left_out = recover(file, whole)
    text = f"{whole}: all that is whole in {file}" + (f"; {left_out} bytes at its end were not" if left_out else "")
    emit({"file": str(file), "whole": str(whole), "left_out_bytes": left_out}, as_json=as_json, text=text)
