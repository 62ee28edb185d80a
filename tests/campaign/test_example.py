"""The example of docs/campaigns.md is what came of the mind that stands there."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from sim.cli.app import app, guarded
from tests.campaign.conftest import ROOT, Sweep

_PAGE = (ROOT / "docs" / "campaigns.md").read_text(encoding="utf-8")
_MIND = re.findall(r"^```python\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)[0]
_FOUND = next(
    text for text in re.findall(r"^```text\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL) if "# Fails" in text
)


@pytest.fixture
def _mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mind, where this process and its workers find it."""
    (tmp_path / "forgetful.py").write_text(_MIND, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("_mind")
def test_the_counterexample_fails_as_it_says_and_passes_with_another_mind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, mended = tmp_path / "counterexample.yaml", tmp_path / "mended.yaml"
    broken.write_text(_FOUND, encoding="utf-8")
    mended.write_text(_FOUND.replace("agent: forgetful:Forgetful", "agent: micro"), encoding="utf-8")

    codes = [guarded(partial(app, ["test", str(file)], standalone_mode=False)) for file in (broken, mended)]

    assert codes == [3, 0]
    assert _FOUND.splitlines()[1].lstrip("# ") in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("_mind")
def test_the_search_finds_it_and_makes_it_as_small(moonfleet_sweep: Sweep, tmp_path: Path) -> None:
    smoke = (ROOT / "scenarios" / "smoke.yaml").read_text(encoding="utf-8")
    sane = "agent: micro, place: {at_m: [-12, 8]}"
    assert sane in smoke
    (tmp_path / "forgetful.yaml").write_text(smoke.replace(sane, sane.replace("micro", "forgetful:Forgetful")))

    _, told, err = moonfleet_sweep("forgetful.yaml", "--falsify", "--break", "agents_broken", "-j", "1")

    assert Path(told["counterexample"]).read_text(encoding="utf-8") == _FOUND, err
    assert f"finds it in its {told['run']}st run" in _PAGE.replace("\n", " ")
    assert f"after {told['shrink_runs']} smaller ones" in _PAGE
