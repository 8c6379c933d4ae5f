"""Words that a PDF broke: "s ignificant", "evidence -based", "recommen-" at a line's end. Mended from the report's own vocabulary."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

FEWEST_BREAKS = 5
"""A text with fewer breaks than this is not PDF text, and stays as it is, letter for letter."""

_WORD = re.compile(r"[^\W\d_]+")
_LOOSE_HYPHEN = re.compile(r"(?<=[^\W\d_]) -(?=[^\W\d_])|(?<=[^\W\d_]{2})- (?=[^\W\d_]{4})(?!(?:and|or|to)\b)")
_LOOSE_QUOTE = re.compile(r"(?<=[^\W\d_])([’']) (?=s\b)|(?<=[^\W\d_]) (?=[’']s?\b)")
_ENDINGS = re.compile(
    r"(?i)^(?:a|i|the|of|to|in|on|at|by|an|and|or|is|it|be|as|we|he|no|so|up|us|for|not|but|are|was|has|had|its|our|all|any)$"
)


def mender(texts: Iterable[str]) -> Callable[[str], str]:
    """A function that mends the broken words of these texts; it changes nothing if the texts have next to none."""
    texts = list(texts)
    words = Counter(word for text in texts for word in _WORD.findall(text.casefold()))
    breaks = sum(len(_LOOSE_HYPHEN.findall(text)) for text in texts) + sum(_count_breaks(text, words) for text in texts)
    if breaks < FEWEST_BREAKS:
        return lambda text: text
    return lambda text: _mend(text, words)


def join_lines(first: str, second: str, words: Callable[[str], int]) -> str:
    """Join two lines of one paragraph. A hyphen at the end stays unless the report writes the word without it elsewhere.

    Args:
        first: the line above, without white space at its end.
        second: the line below, without white space at its start.
        words: how often the report has a word, hyphen and all, in small letters.
    """
    if first.endswith("\u00ad"):
        return first[:-1] + second
    if not first.endswith("-"):
        return f"{first} {second}".strip()
    broken = re.search(r"([^\W\d_]+)-$", first[-40:])
    rest = re.match(r"[^\W\d_]+", second)
    if not broken or not rest or not rest[0][0].islower():
        return f"{first} {second}".strip()
    whole = f"{broken[1]}{rest[0]}".casefold()
    if words(whole) and words(whole) > words(f"{broken[1]}-{rest[0]}".casefold()):
        return first[:-1] + second
    return first + second


def _mend(text: str, words: Counter[str]) -> str:
    text = _LOOSE_QUOTE.sub(lambda match: match[1] or "", _LOOSE_HYPHEN.sub("-", text))
    start = 0
    mended: list[str] = []
    for first, second in _neighbours(text):
        # Both pieces run from one word's start to the next one's end with a single space between.
        if first.start() >= start and _joins(first[0], second[0], words):
            mended += [text[start : first.end()], second[0]]
            start = second.end()
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", "".join([*mended, text[start:]]))


def _count_breaks(text: str, words: Counter[str]) -> int:
    return sum(_joins(first[0], second[0], words) for first, second in _neighbours(text))


def _neighbours(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    found = list(_WORD.finditer(text))
    for first, second in pairwise(found):
        if second.start() == first.end() + 1 and text[first.end()] == " ":
            yield first, second


def _joins(first: str, second: str, words: Counter[str]) -> bool:
    """Whether two pieces are one word: the report writes it whole more often than it writes the rarer piece."""
    if second[0].isupper() or (_ENDINGS.match(first) and _ENDINGS.match(second)):
        return False
    whole = words[(first + second).casefold()]
    if not whole:
        return False
    pieces = [piece for piece in (first, second) if not _ENDINGS.match(piece) or len(piece) == 1]
    return bool(pieces) and whole >= min(words[piece.casefold()] for piece in pieces) and len(first + second) > 3
