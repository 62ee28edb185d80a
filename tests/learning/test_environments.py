"""Environments to learn in: what PettingZoo and Gymnasium ask of them, and what a world is to a learner."""

from __future__ import annotations

import warnings
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

for _extra in ("pettingzoo", "gymnasium", "greenlet"):
    pytest.importorskip(_extra, reason="comes with the extra rl")

from sim.learning import Course, RoverEnv, RoversEnv  # noqa: E402 - may be there now
from sim.learning.kernels import put_nearest  # noqa: E402 - likewise
from sim.learning.senses import EAST, GO_ON, OWN, WORK  # noqa: E402 - likewise

_SHORT = Course(rovers=3, tasks=4, steps=20)


@pytest.mark.filterwarnings("ignore:The old environment creation API:DeprecationWarning")
def test_pettingzoo_finds_nothing_to_complain_of() -> None:
    from pettingzoo.test import parallel_api_test, parallel_seed_test

    parallel_api_test(RoversEnv(_SHORT), num_cycles=60)
    parallel_seed_test(lambda: RoversEnv(_SHORT), num_cycles=30)


def test_gymnasium_finds_nothing_to_complain_of() -> None:
    from gymnasium.utils.env_checker import check_env

    with warnings.catch_warnings():
        # It would rather be made by name.
        warnings.filterwarnings("ignore", message=".*alternative render modes.*")
        check_env(RoverEnv(_SHORT))


def _episode(env: RoversEnv, seed: int, rng_seed: int = 0) -> list[bytes]:
    """Return all that is seen in an episode of drawn actions."""
    rng = np.random.Generator(np.random.PCG64(rng_seed))  # noqa: TID251 - a seeded stream of the test
    seen, _ = env.reset(seed=seed)
    found = [b"".join(seen[agent].tobytes() for agent in sorted(seen))]
    while env.agents:
        seen, pay, *_ = env.step({agent: int(rng.integers(6)) for agent in env.agents})
        found.append(b"".join(seen[agent].tobytes() for agent in sorted(seen)) + repr(sorted(pay.items())).encode())
    return found


def test_one_seed_is_one_episode_and_another_is_another() -> None:
    env = RoversEnv(_SHORT)

    assert _episode(env, 5) == _episode(env, 5) == _episode(RoversEnv(_SHORT), 5)
    assert _episode(env, 5) != _episode(env, 6)


def test_several_worlds_in_one_process_do_not_disturb_each_other() -> None:
    worlds = [RoversEnv(_SHORT), RoversEnv(_SHORT)]
    alone = [_first_steps(RoversEnv(_SHORT), seed) for seed in (1, 2)]

    seen = [[env.reset(seed=seed)[0]["rover-1"]] for env, seed in zip(worlds, (1, 2), strict=True)]
    for _ in range(10):
        for env, found in zip(worlds, seen, strict=True):
            found.append(env.step(dict.fromkeys(env.agents, EAST))[0]["rover-1"])

    for env in worlds:
        env.close()
    assert [np.stack(found).tobytes() for found in seen] == alone


def _first_steps(env: RoversEnv, seed: int) -> bytes:
    seen = [env.reset(seed=seed)[0]["rover-1"]]
    seen += [env.step(dict.fromkeys(env.agents, EAST))[0]["rover-1"] for _ in range(10)]
    env.close()
    return np.stack(seen).tobytes()


def test_who_drives_east_comes_to_be_further_east() -> None:
    env = RoverEnv(_SHORT)
    before, _ = env.reset(seed=3)

    for action in (EAST, GO_ON, GO_ON):
        after, *_ = env.step(action)
    env.close()

    # Places are in eighties of metres; 90 s at 0.05 m/s, less the turn.
    assert 2.0 / 80.0 < after[0] - before[0] < 4.5 / 80.0
    assert abs(after[1] - before[1]) < 0.001


def test_who_drives_to_a_task_and_works_on_it_is_paid_and_the_episode_ends() -> None:
    env = RoverEnv(Course(tasks=1, steps=400))
    seen, _ = env.reset(seed=1)
    earned, over, cut = 0.0, False, False

    while not (over or cut):
        dx, dy = seen[OWN] * 160.0, seen[OWN + 1] * 160.0
        near = dx * dx + dy * dy < 3.0 * 3.0
        way = (EAST if dx > 0 else EAST + 2) if abs(dx) > abs(dy) else (EAST + 1 if dy > 0 else EAST + 3)
        seen, pay, over, cut, _ = env.step(WORK if near else way)
        earned += pay

    assert over
    assert not cut
    assert earned > 0.0


def test_an_episode_is_cut_off_after_its_steps() -> None:
    env = RoversEnv(_SHORT)
    env.reset(seed=1)

    cuts = [env.step(dict.fromkeys(env.agents, GO_ON))[3] for _ in range(_SHORT.steps)]

    assert not any(any(cut.values()) for cut in cuts[:-1])
    assert all(cuts[-1].values())
    assert env.agents == []


_PLACE = st.tuples(st.integers(-9, 9), st.integers(-9, 9))  # Few enough that some are as far as others.


@given(st.lists(_PLACE, min_size=1, max_size=4), st.lists(st.tuples(_PLACE, st.booleans()), max_size=6), st.booleans())
def test_the_nearest_are_those_that_sorting_finds(
    here: list[tuple[int, int]], there: list[tuple[tuple[int, int], bool]], flagged: bool
) -> None:
    width = 3 if flagged else 2
    out = np.zeros((len(here), 1 + 3 * width))
    barred = np.array([[is_barred for _, is_barred in there]] * len(here), np.bool_).reshape(len(here), -1)
    places = np.array([place for place, _ in there], np.float64).reshape(-1, 2)

    away = put_nearest(out, 1, np.array(here, np.float64), places, barred, 4.0, flagged)

    for i, (x, y) in enumerate(here):
        far = [np.inf if is_barred else hypot(px - x, py - y) for (px, py), is_barred in there]
        nearest = sorted((k for k, metres in enumerate(far) if metres < np.inf), key=lambda k: far[k])[:3]
        ways = [((there[k][0][0] - x) / 4.0, (there[k][0][1] - y) / 4.0, *[1.0] * flagged) for k in nearest]
        expected = [0.0, *(number for way in ways for number in way)]
        assert out[i].tolist() == expected + [0.0] * (1 + 3 * width - len(expected))
        assert away[i].tolist() == pytest.approx(far)
