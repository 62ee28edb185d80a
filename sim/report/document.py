"""What all reports have in common: one page that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from fleet.core import ConfigError
from sim.report.markup import Markup, element
from sim.report.style import STYLE


def document(title: str, *content: str, style: str = "") -> str:
    """Return a whole page.

    Parameters
    ----------
    title
        Of the window.
    content
        Of the page.
    style
        CSS on top of that of all reports.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} - Moonfleet"),
        element("style", Markup(STYLE + style)),
    )
    return "<!DOCTYPE html>\n" + element("html", head, element("body", element("main", *content)), lang="en") + "\n"


def section(title: str, *content: str) -> Markup:
    """Return a part of a page with its heading."""
    return element("section", element("h2", title), *content)


def write_page(page: str, file: Path) -> None:
    """Write a page.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None
