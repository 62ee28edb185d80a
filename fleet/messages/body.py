"""The form that the content of every message has."""

from __future__ import annotations

import msgspec


class Content(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """The content of a message; every kind of body is one."""
