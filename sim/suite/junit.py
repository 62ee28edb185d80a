"""Rows as JUnit XML, as Jenkins, GitLab and others read it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from fleet.core import ConfigError
from sim.suite.row import Row
from sim.suite.telling import details, heading

# What XML 1.0 does not allow, escaped or not.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS: Final = {1: "expectation", 2: "invalid", 3: "crash", 4: "internal"}  # By exit code.


def check_place(file: Path) -> None:
    """Refuse a file that cannot be written, before hours go into what is to be told in it.

    Raises
    ------
    ConfigError
        When it is a folder, or lies where nothing can be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--junit {file}", f"the folder cannot be made: {error.strerror}") from None
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise ConfigError(f"--junit {file}", "cannot be written" if not file.is_dir() else "is a folder; name a file")


def write_junit(rows: Sequence[Row], file: Path) -> None:
    """Write a test suite for each scenario file and a test case for each case.

    A failure is an expectation that was not met; an error is anything for which there is no verdict, by its type:
    ``invalid``, ``crash`` (also an agent that broke its contract, or a run that hung) or ``internal``.

    Raises
    ------
    ConfigError
        When it cannot be written.
    """
    root = Element("testsuites", {"name": "moonfleet", **_counts(rows)})
    for name in dict.fromkeys(row.file for row in rows):
        own = [row for row in rows if row.file == name]
        suite = SubElement(root, "testsuite", {"name": _text(name), **_counts(own), "skipped": "0"})
        for row in own:
            _case(suite, row)
    indent(root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None


def _case(suite: Element, row: Row) -> None:
    name = row.name or "is read"
    facts = {"name": _text(name), "classname": _text(Path(row.file).stem), "time": f"{row.wall_seconds:.3f}"}
    case = SubElement(suite, "testcase", facts)
    if row.exit_code:
        kind, why = _KINDS[row.exit_code], _why(row)
        told = SubElement(case, "failure" if row.exit_code == 1 else "error", type=kind, message=_text(why))
        told.text = _text("\n".join(details(row)))
    said = SubElement(case, "system-out")
    said.text = _text(heading(row))


def _why(row: Row) -> str:
    if row.failures:
        first = row.failures[0]
        return f"{first.name}: expected {first.expected}, got {first.got}"
    return row.errors[0].partition("\n")[0] if row.errors else row.verdict


def _counts(rows: Iterable[Row]) -> dict[str, str]:
    known = list(rows)
    return {
        "tests": str(len(known)),
        "failures": str(sum(row.exit_code == 1 for row in known)),
        "errors": str(sum(row.exit_code > 1 for row in known)),
        "time": f"{sum(row.wall_seconds for row in known):.3f}",
    }


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
