"""How the book is made of the pages beside this file: ``sphinx-build -W docs build/book``."""

from __future__ import annotations

import re
from importlib.metadata import version as version_of

from sphinx.application import Sphinx

project = "Moonfleet"
copyright = "The Moonfleet developers"
author = "The Moonfleet developers"
version = release = version_of("moonfleet")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["pictures/*.py"]

# Pages are read on a code forge as well: headings have the anchors that it gives them.
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False}
autodoc_preserve_defaults = True
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_custom_sections = ["Source", "Notation"]

html_theme = "furo"
html_title = f"Moonfleet {version}"
html_static_path = ["book"]
html_css_files = ["book.css"]


def setup(app: Sphinx) -> None:
    """Make of the pages, as a code forge shows them, those of a book."""
    app.connect("source-read", _as_in_a_book)
    app.connect("autodoc-process-signature", _readable)


def _as_in_a_book(app: Sphinx, page: str, source: list[str]) -> None:  # noqa: ARG001 - as Sphinx calls it
    """Leave out links to files outside of the book, and call pages by their titles, not by their files' names.

    Of the index, each section's pages are listed at the side.
    """
    text = re.sub(r"\[([^\]]+)\]\(\.\./[\w./]+\)", r"\1", source[0])
    text = re.sub(r"\[\w+\.md\]\((\w+\.md(?:#[\w-]+)?)\)", r"[](\1)", text)
    if page == "index":
        first, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
        text = first + "".join(map(_with_pages, sections))
    source[0] = text


def _with_pages(section: str) -> str:
    title, pages = section[3:].partition("\n")[0], re.findall(r"\]\((\w+)\.md\)", section)
    return "\n".join([section, "```{toctree}", f":caption: {title}", ":hidden:", "", *pages, "```", "", ""])


def _readable(  # noqa: PLR0917 - as Sphinx calls it
    app: Sphinx,  # noqa: ARG001 - likewise
    what: str,
    name: str,  # noqa: ARG001
    found: object,
    options: object,  # noqa: ARG001
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Show of a protocol no arguments, and of a default that is made anew each time no word that Sphinx cannot read."""
    if what == "class" and getattr(found, "_is_protocol", False):
        return "", returns
    return signature.replace("<factory>", "...") if signature else signature, returns
