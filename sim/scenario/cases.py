"""What a scenario file is run as when it is a test: one case for each variant and seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Final

import msgspec

from sim.scenario.problems import Problem, ScenarioError, did_you_mean
from sim.scenario.reading import checked, read_file
from sim.scenario.schema import ScenarioFile
from sim.scenario.settings import Settings, apply_settings, setting_text
from sim.scenario.variant_schema import VariantItem
from sim.scenario.yaml_tree import Loc, YamlFile

MOST_CASES: Final = 10_000  #: Of one file.
_LONGEST: Final = 60  # Letters of a value in a name.


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One run that a scenario file asks for as a test."""

    file: str
    name: str  #: Unlike that of any other case of the file: variant or values, and seed.
    scenario: str
    seed: int
    settings: dict[str, Any]  #: Key of the scenario to value.
    tags: tuple[str, ...] = ()
    must_fail: tuple[str, ...] = ()  #: The expectations of which exactly these fail; empty: none does.
    line: int = 1  #: In the file.
    size: float = 0.0  #: Mission seconds of all rovers together, as the file says before anything is set.

    @property
    def id(self) -> str:
        """File and name."""
        return f"{self.file}::{self.name}"

    @property
    def words(self) -> list[str]:
        """What follows `moonfleet run` for this case."""
        found = [self.file, "--seed", str(self.seed)]
        for key, value in self.settings.items():
            found += ["--set", setting_text(key, value)]
        return found


def cases_of(file: str | Path) -> tuple[Case, ...]:
    """Return the cases of a file, in its order.

    Raises
    ------
    ScenarioError
        When the file or one of its variants is wrong.
    """
    yaml = read_file(file)
    doc = checked(yaml)
    check_cases(yaml, doc)
    plain = list(_plain_cases(yaml, doc))
    named = [case for index, item in enumerate(doc.variants) for case in _variant_cases(yaml, doc, index, item)]
    return (*plain, *named)


def check_cases(yaml: YamlFile, doc: ScenarioFile) -> None:
    """Look whether every variant of a checked file, and every value of its matrix, is a scenario.

    Raises
    ------
    ScenarioError
        With all that is wrong, each thing where the variant or value stands.
    """
    problems = list(_too_many(yaml, doc))
    for key, values in doc.matrix.items():
        for index, value in enumerate(values):
            problems += _problems(yaml, {key: value}, {key: ("matrix", key, index)})
    seen: set[str] = set()
    for index, item in enumerate(doc.variants):
        loc: Loc = ("variants", index)
        if item.id in seen:
            problems.append(yaml.problem_at((*loc, "id"), f"there is a variant {item.id!r} already"))
        seen.add(item.id)
        problems += _problems(yaml, item.set, {key: (*loc, "set", key) for key in item.set}, (loc, item))
    if problems:
        raise ScenarioError(problems)


def _problems(
    yaml: YamlFile, settings: Settings, places: Mapping[str, Loc], variant: tuple[Loc, VariantItem] | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with a file when something is set, and with what a variant says must fail."""
    origins = {key: yaml.place(loc) for key, loc in places.items()}
    try:
        doc = checked(apply_settings(yaml, settings, origins))
    except ScenarioError as error:
        yield from error.problems
        return
    if variant is not None:
        (loc, item), rules = variant, {expectation.rule for expectation in doc.expect}
        for number, name in enumerate(item.must_fail):
            if name not in rules:
                fact = f"there is no expectation {name!r} that could fail"
                yield yaml.problem_at((*loc, "must_fail", number), fact, did_you_mean(name, rules))


def _too_many(yaml: YamlFile, doc: ScenarioFile) -> Iterator[Problem]:
    seeds = len(doc.seeds or [doc.seed])
    total = seeds * prod(len(values) for values in doc.matrix.values())
    total += sum(len(item.seeds) if item.seeds is not None else seeds for item in doc.variants)
    if total > MOST_CASES:
        key = "matrix" if doc.matrix else "seeds" if doc.seeds else "variants"
        yield yaml.problem_at((key,), f"{total} runs are more than the {MOST_CASES} of one file", "try moonfleet sweep")


def _plain_cases(yaml: YamlFile, doc: ScenarioFile) -> Iterator[Case]:
    """Yield the scenario as it stands, or with each combination of values of its matrix."""
    last = Counter(key.rpartition(".")[2] for key in doc.matrix)
    short = {key: key.rpartition(".")[2] if last[key.rpartition(".")[2]] == 1 else key for key in doc.matrix}
    line = yaml.root.locate(("matrix",), key=True)[0] if doc.matrix else 1
    for values in product(*(enumerate(values, start=1) for values in doc.matrix.values())):
        chosen = dict(zip(doc.matrix, values, strict=True))
        words = [_in_name(short[key], number, value) for key, (number, value) in chosen.items()]
        settings = {key: value for key, (_, value) in chosen.items()}
        for seed in doc.seeds or [doc.seed]:
            name = ",".join(words)
            yield _case(yaml, doc, name=f"{name}-seed-{seed}" if name else f"seed-{seed}", seed=seed, settings=settings,
                        line=line)  # fmt: skip


def _variant_cases(yaml: YamlFile, doc: ScenarioFile, index: int, item: VariantItem) -> Iterator[Case]:
    seeds = item.seeds if item.seeds is not None else doc.seeds or [doc.seed]
    line = yaml.root.locate(("variants", index))[0]
    for seed in seeds:
        case = _case(yaml, doc, name=f"{item.id}-seed-{seed}", seed=seed, settings=dict(item.set), line=line)
        tags = tuple(dict.fromkeys((*doc.tags, *item.tags)))
        yield msgspec.structs.replace(case, tags=tags, must_fail=tuple(item.must_fail))


def _case(yaml: YamlFile, doc: ScenarioFile, **facts: Any) -> Case:
    size = doc.duration * len(doc.rovers)
    return Case(file=yaml.file, scenario=doc.name, tags=tuple(dict.fromkeys(doc.tags)), size=size, **facts)


def _in_name(key: str, number: int, value: Any) -> str:
    """Return a value in the name of a case: as it is written, or its number where that is long."""
    text = setting_text(key, value)
    return text if len(text) <= _LONGEST and "\n" not in text else f"{key}={number}"
