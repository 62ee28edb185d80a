"""From pydantic's list of errors to facts and remedies in our words, each at its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.scenario.formats import later_name
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.units import AGENT_FORM, COLOUR_FORM, ID_FORM, PLUGIN_FORM
from sim.scenario.yaml_tree import YamlFile

_TYPES = {
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_FORMS = {
    ID_FORM: "letters, digits, dots, dashes and underscores, beginning with a letter or digit",
    PLUGIN_FORM: "the name of a plugin or module:Class",
    AGENT_FORM: "the name of a plugin, module:Class, or where a mind listens, such as tcp://127.0.0.1:7801",
    COLOUR_FORM: 'a colour like "#D55E00"',
}
_SAME_AS_BOOL = {"yes", "no", "on", "off", "y", "n", "True", "False", "TRUE", "FALSE", "Yes", "No", "On", "Off"}


def schema_problems(yaml: YamlFile, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Return a problem for each error, in the order of the file.

    Parameters
    ----------
    model
        Whose validation failed, to know what keys there are.
    """
    found = []
    for item in error.errors(include_url=False):
        loc = item["loc"]
        fact, remedy = _in_words(model, yaml.root.name_of(loc), cast("dict[str, Any]", item))
        is_key = item["type"] == "extra_forbidden"
        if item["type"] == "union_tag_invalid":
            loc = (*loc, item["ctx"]["discriminator"].strip("'"))
        found.append(yaml.problem_at(loc, fact, remedy, key=is_key))
    return sorted(found, key=lambda problem: (problem.line, problem.column, problem.fact))


def _in_words(model: type[BaseModel], name: str, item: Mapping[str, Any]) -> tuple[str, str]:
    kind, loc, value = item["type"], item["loc"], item["input"]
    if kind == "missing":
        return f"key {str(loc[-1])!r} is missing", ""
    if kind == "extra_forbidden":
        known, later = _keys_at(model, loc[:-1]), later_name(str(loc[-1]))
        remedy = f"it is called {later!r} now" if later in known else did_you_mean(str(loc[-1]), known)
        return f"unknown key {_short(loc[-1])}", remedy
    if kind in _TYPES:
        remedy = "write true or false" if kind == "bool_type" and value in _SAME_AS_BOOL else ""
        return f"{name} must be {_TYPES[kind]}, got {_short(value)}", remedy
    if kind in ("literal_error", "enum"):
        choices = re.findall(r"'([^']*)'", item["ctx"]["expected"]) or [item["ctx"]["expected"]]
        if len(choices) == 1:
            return f"{name} must be {choices[0].replace('True', 'true')}, got {_short(value)}", ""
        return f"{name} must be one of {', '.join(choices)}; got {_short(value)}", _nearest(value, choices)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _no_tag(item, name)
    if kind == "string_pattern_mismatch":
        return f"{name} {_short(value)} must be {_FORMS.get(item['ctx']['pattern'], item['ctx']['pattern'])}", ""
    if kind == "value_error":
        text = str(item["ctx"]["error"])
        return (f"{name} {text}" if text.startswith(("must", "needs")) else f"{name}: {text}"), ""
    if kind == "place":
        return f"{name}: {item['msg']}; got {_short(value)}", ""
    message = re.sub("^(Input|String|List|Dictionary|Value|.* )should", "must", item["msg"])
    message = message.replace(" after validation", "")
    return f"{name} {message}, got {_short(value)}", ""


def _no_tag(item: Mapping[str, Any], name: str) -> tuple[str, str]:
    ctx, value = item["ctx"], item["input"]
    key = ctx["discriminator"].strip("'")
    if not isinstance(value, dict):
        return f"{name} must be a mapping, got {_short(value)}", ""
    if key not in value:
        return f"key {key!r} is missing", ""
    choices = re.findall(r"'([^']*)'", ctx.get("expected_tags", ""))
    return f"{key} must be one of {', '.join(choices)}; got {_short(value[key])}", _nearest(value[key], choices)


def _nearest(value: object, choices: Iterable[str]) -> str:
    remedy = did_you_mean(str(value), choices)
    return remedy if remedy.startswith("did") else ""


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 48 else text[:45] + "..."


def _keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Return the keys that may stand in the mapping to which `loc` leads.

    Tags of unions are names of models, but for case and underscores, with or without ``Item`` at their end.
    """
    kinds = [model]
    for part in loc:
        tag = str(part).replace("_", "").lower()
        named = [kind for kind in kinds if kind.__name__.removesuffix("Item").lower() == tag]
        fields = [field for kind in kinds for key, field in _fields(kind).items() if key == part]
        if named and len(kinds) > 1:
            kinds = named
        elif fields:
            kinds = [inner for field in fields for inner in _models(field.annotation)]
    return [key for kind in kinds for key in _fields(kind)]


def _fields(kind: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in kind.model_fields.items()}


def _models(kind: Any) -> list[type[BaseModel]]:
    """Return the models in an annotation: members of unions, items of lists, values of mappings."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for inner in get_args(kind) for model in _models(inner)]
