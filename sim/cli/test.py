"""`moonfleet test`: scenarios as tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from fleet.core import ConfigError
from sim.cli.output import emit
from sim.cli.progress import announce

_FILE = click.Path(path_type=Path)


def scenario_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Give scenario files: those named, and all in the folders named.

    Raises
    ------
    ConfigError
        When a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise ConfigError(str(path), "there is no such file or folder")
        yield from sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


@click.command(epilog="Example: moonfleet test scenarios/")
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(paths: tuple[Path, ...], *, as_json: bool) -> int:
    """Run scenarios and judge each by its expectations; a line each, with what failed and how to look at it."""
    from sim.run import RunOptions, compile_kernels, run  # noqa: PLC0415 - loads numba
    from sim.scenario import load_scenario  # noqa: PLC0415 - with it

    compile_kernels(announce)
    rows: list[dict[str, Any]] = []
    for file in scenario_files(paths):
        try:
            with redirect_stdout(sys.stderr):  # What agents print is talk, not data.
                result = run(load_scenario(file), RunOptions(bus="memory"))
        except ConfigError as error:
            rows.append({"file": str(file), "verdict": "invalid", "exit_code": 2, "errors": [str(error)]})
        else:
            summary = result.summary()
            rows.append({"file": str(file), "exit_code": result.exit_code, **summary})
        if not as_json:
            click.echo(_line(rows[-1]))
    codes = [row["exit_code"] for row in rows]
    passed, failed = codes.count(0), len(codes) - codes.count(0)
    values = {"passed": passed, "failed": failed, "scenarios": rows}
    emit(values, as_json=as_json, text=f"{passed} passed, {failed} failed")
    return max(codes, default=0)


def _line(row: dict[str, Any]) -> str:
    if row["verdict"] == "invalid":
        return "\n".join([f"invalid  {row['file']}", *(f"  {error}" for error in row["errors"])])
    lines = [f"{'ok' if row['exit_code'] == 0 else 'FAIL':<8} {row['file']}  {row['wall_seconds']:.1f} s"]
    lines += [
        f"  {row['file']}:{check['line']}: {check['name']}: expected {check['expected']}, got {check['got']}"
        for check in row["expectations"]
        if not check["passed"]
    ]
    lines += [f"  fault: {error}" for error in row["errors"]]
    if row["exit_code"]:
        lines.append(f"  look: moonfleet run {row['file']} --seed {row['seed']}")
    return "\n".join(lines)
