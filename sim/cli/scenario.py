"""`moonfleet scenario`: check, show, describe and start scenario files."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from pathlib import Path

import click
import msgspec

from fleet.core import ConfigError
from sim.cli.older import tell_older
from sim.cli.output import SEED, emit
from sim.suite.files import scenario_files

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
    """Say everything that is wrong with scenario files, and all in folders, with line and remedy.

    Each is read with all its variants, and its places are looked for on the ground of its own seed. Exit code 2 when
    anything is wrong.
    """
    from sim.scenario import cases_of, load_scenario  # noqa: PLC0415 - loads numba

    meant = [file for path in files for file in (scenario_files([path]) if path.is_dir() else [path])]
    tell_older(meant)
    problems: list[str] = []
    for file in meant:
        try:
            cases_of(file)
            load_scenario(file)
        except ConfigError as error:
            problems.append(str(error))
    fine = "1 scenario file is fine" if len(meant) == 1 else f"{len(meant)} scenario files are fine"
    text = "\n".join(problems) if problems else fine
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


@command.command(
    short_help="Rewrite scenario files of older formats.",
    epilog="Example: moonfleet scenario migrate scenarios/ --check",
)
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when a file is of an older format.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def migrate(paths: tuple[Path, ...], *, only_check: bool, as_json: bool) -> int:
    """Rewrite scenario files, and all in folders, in the newest format: comments and layout stay as they are.

    What a file includes is rewritten with it. Either all files can be rewritten, or none is.
    """
    from sim.scenario import migrations  # noqa: PLC0415 - loads numba

    found = [migration for migration in migrations(scenario_files(paths)) if migration.edits]
    if not only_check:
        for migration in found:
            migration.write()
    words = [f"{m.file}:{e.line}:{e.column}: {e.old} -> {e.new}" for m in found for e in m.edits]
    count = f"{len(found)} file" + ("" if len(found) == 1 else "s")
    done = f"{count} of an older format" if only_check else f"{count} rewritten"
    files = [{"file": str(m.file), "format": m.number, "edits": [asdict(e) for e in m.edits]} for m in found]
    emit({"files": files, "written": not only_check}, as_json=as_json, text="\n".join([*words, done]))
    return 1 if only_check and found else 0


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
