"""What somebody who steers a run says, read as a scenario file is."""

from __future__ import annotations

from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from fleet.core import ConfigError
from sim.scenario.explain_errors import schema_problems
from sim.scenario.problems import ScenarioError
from sim.scenario.yaml_tree import YamlFile

LONGEST: Final = 4096  #: Characters of what is read at once.

_Model = TypeVar("_Model", bound=BaseModel)


def read_live(what: str, text: str, model: type[_Model]) -> tuple[_Model, YamlFile]:
    """Return one item or several of a kind, such as ``{fault: silent, rover: scout}``, in a list named as the plural.

    Parameters
    ----------
    what
        What one is called, such as ``fault``.
    model
        Has a list under the plural.

    Raises
    ------
    ConfigError
        When the text is too long, or its keys and values are not those of the model.
    """
    if len(text) > LONGEST or "\n" in text:
        raise ConfigError(what, f"is one line of at most {LONGEST} characters")
    yaml = YamlFile(what, f"{what}s: [{text}]")
    try:
        return model.model_validate(yaml.root.plain()), yaml
    except ValidationError as error:
        raise ScenarioError(schema_problems(yaml, model, error)) from None
