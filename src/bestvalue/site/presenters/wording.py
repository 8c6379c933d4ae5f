"""Where do two wordings of the same recommendation differ? Word by word."""

import difflib
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of words that both wordings have, or only one of them."""

    kind: Literal["same", "only first", "only second"]
    words: str


def compare_words(first: str, second: str) -> tuple[Piece, ...]:
    """Both wordings as one text, cut where they differ.

    Args:
        first: one wording.
        second: the other.

    Returns:
        The pieces in reading order; those of `first` before those of `second` at each difference. Line breaks and
        runs of spaces do not count as differences.

    Example:
        >>> [(piece.kind, piece.words) for piece in compare_words("must improve now", "should improve now")]
        [('only first', 'must'), ('only second', 'should'), ('same', 'improve now')]
    """
    a, b = first.split(), second.split()
    pieces: list[Piece] = []
    for operation, a_from, a_to, b_from, b_to in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(Piece(kind="same", words=" ".join(a[a_from:a_to])))
            continue
        if a_from < a_to:
            pieces.append(Piece(kind="only first", words=" ".join(a[a_from:a_to])))
        if b_from < b_to:
            pieces.append(Piece(kind="only second", words=" ".join(b[b_from:b_to])))
    return tuple(pieces)


def differ(first: str, second: str) -> bool:
    """Whether two wordings differ in more than spacing and the full stop at the end.

    Example:
        >>> differ("Publish the costs", "Publish the  costs.")
        False
    """
    return first.rstrip(". ").split() != second.rstrip(". ").split()
