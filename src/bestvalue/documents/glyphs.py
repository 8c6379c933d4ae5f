"""Which characters can our font show? PDF/A refuses a document with a character that its font lacks.

So a character that Source Sans 3 does not have (an emoji, Arabic, Chinese) stands in the PDF as its code, "[U+1F600]": visible,
and the same wherever it is written. HTML and Word show the character itself, in a font of the reader's.
"""

import struct
from functools import cache
from itertools import chain

from bestvalue.documents.charts import FONTS

FONT_FILE = FONTS / "SourceSans3-Regular.ttf"
"""Speaks for all four styles, which have the same characters."""

UNSEEN = frozenset("\n\u00ad\u200b\u2060")
"""Characters that steer the setting and have no shape: line feed, soft hyphen, and the spaces of no width."""


def shown(words: str) -> str:
    """Words with every character that the font lacks replaced by its code.

    Example:
        >>> shown("£5 – Łódź"), shown("made \N{GRINNING FACE}")
        ('£5 – Łódź', 'made [U+1F600]')
    """
    has = _characters()
    if all(ord(character) in has or character in UNSEEN for character in words):
        return words
    return "".join(character if ord(character) in has or character in UNSEEN else f"[U+{ord(character):04X}]" for character in words)


@cache
def _characters() -> frozenset[int]:
    """Code points of the font, from the groups of its character map (OpenType `cmap`, format 12: start, end, first glyph)."""
    font = FONT_FILE.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", font, cmap + 2)
    offsets = (cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * place)[2] for place in range(maps))
    full = next(offset for offset in offsets if struct.unpack_from(">H", font, offset) == (12,))
    (groups,) = struct.unpack_from(">I", font, full + 12)
    spans = (struct.unpack_from(">II", font, full + 16 + 12 * place) for place in range(groups))
    return frozenset(chain.from_iterable(range(first, last + 1) for first, last in spans))
