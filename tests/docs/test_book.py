"""The pages make a book without a warning."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_book_is_made_without_a_warning(tmp_path: Path) -> None:
    for extra in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(extra, reason="comes with the extra docs")
    words = [sys.executable, "-m", "sphinx", "-W", "-q", "-d", str(tmp_path / "kept"), "docs", str(tmp_path / "book")]

    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    reference = (tmp_path / "book" / "reference.html").read_text(encoding="utf-8")
    assert all(f'id="fleet.sdk.{name}"' in reference for name in ("ports.AgentContext", "view.Decision"))
