"""How does text that somebody typed become paragraphs? Blank lines part them; nothing in it is read as markup."""

import re
from collections.abc import Iterator

from bestvalue.documents.model import Inline, Paragraph, Text


def paragraphs(typed: str, *, id: str = "", ending: tuple[Inline, ...] = ()) -> Iterator[Paragraph]:
    r"""Numbered paragraphs of a typed text.

    Args:
        typed: the text; lines that follow each other are one paragraph.
        id: of the first paragraph, by which others refer to it.
        ending: words added to the last paragraph, such as what it rests on.

    Example:
        >>> [part.text for part in paragraphs("Calls\nwait.\n\nUnits stand by.", id="finding-1")]
        [('Calls wait.',), ('Units stand by.',)]
    """
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", typed) if part.strip()]
    for place, part in enumerate(parts):
        text: Text = (part, *ending) if place == len(parts) - 1 else (part,)
        yield Paragraph(text=text, id=id if place == 0 else "")


def counted(number: int, one: str, more: str = "") -> str:
    """A count with its noun.

    Example:
        >>> counted(1, "finding"), counted(0, "finding"), counted(2, "body", "bodies")
        ('1 finding', 'no findings', '2 bodies')
    """
    return f"1 {one}" if number == 1 else f"{f'{number:,}' if number else 'no'} {more or f'{one}s'}"


def listed(parts: tuple[Inline, ...], *, last: str = " and ") -> tuple[Inline, ...]:
    """Words and references as a list inside a sentence.

    Example:
        >>> "".join(listed(("E1", "E2", "E3")))
        'E1, E2 and E3'
    """
    joined: list[Inline] = []
    for place, part in enumerate(parts):
        if place:
            joined.append(last if place == len(parts) - 1 else ", ")
        joined.append(part)
    return tuple(joined)
