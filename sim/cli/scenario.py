"""`moonfleet scenario`: check, show, describe and start scenario files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click
import msgspec

from fleet.core import ConfigError
from sim.cli.output import SEED, emit

_FILE = click.Path(path_type=Path)


@click.group(epilog="Example: moonfleet scenario check scenarios/*.yaml")
def command() -> None:
    """Check, show, describe and start scenario files."""


@command.command(
    short_help="Say everything that is wrong with scenario files.",
    epilog="Example: moonfleet scenario check scenarios/smoke.yaml",
)
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check(files: tuple[Path, ...], *, as_json: bool) -> int:
    """Say everything that is wrong with scenario files, with line and remedy; exit 2 when anything is."""
    from sim.scenario import load_scenario  # noqa: PLC0415 - loads numba

    problems: list[str] = []
    for file in files:
        try:
            load_scenario(file)
        except ConfigError as error:
            problems.append(str(error))
    text = "\n".join(problems) if problems else f"{len(files)} scenario file(s) are fine"
    if as_json or not problems:
        emit({"valid": not problems, "problems": problems}, as_json=as_json, text=text)
    else:
        click.echo(text, err=True)
    return 2 if problems else 0


@command.command(
    short_help="Print a scenario as it is run.",
    epilog="Example: moonfleet scenario show scenarios/mons_mouton.yaml --seed 3",
)
@click.argument("file", type=_FILE)
@click.option("--seed", type=SEED, help="Instead of the file's own.")
@click.option("--terrain", type=_FILE, help="Real ground instead of the file's own.")
@click.option("--merged", is_flag=True, help="As one YAML file, with all that it extends and includes.")
def show(file: Path, *, seed: int | None, terrain: Path | None, merged: bool) -> None:
    """Print a scenario as it is run: places found, tasks as steps, every vehicle's figures with label and source."""
    from sim.scenario import load_scenario, merged_text, resolved  # noqa: PLC0415 - loads numba

    if merged:
        click.echo(merged_text(file), nl=False)
        return
    values = resolved(load_scenario(file, seed=seed, terrain=terrain))
    click.echo(msgspec.json.format(msgspec.json.encode(values), indent=2).decode())


@command.command(epilog="Example: moonfleet scenario schema > moonfleet.schema.json")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario import scenario_schema  # noqa: PLC0415 - loads numba

    click.echo(msgspec.json.format(msgspec.json.encode(scenario_schema()), indent=2).decode())


@command.command(
    short_help="Write a small scenario to start from.",
    epilog="Example: moonfleet scenario new my_mission.yaml && moonfleet run my_mission.yaml",
)
@click.argument("file", type=_FILE)
def new(file: Path) -> None:
    """Write a small commented scenario to start from; never over a file that exists."""
    text = resources.files("sim.scenario").joinpath("start.yaml").read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text.replace("NAME", file.stem.replace("_", "-")))
    except FileExistsError:
        raise ConfigError(str(file), "the file exists", "name another; nothing was written") from None
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None
    click.echo(f"wrote {file}; try: moonfleet run {file} --headless")
