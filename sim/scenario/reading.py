"""A scenario file from disk into a tree, and the tree into the models of its keys."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from sim.scenario.check import semantic_problems
from sim.scenario.compose import Composer
from sim.scenario.explain_errors import schema_problems
from sim.scenario.formats import format_of, in_newest
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.schema import ScenarioFile
from sim.scenario.yaml_tree import MAX_BYTES, YamlFile


def read_file(file: str | Path) -> YamlFile:
    """Return a file as a tree, with all that it extends and includes.

    Raises
    ------
    ScenarioError
        When one of them cannot be read, is not YAML of the subset, or cannot be merged.
    """
    return Composer(_alone(Path(file), None), _alone).composed()


def read_text(name: str, text: str) -> YamlFile:
    """Return the text of a scenario that stands in one file as a tree.

    Raises
    ------
    ScenarioError
        When it is not YAML of the subset.
    """
    return _newest(YamlFile(name, text), None)


def read_as_written(file: Path) -> YamlFile:
    """Return one file as a tree with the keys of its own format.

    Raises
    ------
    ScenarioError
        When it cannot be read, or is not YAML of the subset.
    """
    return YamlFile(str(file), _text(file))


def _alone(file: Path, number: int | None) -> YamlFile:
    return _newest(read_as_written(file), number)


def _newest(yaml: YamlFile, number: int | None) -> YamlFile:
    """Return a file with the keys of the newest format, and the format in which it is written.

    Parameters
    ----------
    number
        The format of a file that says none: that of the one which includes it.
    """
    own = format_of(yaml.root) or number
    return yaml if own is None else yaml.in_format(own, in_newest(yaml.root, own))


def load_models() -> None:
    """Build the models of all keys now; else the first file to be read has them built."""
    ScenarioFile.model_rebuild(force=True)


def checked(yaml: YamlFile) -> ScenarioFile:
    """Return what a tree says, as models.

    Raises
    ------
    ScenarioError
        When keys or types are wrong, or else when names or work are; with all that is.
    """
    try:
        doc = ScenarioFile.model_validate(yaml.root.plain())
    except ValidationError as error:
        raise ScenarioError(schema_problems(yaml, ScenarioFile, error)) from None
    problems = semantic_problems(yaml, doc)
    if problems:
        raise ScenarioError(problems)
    return doc


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)  # Not all of what may have no end.
    except (OSError, ValueError) as error:  # a path may hold what no file system takes
        raise _whole(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_BYTES:
        raise _whole(path, f"more than the {MAX_BYTES} bytes that a scenario may have")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _whole(path, f"line {line} is not UTF-8 text") from None


def _whole(path: Path, fact: str) -> ScenarioError:
    return ScenarioError([Problem(file=str(path), line=0, column=0, fact=fact)])
