"""`moonfleet doctor`: what this installation can do."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module, metadata

import click

from sim.cli.output import emit

_PACKAGES = (
    "numpy",
    "numba",
    "shapely",
    "networkx",
    "pyzmq",
    "msgspec",
    "pygame-ce",
    "rasterio",
    "pyproj",
    "ephem",
    "mcap",
)

# What comes with an extra: the extra, what it is for, and packages that stand for it.
_EXTRAS = (
    ("bench", "peers of `moonfleet bench`, OR-tools for proved optima", ("ortools", "pyvrp", "helics", "mosaik")),
    ("rl", "worlds to learn in", ("gymnasium", "pettingzoo")),
    ("dask", "`moonfleet sweep --dask`", ("distributed",)),
    ("parquet", "`moonfleet sweep --parquet`", ("pyarrow",)),
    ("falsify", "`moonfleet sweep --falsify --search optuna`", ("optuna",)),
    ("film", "films of `moonfleet render`", ("imageio-ffmpeg",)),
)


def _checks() -> Iterator[tuple[str, bool, str, str]]:
    """Give name, whether it is well, what was found, and the remedy."""
    version = platform.python_version()
    yield "python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer"
    for package in _PACKAGES:
        try:
            yield package, True, metadata.version(package), ""
        except metadata.PackageNotFoundError:
            yield package, False, "missing", f"pip install {package}"
    for extra, use, packages in _EXTRAS:
        missing = [package for package in packages if not _is_installed(package)]
        told = f"{', '.join(missing)} missing" if missing else ", ".join(packages)
        yield f"[{extra}]", not missing, told, f"only for {use}: pip install 'moonfleet[{extra}]'"
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32")
    yield (
        "display",
        bool(display),
        "found" if display else "none",
        "use --headless and `moonfleet render`, or set DISPLAY",
    )
    for tool in ("Xvfb", "xdotool"):
        found = shutil.which(tool)
        yield tool, bool(found), found or "missing", f"only for window tests: install Debian's {tool.lower()}"
    node = shutil.which("node")
    yield (
        "node",
        bool(node),
        node or "missing",
        "only for minds in JavaScript, as in examples/node_agent: install Node.js",
    )
    kernels = import_module("sim.world.kernels")
    cached = import_module("fleet.core.compiled").compiled_folder(kernels.__name__).is_dir()
    yield "compiled code", True, "cached" if cached else "will be compiled at first use, a minute or two", ""


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


@click.command(epilog="Example: moonfleet doctor --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, as_json: bool) -> None:
    """Say what this installation can do, with the remedy for what it cannot."""
    rows = [{"name": n, "well": well, "found": f, "remedy": "" if well else r} for n, well, f, r in _checks()]
    lines = [
        f"{'ok ' if row['well'] else '-- '} {row['name']:<14} {row['found']}"
        + (f"   {row['remedy']}" if row["remedy"] else "")
        for row in rows
    ]
    emit({"checks": rows}, as_json=as_json, text="\n".join(lines))
