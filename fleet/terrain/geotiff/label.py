"""Labels of the Planetary Data System, version 3: what GDAL does not tell of them, or trips over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final

from fleet.core import ConfigError

_MOST = 1 << 20  # Bytes; labels have some thousands.
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_STATEMENT: Final = re.compile(r'^[ \t]*(\^?\w+)[ \t]*=[ \t]*("[^"]*"|\([^)]*\)|[^\r\n]*)', re.MULTILINE)
_POINTER: Final = re.compile(r'^\(?\s*"?([^",()]*)"?\s*(?:,\s*(\d+)\s*(<BYTES>)?)?', re.IGNORECASE)
_RAW: Final = ("LSB_INTEGER", "MSB_INTEGER", "PC_REAL", "IEEE_REAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The facts of a label that matter here."""

    unit: str  #: Of the samples after scaling, lower case; empty when it names none.


def read_label(file: FilePath) -> Label:
    """Return the facts of a label, after checking that its image is there and whole.

    Raises
    ------
    ConfigError
        When the image is missing, elsewhere, short, compressed or of another kind, or the label is incomplete.

    Source
    ------
    PDS Standards Reference 3.8, 2009, chapters 5 (labels), 12 (statements) and 14 (pointers).
    """
    with file.open("rb") as stream:
        text = stream.read(_MOST).decode("latin-1")
    text = re.split(r"^[ \t]*END[ \t]*\r?$", _COMMENT.sub(" ", text), maxsplit=1, flags=re.MULTILINE)[0]
    words: dict[str, str] = {}
    for key, value in _STATEMENT.findall(text):
        words.setdefault(key, value.strip())
    if "^IMAGE" not in words:
        fact = "the label has no ^IMAGE: it describes no raster"
        if "COMPRESSED_FILE" in text:
            raise ConfigError(str(file), "its image is compressed", "Take the product's .IMG and its label instead.")
        raise ConfigError(str(file), fact)
    kind = words.get("SAMPLE_TYPE", "").strip('"').upper()
    if kind not in _RAW:
        raise ConfigError(str(file), f"its samples are {kind or 'of no named type'}; {', '.join(_RAW)} are read")
    size = _number(file, words, "SAMPLE_BITS") // 8 * int(words.get("BANDS", "1").split()[0])
    size *= _number(file, words, "LINES") * _number(file, words, "LINE_SAMPLES")
    _check_image(file, words, size)
    return Label(unit=words.get("UNIT", "").strip('"').strip().lower())


def _number(file: FilePath, words: dict[str, str], key: str) -> int:
    try:
        return int(words[key].split()[0])
    except (KeyError, ValueError, IndexError):
        raise ConfigError(str(file), f"the label's {key} is missing or no number") from None


def _check_image(file: FilePath, words: dict[str, str], size: int) -> None:
    """Check that the image is beside its label and holds as many bytes as the label says."""
    value = words["^IMAGE"]
    if value.strip("( ")[:1].isdigit():
        name, start = file.name, value.strip("() ")
    elif '"' not in value:
        # GDAL would take the label itself for the image.
        raise ConfigError(str(file), f"its image {value} is not in quotes", f'Write ^IMAGE = "{value}" in the label.')
    else:
        match = _POINTER.match(value)
        name, start = (match[1].strip(), " ".join(part for part in match.groups()[1:] if part)) if match else ("", "")
    if not name or FilePath(name).name != name:
        raise ConfigError(str(file), f"its image {value} is not a file beside it")
    image = next((each for each in sorted(file.parent.iterdir()) if each.name.lower() == name.lower()), None)
    if image is None or not image.is_file():
        raise ConfigError(str(file), f"its image {name} is missing", "Put the .IMG file beside its label.")
    skipped = 0
    if start:
        first = int(start.split()[0]) - 1
        in_bytes = "bytes" in start.lower()
        skipped = first if in_bytes else first * _number(file, words, "RECORD_BYTES")
    found = image.stat().st_size
    if found < skipped + size:
        raise ConfigError(
            str(file),
            f"its image {image.name} is cut off: {found} bytes instead of {skipped + size}",
            "Fetch the .IMG file again.",
        )
