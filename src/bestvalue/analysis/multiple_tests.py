"""Many tests at once: p-values corrected for how many were made."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def holm(p: Floats) -> Floats:
    """Holm's step-down correction: the chance of even one false find stays below the level.

    Args:
        p: array (m,), 0 to 1; NaN for a test that could not be made, which is not counted.

    Source: Holm (1979), Scandinavian Journal of Statistics 6.
    Example: the smallest times three, the next times two, never falling.
        >>> [round(float(one), 3) for one in holm(np.array([0.01, 0.04, 0.03]))]
        [0.03, 0.06, 0.06]
    """
    corrected = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    corrected[order] = np.maximum.accumulate(np.minimum(1.0, p[order] * (len(order) - np.arange(len(order)))))
    return corrected
