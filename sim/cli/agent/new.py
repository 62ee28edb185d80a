"""`moonfleet agent new`: a package to start from."""

from __future__ import annotations

import re
from importlib import resources
from importlib.metadata import entry_points
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Final, NamedTuple

import click

from fleet.core import ConfigError
from sim.cli.agent.group import command

_NAME: Final = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", re.IGNORECASE)
# Template -> place in the package.
_FILES: Final = {
    "pyproject.toml.in": "pyproject.toml",
    "README.md.in": "README.md",
    "gitignore.in": ".gitignore",
    "launch.json.in": ".vscode/launch.json",
    "package.py.in": "{module}/__init__.py",
    "agent.py.in": "{module}/agent.py",
    "test_agent.py.in": "tests/test_agent.py",
    "first_drive.yaml.in": "scenarios/first_drive.yaml",
}


class _Names(NamedTuple):
    """What the package, its module and its class are called."""

    name: str
    module: str
    agent: str


@command.command(
    short_help="Write a package to start from.",
    epilog="Example: moonfleet agent new dusty-rover && cd dusty-rover && pytest",
)
@click.argument("name")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER", help="The new folder; NAME if not given."
)
def new(name: str, output: Path | None) -> None:
    """Write an installable package with an agent that works, its test, a scenario, and settings for mypy and debugger.

    It passes its own tests and `moonfleet agent check` at once. Nothing is written over.
    """
    names, folder = _names(name), output or Path(name)
    files = _rendered(names)
    try:
        folder.mkdir(parents=True)
        for place, text in files.items():
            file = folder / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except FileExistsError:
        raise ConfigError(str(folder), "there is one already", "give another with -o; nothing was written") from None
    except OSError as error:
        raise ConfigError(str(folder), f"cannot be written: {error.strerror}") from None
    click.echo(
        f"wrote {folder}; try:\n"
        f"  cd {folder}\n"
        f"  moonfleet run scenarios/first_drive.yaml\n"
        f"  moonfleet agent check {names.module}:{names.agent}"
    )


def _names(name: str) -> _Names:
    """Return the names that follow from one.

    Raises
    ------
    ConfigError
        When it cannot be the name of a package, or would hide what is there already.

    >>> _names("dusty-rover")
    _Names(name='dusty-rover', module='dusty_rover', agent='DustyRoverAgent')
    """
    place = f"name {name!r}"
    if not _NAME.fullmatch(name) or iskeyword(name):
        raise ConfigError(place, "is no name for a package", "give letters, digits and hyphens, such as dusty-rover")
    module = name.lower().replace("-", "_")
    if entry_points(group="fleet.agents", name=name):
        raise ConfigError(place, "there is an agent of this name", "`moonfleet agent list` shows all; give another")
    if find_spec(module) is not None:
        raise ConfigError(place, f"there is a module {module} already, which it would hide", "give another name")
    words = re.split("[_-]", name)
    return _Names(name=name, module=module, agent="".join(word[0].upper() + word[1:] for word in words) + "Agent")


def _rendered(names: _Names) -> dict[str, str]:
    """Return the text of each file by its place in the package."""
    template = resources.files("sim.cli.agent").joinpath("template")
    files = {f"{names.module}/py.typed": ""}
    for source, place in _FILES.items():
        text = template.joinpath(source).read_text(encoding="utf-8")
        for token, word in (("@NAME@", names.name), ("@MODULE@", names.module), ("@CLASS@", names.agent)):
            text = text.replace(token, word)
        files[place.format(module=names.module)] = text
    return files
