"""Where a report without a contents page begins: after its cover, at the heading that its first words stand under."""

import re
from collections.abc import Sequence

from bestvalue.documents.reading.blocks import Block

LONG_TEXT_WORDS = 20
OPENING = re.compile(
    r"(?i)^(?:(?:executive |overall |audit |report )?(?:summary|introduction|foreword|preface|background"
    r"|overview(?! report)|context|our judg\w+)"
    r"|conclusions?|(?:key |main )?(?:findings|messages|recommendations)|letter)\b"
)
TOP = re.compile(r"(?i)^(?:chapter|part|appendix|annex|annexe|section)\b(?! \d+\.\d)")
"""Headings of the highest level."""


def body_starts(blocks: Sequence[Block]) -> int:
    """The first block of the body: a number, a label, a long text, or a heading that opens reports; a heading above it belongs to it."""
    for at, block in enumerate(blocks):
        if block.kind in {"numbered", "label", "row"} or (block.kind == "heading" and (block.number or OPENING.match(block.text))):
            return at if block.kind == "heading" else _with_headings_above(blocks, at)
        if block.kind == "text" and len(block.text.split()) >= LONG_TEXT_WORDS:
            return _with_headings_above(blocks, at)
    return 0


def _with_headings_above(blocks: Sequence[Block], at: int) -> int:
    """Back to the chapter heading that the first words stand under, else to the one heading right above them."""
    above = at
    while above and blocks[above - 1].kind == "heading":
        above -= 1
        if TOP.match(blocks[above].text):
            return above
    return at - 1 if at > 1 and blocks[at - 1].kind == "heading" and at - above > 2 else at
