"""The JSON Schema of scenario files, for editors."""

from __future__ import annotations

from typing import Any, Final

from sim.scenario.schema import ScenarioFile

_NAME: Final = "ScenarioFile"
_FILE: Final = {"type": "string", "minLength": 1}


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files.

    Notes
    -----
    It accepts and refuses what the loader does, as far as keys, types, choices, limits and forms go; names, and how
    numbers fit each other, are the loader's. Of a file that extends or includes others, which may leave anything to
    them, only the outermost keys are looked at.
    """
    own = ScenarioFile.model_json_schema(by_alias=True)
    models = own.pop("$defs")
    keys = own["properties"]
    others = {
        "extends": {**_FILE, "description": "A scenario that lies under this one, relative to this file."},
        "include": {
            "anyOf": [_FILE, {"type": "array", "items": _FILE}],
            "description": "Parts of scenarios that lie under this one, each upon those before it.",
        },
    }
    anything: dict[str, object] = {key: {} for key in keys if key != "moonfleet"}
    anything |= {f"{key}{sign}": {} for key in keys for sign in "+-"}
    made_of_others = {
        "type": "object",
        "properties": {
            "moonfleet": keys["moonfleet"],
            **others,
            **anything,
        },
        "required": ["moonfleet"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Moonfleet scenario",
        "type": "object",
        "if": {"anyOf": [{"required": [key]} for key in others]},
        "then": {"$ref": "#/$defs/ScenarioOfOthers"},
        "else": {"$ref": f"#/$defs/{_NAME}"},
        "$defs": {**models, _NAME: own, "ScenarioOfOthers": made_of_others},
    }
