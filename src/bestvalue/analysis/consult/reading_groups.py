"""Which answers in words are worth reading together? Groups by shared words: an order to read in, not a coding."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial import distance

MOST_ANSWERS = 4_000
"""All pairs are compared: 4,000 answers make eight million of them."""

FARTHEST = 0.85
"""Answers join a group while they are on average nearer than this (1 is no word in common)."""

LITTLE_WORDS = frozenset(
    (  # noqa: SIM905 - a hundred quoted words would be harder to read
        "a about all an and any are as at be been but by can could do does don't down for from get had has have he her here his how i "
        "i'm if in into is it it's its just like me more my no not of off on or our out over so some than that the their them then there "
        "these they this to too up us very was we were what when where which who will with would you your"
    ).split()
)


@dataclass(frozen=True, kw_only=True)
class ReadingGroups:
    """Group of each answer, from 0 by size (answers alone come last, each its own), and the words that each group shares most."""

    group: NDArray[np.int64]
    shared_words: tuple[tuple[str, ...], ...]


def words_of(text: str) -> list[str]:
    """Words that carry meaning, in lower case, endings of plural and tense cut off.

    Example:
        >>> words_of("More officers walking on the streets.")
        ['officer', 'walk', 'street']
    """
    found = re.findall(r"[^\W\d_][\w'’-]*", text.lower())
    return [_stem(word) for word in found if word not in LITTLE_WORDS]


def group_answers(texts: Sequence[str]) -> ReadingGroups:
    """Group answers by the words they share, rare words counting more (tf-idf, cosine, average linkage).

    Made from the answers alone: no network, no model, no chance.
    """
    bags = [Counter(words_of(text)) for text in texts[:MOST_ANSWERS]]
    seen = Counter(word for bag in bags for word in bag)
    vocabulary = {word: at for at, word in enumerate(sorted(word for word, times in seen.items() if times > 1))}
    matrix = np.zeros((len(bags), max(len(vocabulary), 1)))
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            if word in vocabulary:
                matrix[row, vocabulary[word]] = (1 + np.log(times)) * np.log(len(bags) / seen[word])
    length = np.sqrt((matrix**2).sum(axis=1))
    scaled = matrix / np.maximum(length, 1e-12)[:, None]
    if len(bags) < 2:
        return ReadingGroups(group=np.zeros(len(bags), dtype=np.int64), shared_words=((),) * len(bags))
    apart = np.clip(distance.squareform(1 - scaled @ scaled.T, checks=False), 0, 1)
    joined = hierarchy.fcluster(hierarchy.linkage(apart, method="average"), FARTHEST, criterion="distance")
    order = {group: at for at, (group, _) in enumerate(Counter(joined.tolist()).most_common())}
    group = np.array([order[one] for one in joined.tolist()], dtype=np.int64)
    names = list(vocabulary)
    shared = []
    for one in range(len(order)):
        weight = scaled[group == one].mean(axis=0)
        shared.append(tuple(names[at] for at in np.argsort(-weight, kind="stable")[:4] if weight[at] > 0))
    return ReadingGroups(group=group, shared_words=tuple(shared))


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word
