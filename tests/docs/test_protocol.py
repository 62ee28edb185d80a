"""The written protocol is that of the code."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

from fleet.messages import PROTOCOL_VERSION
from fleet.messages.mind import MIND_VERSION, MOST_GOALS

DOCS = Path(__file__).parents[2] / "docs"
WRITER = runpy.run_path(str(DOCS / "write_protocol.py"))
PAGE = (DOCS / "protocol.md").read_text("utf-8")


def test_the_tables_are_those_of_what_travels() -> None:
    assert WRITER["page"]() == PAGE, "write it anew: python docs/write_protocol.py"


def test_the_schemas_are_those_of_what_travels() -> None:
    assert (DOCS / "protocol.schema.json").read_text("utf-8") == WRITER["schema"](), "python docs/write_protocol.py"


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^##+ (.*)$", PAGE, re.MULTILINE)
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= headings


def test_every_kind_with_golden_bytes_has_its_section() -> None:
    golden = json.loads((DOCS.parent / "tests" / "messages" / "golden_bytes.json").read_text("utf-8"))

    assert [name for name in golden if f"\n### {name}\n" not in PAGE] == []


def test_the_figures_of_the_text_are_those_of_the_code() -> None:
    assert (PROTOCOL_VERSION, MIND_VERSION, MOST_GOALS) == (1, 1, 256)
