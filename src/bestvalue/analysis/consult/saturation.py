"""Would more answers bring new codes? How many codes are seen by how many answers, whatever their order."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Saturation:
    """Expected codes seen after 1, 2, ... answers, array (n,); how many codes there are; and codes given to one answer only."""

    expected: Floats
    codes: int
    once: int

    @property
    def unseen(self) -> float:
        """Chance that the next answer brings a code that nobody has given: codes given once over answers (Good and Turing)."""
        return self.once / len(self.expected)

    def answers_for(self, share: float) -> int:
        """After how many answers this share of the codes is seen, on average."""
        return int(np.argmax(self.expected >= share * self.codes - 1e-9)) + 1


def saturation(segments: pl.DataFrame) -> Saturation:
    """The mean over all orders of reading, in closed form: a code given to c of n answers is unseen in m with C(n - c, m) / C(n, m).

    Args:
        segments: open_answer_id and code; given by any coder.

    Source: Hurlbert (1971), Ecology 52 (rarefaction); Good (1953), Biometrika 40.
    """
    pairs = segments.select("open_answer_id", "code").unique()
    answers = pairs["open_answer_id"].n_unique()
    given = pairs.group_by("code").len().sort("code")["len"].to_numpy().astype(np.float64)
    read = np.arange(1, answers + 1)

    def log_choose(n: Floats, k: Floats) -> Floats:
        found: Floats = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        return found

    left = answers - given[:, None]
    possible = left >= read[None, :]
    taken = np.where(possible, read[None, :], 0.0)
    unseen = np.where(possible, np.exp(log_choose(left + 0 * taken, taken) - log_choose(np.full_like(taken, answers), taken)), 0.0)
    return Saturation(expected=(1 - unseen).sum(axis=0), codes=len(given), once=int((given == 1).sum()))
