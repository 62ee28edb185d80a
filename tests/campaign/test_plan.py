"""Which runs there are, and which of them a shard makes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import ConfigError
from sim.campaign import Shard, Trial, plan_campaign, read_seeds, read_shard
from sim.scenario import Plain, ScenarioError, read_setting, setting_text


def test_every_seed_meets_every_combination_once(scenario: Path) -> None:
    campaign = plan_campaign(scenario, [4, 2], ["radio.loss_percent=0,5", "rovers.micro-1.charge_percent=50,100"])

    trials = campaign.trials()

    assert len({trial.key for trial in trials}) == len(trials) == 8
    assert trials[0] == Trial(seed=4, settings={"radio.loss_percent": 0, "rovers.micro-1.charge_percent": 50})


@given(count=st.integers(1, 40), runs=st.integers(0, 90))
def test_shards_part_a_campaign_exactly_and_evenly(count: int, runs: int) -> None:
    trials = [Trial(seed=seed) for seed in range(runs)]

    parts = [Shard(number, count).of(trials) for number in range(1, count + 1)]

    assert sorted(trial.seed for part in parts for trial in part) == list(range(runs))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@given(
    count=st.integers(1, 30),
    first=st.integers(0, 50),
    step=st.integers(1, 5),
)
def test_the_tasks_of_a_slurm_array_are_the_shards(count: int, first: int, step: int) -> None:
    environments = [
        {
            "SLURM_ARRAY_TASK_ID": str(first + number * step),
            "SLURM_ARRAY_TASK_MIN": str(first),
            "SLURM_ARRAY_TASK_STEP": str(step),
            "SLURM_ARRAY_TASK_COUNT": str(count),
        }
        for number in range(count)
    ]

    shards = [read_shard(None, environment) for environment in environments]

    assert shards == [Shard(number, count) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        pytest.param("0/4", {}, "there is no shard 0 of 4", id="from 0"),
        pytest.param("5/4", {}, "there is no shard 5 of 4", id="beyond"),
        pytest.param("half", {}, "'half' is no share", id="no numbers"),
        pytest.param("auto/4", {}, "neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set", id="nothing to ask"),
        pytest.param("auto/4", {"JOB_COMPLETION_INDEX": "4"}, "there is no shard 5 of 4", id="pod beyond"),
        pytest.param("auto/4", {"JOB_COMPLETION_INDEX": "x"}, "'x' is not a whole number", id="pod without number"),
        pytest.param(None, {"JOB_COMPLETION_INDEX": "1"}, "nothing says of how many", id="pods uncounted"),
        pytest.param(
            None,
            {"SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "4"},
            "there is no shard 5 of 4",
            id="task beyond",
        ),
        pytest.param(
            None,
            {"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_STEP": "2", "SLURM_ARRAY_TASK_COUNT": "4"},
            "not on the way from 0 in steps of 2",
            id="task between",
        ),
    ],
)
def test_a_shard_that_is_none_is_refused(text: str | None, environment: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_shard(text, environment)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "neither a seed nor a range", id="empty"),
        pytest.param("1-", "neither a seed nor a range", id="half a range"),
        pytest.param("-1", "neither a seed nor a range", id="negative"),
        pytest.param("9-1", "did you mean 1-9", id="backwards"),
        pytest.param("1-5,3", "names a seed twice", id="twice"),
        pytest.param("0-99999999999999999999", "more than the largest seed", id="too large"),
        pytest.param("0-9999999", "more than 1000000 seeds", id="too many"),
    ],
)
def test_seeds_that_are_none_are_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_seeds(text)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        pytest.param("radoi.loss_percent=1", "did you mean 'radio'", id="unknown key"),
        pytest.param("radio.loss_procent=1", "did you mean 'loss_percent'", id="unknown inner key"),
        pytest.param("rovers.micro-3.charge_percent=1", "there is no item 'micro-3'", id="unknown rover"),
        pytest.param("radio.loss_percent=5,500", "500: loss_percent must be less than or equal to 100", id="bad value"),
        pytest.param("radio.loss_percent=0..20", "such as 0,20; a span is for --falsify", id="a span"),
        pytest.param("rovers.micro-1.agency=ESA", "there is no agency 'ESA'", id="unknown name"),
        pytest.param("seed=3", "--seeds", id="seed"),
        pytest.param("radio.loss_percent", "is not KEY=VALUE", id="no value"),
        pytest.param("duration=[", "not YAML", id="no YAML"),
    ],
)
def test_a_setting_that_the_scenario_cannot_take_is_refused_before_anything_runs(
    scenario: Path, setting: str, told: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        plan_campaign(scenario, [1], [setting])

    assert told in str(refused.value)
    assert str(refused.value).startswith("--set ")


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS.filter(bool), inner, max_size=3),
    max_leaves=6,
)


@given(value=_VALUES)
def test_a_setting_is_read_as_it_is_told(value: Plain) -> None:
    text = setting_text("some.key", value)

    assert read_setting(text) == ("some.key", [value])


@given(text=st.text(max_size=30))
def test_no_setting_gives_more_than_an_error(text: str) -> None:
    with suppress(ScenarioError):
        read_setting(f"radio.loss_percent={text}")
