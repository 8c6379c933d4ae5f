"""Names that nobody bears: put together from syllables that no London register knows, so that no record can be taken for a person's."""

import numpy as np
from numpy.typing import NDArray

_FIRST = ("Zor", "Quil", "Vex", "Brim", "Tolv", "Xan", "Fenk", "Jorv", "Plim", "Wub", "Gral", "Yolt", "Krem", "Drux", "Snav", "Obl")
_MIDDLE = ("a", "o", "u", "ibba", "ekko", "uzzi", "anda", "orru")
_LAST = ("bex", "dolm", "fip", "gax", "hund", "jix", "kov", "lorp", "mux", "nold", "pim", "quo", "rusk", "splen", "tarq", "vond")

GIVEN_NAMES, FAMILY_NAMES = 600, 1_800


def name_lists() -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """All given and all family names; the earlier in its list, the more people bear it."""
    every = [first + middle + last for middle in _MIDDLE for last in _LAST for first in _FIRST]
    stride = 7  # spreads neighbours in the alphabet over the whole range of how common a name is
    mixed = [every[(number * stride) % len(every)] for number in range(len(every))]
    given = [name[: len(name) // 2 + 2] + "i" for name in dict.fromkeys(mixed)]
    return np.array(list(dict.fromkeys(given))[:GIVEN_NAMES]), np.array(mixed[:FAMILY_NAMES])


def borne(chance: np.random.Generator, names: NDArray[np.str_], size: int) -> NDArray[np.int64]:
    """Number of the name of each person; a name's share falls with its place in the list (Zipf, exponent 0.7)."""
    weight = np.arange(1, len(names) + 1) ** -0.7
    return np.searchsorted(np.cumsum(weight) / weight.sum(), chance.random(size)).astype(np.int64)


def mistyped(chance: np.random.Generator, name: str) -> str:
    """The name with one slip of the keyboard: a letter left out, doubled, swapped with the next, or another one."""
    place = int(chance.integers(1, len(name) - 1))
    slip = int(chance.integers(4))
    if slip == 0:
        return name[:place] + name[place + 1 :]
    if slip == 1:
        return name[:place] + name[place] + name[place:]
    if slip == 2:
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name[:place] + "abcdefghijklmnopqrstuvwxyz"[int(chance.integers(26))] + name[place + 1 :]
