"""How is money divided so that the parts add up to the penny? Whole pence, and the pennies left over by largest remainder."""

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.rounding import plain

PENCE_A_POUND = 100
MILLION, BILLION = 1_000_000, 1_000_000_000


def share_out(total_pence: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Divide an amount in proportion to weights, in whole pence that add up to it.

    Every part first gets its quota rounded towards zero; the pennies that are left go one each to the parts with the
    largest remainders, the earlier part first where two are alike.

    Args:
        total_pence: what is divided; a negative amount (income) is divided like its positive twin.
        weights: array (n,), >= 0, not all zero; a part of weight zero never gets a penny.

    Returns:
        array (n,) of whole pence; its sum is `total_pence` exactly, and no part is a penny or more from its quota.

    Raises:
        ValueError: a weight is negative or not a number, or all are zero.
    Source: Hamilton's method; Balinski and Young, Fair Representation (1982), ch. 3.
    Example: by hand, quotas 33.33 each: the first gets the penny that is left.
        >>> share_out(100, np.array([1.0, 1, 1])).tolist(), share_out(-7, np.array([2.0, 0, 1])).tolist()
        ([34, 33, 33], [-5, 0, -2])
    """
    weight = np.asarray(weights, dtype=np.float64)
    whole = float(weight.sum())
    if not (whole > 0 and np.isfinite(whole)) or weight.min() < 0:
        raise ValueError("weights must be numbers >= 0 and not all zero")
    size, sign = abs(int(total_pence)), -1 if total_pence < 0 else 1
    parts = np.zeros(len(weight), dtype=np.int64)
    some = np.flatnonzero(weight)  # what has no weight gets nothing, and most of a costing's weights are zero
    parts[some] = sign * round_to_total(weight[some] * (size / whole), size)
    return parts


def round_to_total(amounts: NDArray[np.float64], total_pence: int) -> NDArray[np.int64]:
    """Round amounts that add up to a whole number of pence, but for the error of floating point, so that they do so exactly.

    Args:
        amounts: array (n,), >= 0, in pence; their sum is `total_pence` to within half a penny a part.
        total_pence: what they must add up to.

    Returns:
        array (n,) of whole pence, each less than a penny from its amount.

    Raises:
        ValueError: the amounts do not add up to the total.
    """
    parts: NDArray[np.int64] = np.floor(amounts).astype(np.int64)
    remainder = amounts - parts
    remainder[amounts <= 0] = -1.0  # what gets nothing gets no penny either
    left = int(total_pence) - int(parts.sum())
    if not -len(parts) <= left <= len(parts):
        raise ValueError(f"amounts add up to {float(np.sum(amounts)):.2f}, not to {total_pence}")
    if left > 0:
        parts[_largest(remainder, left)] += 1
    elif left < 0:  # floating point put a quota a hair above a whole penny
        parts[_largest(np.where(parts > 0, -remainder, -np.inf), -left)] -= 1
    return parts


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Places of the `count` largest values, the earlier first where two are alike; without sorting the rest."""
    least = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > least)
    return np.concatenate([above, np.flatnonzero(values == least)[: count - len(above)]])


def share_out_both_ways(rows_pence: NDArray[np.int64], columns_pence: NDArray[np.int64]) -> NDArray[np.int64]:
    """Divide an amount that is known by rows and by columns over the cells, so that every row and every column still adds up.

    A cell gets its quota, row times column over the whole, rounded down; the pennies that rows and columns then lack are the same
    number, and go to cells in order until neither lacks any. No cell of positive rows and columns falls below zero.

    Args:
        rows_pence: array (n,) of whole pence.
        columns_pence: array (m,) of whole pence with the same sum.

    Returns:
        array (n, m) of whole pence; its sums along either axis are the arguments exactly.

    Raises:
        ValueError: the sums differ, or they are 0 while a row or column is not.
    Source: controlled rounding of a table with fixed margins: Cox (1987), Journal of the American Statistical Association 82, 520-524.
    Example: by hand, quotas 1.5 each, rounded down 1 each: one penny is lacking in each row and each column.
        >>> share_out_both_ways(np.array([3, 3]), np.array([3, 3])).tolist()
        [[2, 1], [1, 2]]
    """
    whole = int(rows_pence.sum())
    if whole != int(columns_pence.sum()):
        raise ValueError(f"rows add up to {whole}, columns to {int(columns_pence.sum())}")
    if whole == 0:
        if rows_pence.any() or columns_pence.any():
            raise ValueError("parts that add up to nothing cannot be divided in proportion to anything")
        return np.zeros((len(rows_pence), len(columns_pence)), dtype=np.int64)
    quota = np.outer(rows_pence.astype(np.float64), columns_pence / whole)
    # A hair less, so that floating point never puts a quota above the whole penny that it is: what lacks is then never negative.
    cells: NDArray[np.int64] = np.floor(quota - np.minimum(np.abs(quota) * 1e-12, 0.5)).astype(np.int64)
    row_lacks, column_lacks = (rows_pence - cells.sum(axis=1)).tolist(), (columns_pence - cells.sum(axis=0)).tolist()
    row = column = 0
    while row < len(row_lacks) and column < len(column_lacks):
        step = min(row_lacks[row], column_lacks[column])
        if step:
            cells[row, column] += step
            row_lacks[row] -= step
            column_lacks[column] -= step
        row, column = (row + 1, column) if row_lacks[row] == 0 else (row, column + 1)
    return cells


def pounds(pence: float) -> str:
    """An amount as words of a sentence.

    Example:
        >>> pounds(12_751_349_631), pounds(4_532_100), pounds(31_250), pounds(1_234), pounds(-250_000_000), pounds(0)
        ('£128 million', '£45,320', '£312', '£12.34', '-£2.5 million', '£0')
    """
    value = abs(pence) / PENCE_A_POUND
    sign = "-" if pence < 0 and value >= 0.005 else ""
    if value >= 999_500_000:
        return f"{sign}£{plain(value / BILLION)} billion"
    if value >= 999_500:
        return f"{sign}£{plain(value / MILLION)} million"
    if value >= 100 or value < 0.005:
        return f"{sign}£{plain(value)}"
    return f"{sign}£{value:.2f}"
