"""`moonfleet keys`: make keys, and say whose they are."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.output import emit

_FILE = click.Path(path_type=Path)


@click.group(epilog="Example: moonfleet keys new ops -o my-keys")
def command() -> None:
    """Make keys, and say whose they are: a private file for yourself, and a public one for those who shall know you."""


@command.command(epilog="Example: moonfleet keys new ops -o my-keys")
@click.argument("name")
@click.option("-o", "--out", type=_FILE, default=Path(), help="Folder; the present one if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def new(name: str, out: Path, *, as_json: bool) -> None:
    """Make NAME.key, which only you may read, and NAME.pub, for others: to be let in by, and to sign with.

    NAME is an agency, a rover, an operator, or hub for the key of a run itself.
    """
    from fleet.bus import new_key, write_key  # noqa: PLC0415 - loads zmq

    key = new_key(name)
    private, public = write_key(key, out)
    values = {
        "name": name,
        "fingerprint": key.public.fingerprint,
        "signing": key.signing,
        "private": str(private),
        "public": str(public),
    }
    text = f"{name}  {key.public.fingerprint}\n  {private}  for yourself\n  {public}  for the run's folder of keys"
    emit(values, as_json=as_json, text=text)


@command.command(epilog="Example: moonfleet keys show my-keys/ops.pub")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say whose keys these are, by public or private files; no secret is shown."""
    from fleet.bus.keys import PRIVATE, read_private, read_public  # noqa: PLC0415 - loads zmq

    keys = [read_private(file).public if file.suffix == PRIVATE else read_public(file) for file in files]
    rows = [
        {
            "file": str(file),
            "name": key.name,
            "fingerprint": key.fingerprint,
            "curve": key.curve,
            "signing": key.signing,
        }
        for file, key in zip(files, keys, strict=True)
    ]
    text = "\n".join(
        f"{row['name']:<20} {row['fingerprint']}  {row['file']}\n"
        f"  lets in      {row['curve']}\n  signs        {row['signing'] or 'nothing: it was made before keys could'}"
        for row in rows
    )
    emit({"keys": rows}, as_json=as_json, text=text)
