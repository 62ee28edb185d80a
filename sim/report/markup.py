"""HTML and SVG by construction: what is not `Markup` is escaped, so no text can become code."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

_VOID: Final = frozenset({"meta", "img", "br"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | float | None) -> Markup:
    """Return an element; children are escaped unless they are `Markup`, attributes always.

    Parameters
    ----------
    attributes
        ``class_`` stands for ``class``, other underscores for hyphens; None leaves the attribute out.

    >>> element("p", "5 < 6", class_="note")
    '<p class="note">5 &lt; 6</p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Markup:
    """Return children one after another, escaped where they are no `Markup`."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def number(value: float) -> str:
    """Return a number as short as a picture needs it.

    >>> number(12.0), number(0.126)
    ('12', '0.13')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)
