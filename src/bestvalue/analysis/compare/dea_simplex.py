"""Scores of data envelopment analysis by a compiled simplex on a small basis: few rows, many columns, one programme a unit.

The programme of unit o, input orientation: the least theta with reference inputs at most theta x_o and reference outputs at least y_o.
It has a row for each input and output (and one for the scale) and a column for each reference unit, so the basis is tiny and nearly all
work is pricing. Reference units that have been in a basis are priced first; all are priced before an optimum is believed. Data lie row
by row, so that pricing runs over whole vectors.

`dea_lp` is the reference path; a test holds the two equal to 1e-8.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.compiled import compiled

Floats = NDArray[np.float64]
SOLVED, INFEASIBLE, UNBOUNDED, STUCK = 0, 1, 2, 3
CONSTANT, VARIABLE, DECREASING, INCREASING = 0, 1, 2, 3
"""Returns to scale: the sum of the reference weights is free, 1, at most 1, at least 1."""

_REDUCED_COST = 1e-11
_PIVOT = 1e-9


@dataclass(frozen=True, kw_only=True)
class FastScores:
    """Farrell scores: theta <= 1 (input) or phi >= 1 (output) for a unit of the reference; `status` says which are solved."""

    score: Floats
    status: NDArray[np.int64]


def fast_scores(
    *,
    reference_inputs: Floats,
    reference_outputs: Floats,
    inputs: Floats,
    outputs: Floats,
    own: NDArray[np.int64] | None,
    output_oriented: bool,
    returns: int,
    threads: int = 1,
) -> FastScores:
    """Score units against a reference.

    Args:
        reference_inputs: array (n, m), >= 0.
        reference_outputs: array (n, s), >= 0.
        inputs: of the units, array (u, m).
        outputs: of the units, array (u, s).
        own: for each unit the row of the reference that is the unit itself, or the unit with its inputs (input orientation) or outputs
            (output orientation) all multiplied by one number: the search begins there. None: begin from nothing, in two phases.
        output_oriented: expand outputs; else contract inputs.
        returns: CONSTANT, VARIABLE, DECREASING or INCREASING.
        threads: how many units are solved at once; the scores do not depend on it.
    """
    scale_in, scale_out = (np.where(data.mean(axis=0) > 0, data.mean(axis=0), 1.0) for data in (reference_inputs, reference_outputs))
    rows = [reference_inputs / scale_in, reference_outputs / scale_out]
    if returns != CONSTANT:
        rows.append(np.ones((len(reference_inputs), 1)))
    reference = np.ascontiguousarray(np.hstack(rows).T)
    x, y = np.ascontiguousarray(inputs / scale_in), np.ascontiguousarray(outputs / scale_out)
    start = np.full(len(x), -1, dtype=np.int64) if own is None else own
    score, status = np.full(len(x), np.nan), np.full(len(x), STUCK, dtype=np.int64)
    edges = np.linspace(0, len(x), threads + 1).astype(int)
    if threads == 1:
        solve_units(reference, x, y, start, output_oriented, returns, score, status)
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            jobs = [
                pool.submit(solve_units, reference, x[a:b], y[a:b], start[a:b], output_oriented, returns, score[a:b], status[a:b])
                for a, b in pairwise(edges.tolist())
            ]
            for job in jobs:
                job.result()
    return FastScores(score=score, status=status)


@compiled
def solve_units(
    reference: Floats,
    x: Floats,
    y: Floats,
    start: NDArray[np.int64],
    output_oriented: bool,  # noqa: FBT001 - compiled code takes no keywords
    returns: int,
    score: Floats,
    status: NDArray[np.int64],
) -> None:
    """Solve the programme of every unit; scores and statuses are written into the arrays given."""
    r, n = reference.shape
    m, s = x.shape[1], y.shape[1]
    # columns: reference units 0..n-1, the score n, slacks n+1.., an artificial for each row after them
    first_artificial = n + 1 + m + s + (1 if returns >= DECREASING else 0)
    candidates = np.zeros((r, n))
    listed = np.empty(n, dtype=np.int64)
    is_listed = np.zeros(n, dtype=np.bool_)
    count = 0
    prices, reduced = np.empty(r), np.empty(n)
    basis, inverse, value = np.empty(r, dtype=np.int64), np.empty((r, r)), np.empty(r)
    column, direction, work = np.empty(r), np.empty(r), np.empty((r, 2 * r))
    right = np.empty(r)
    scored = np.empty(r)
    for unit in range(len(x)):
        _programme(x[unit], y[unit], output_oriented, r, right, scored)
        phase = _first_basis(start[unit], x[unit], y[unit], output_oriented, returns, r, n, first_artificial, basis)
        ok = _invert(reference, basis, scored, m, s, returns, first_artificial, work, inverse)
        if not ok:
            status[unit] = STUCK
            continue
        _multiply(inverse, right, value)
        checked, turns, state = False, 0, -1
        while state < 0:
            turns += 1
            if turns > 200 + 20 * r + 2 * n:
                state = STUCK
                break
            _price(basis, inverse, n, first_artificial, phase, output_oriented, prices)
            bland = turns > 60 * r
            entering, cost = -1, -_REDUCED_COST
            # the score and the slacks
            for j in range(n, first_artificial):
                d = _reduced_cost(j, prices, scored, n, m, s, returns, phase, output_oriented)
                if d < cost and not _in_basis(basis, j):
                    entering, cost = j, d
                    if bland:
                        break
            if not bland and count:
                entering, cost = _best_column(candidates, count, prices, reduced, entering, cost, listed)
            if entering < 0 or bland:
                if not (bland and entering >= 0):
                    entering, cost = _best_column(reference, n, prices, reduced, entering, cost, listed[:0])
                if 0 <= entering < n and not is_listed[entering]:
                    candidates[:, count] = reference[:, entering]
                    listed[count] = entering
                    is_listed[entering] = True
                    count += 1
            if entering < 0:
                # optimal by this inverse: believe it only when a fresh inverse agrees
                if not checked:
                    checked = True
                    if not _invert(reference, basis, scored, m, s, returns, first_artificial, work, inverse):
                        state = STUCK
                        break
                    _multiply(inverse, right, value)
                    continue
                if phase == 1:
                    infeasibility = 0.0
                    for row in range(r):
                        if basis[row] >= first_artificial:
                            infeasibility += max(value[row], 0.0)
                    if infeasibility > 1e-9:
                        state = INFEASIBLE
                        break
                    phase, checked = 2, False
                    continue
                state = SOLVED
                break
            checked = False
            _column(entering, reference, scored, n, m, s, returns, first_artificial, column)
            _multiply(inverse, column, direction)
            leaving = _leaving(value, direction, basis, first_artificial, phase, bland)
            if leaving < 0:
                state = UNBOUNDED
                break
            _pivot(inverse, value, direction, leaving)
            basis[leaving] = entering
        status[unit] = state
        score[unit] = np.nan
        if state == SOLVED:
            for row in range(r):
                if basis[row] == n:
                    score[unit] = value[row]


@compiled
def _programme(x: Floats, y: Floats, output_oriented: bool, r: int, right: Floats, scored: Floats) -> None:  # noqa: FBT001
    """The right-hand side of a unit, and the column of its score."""
    m, s = len(x), len(y)
    for row in range(r):
        right[row], scored[row] = 1.0, 0.0
    for i in range(m):
        right[i] = x[i] if output_oriented else 0.0
        scored[i] = 0.0 if output_oriented else -x[i]
    for k in range(s):
        right[m + k] = 0.0 if output_oriented else y[k]
        scored[m + k] = -y[k] if output_oriented else 0.0


@compiled
def _first_basis(
    own: int,
    x: Floats,
    y: Floats,
    output_oriented: bool,  # noqa: FBT001
    returns: int,
    r: int,
    n: int,
    first_artificial: int,
    basis: NDArray[np.int64],
) -> int:
    """A feasible basis: the unit itself with its score, or slacks and artificials; returns the phase to begin with."""
    m, s = len(x), len(y)
    for row in range(m + s):
        basis[row] = n + 1 + row
    if r > m + s:
        basis[m + s] = first_artificial + m + s
    if own >= 0:
        largest_in, largest_out = 0, m
        for i in range(m):
            if x[i] > x[largest_in]:
                largest_in = i
        for k in range(s):
            if y[k] > y[largest_out - m]:
                largest_out = m + k
        basis[largest_out if output_oriented else largest_in] = n
        if r > m + s:
            basis[m + s] = own
        else:
            basis[largest_in if output_oriented else largest_out] = own
        return 2
    if not output_oriented:
        for row in range(m, m + s):
            basis[row] = first_artificial + row
    if r > m + s and returns == DECREASING:
        basis[m + s] = n + 1 + m + s
    for row in range(r):
        if basis[row] >= first_artificial:
            return 1
    return 2


@compiled
def _column(j: int, reference: Floats, scored: Floats, n: int, m: int, s: int, returns: int, first_artificial: int, column: Floats) -> None:
    """Column j of the programme."""
    r = len(column)
    if j < n:
        for row in range(r):
            column[row] = reference[row, j]
    elif j == n:
        for row in range(r):
            column[row] = scored[row]
    else:
        for row in range(r):
            column[row] = 0.0
        if j >= first_artificial:
            column[j - first_artificial] = 1.0
        elif j - n - 1 < m:
            column[j - n - 1] = 1.0
        elif j - n - 1 < m + s:
            column[j - n - 1] = -1.0
        else:
            column[m + s] = 1.0 if returns == DECREASING else -1.0


@compiled
def _reduced_cost(
    j: int,
    prices: Floats,
    scored: Floats,
    n: int,
    m: int,
    s: int,
    returns: int,
    phase: int,
    output_oriented: bool,  # noqa: FBT001
) -> float:
    """Reduced cost of the score or of a slack."""
    if j == n:
        total = 0.0
        if phase == 2:
            total = -1.0 if output_oriented else 1.0
        for row in range(m + s):
            total -= prices[row] * scored[row]
        return total
    row = j - n - 1
    price = float(prices[row])
    if row < m:
        return -price
    if row < m + s:
        return price
    return -price if returns == DECREASING else price


@compiled
def _price(
    basis: NDArray[np.int64],
    inverse: Floats,
    n: int,
    first_artificial: int,
    phase: int,
    output_oriented: bool,  # noqa: FBT001
    prices: Floats,
) -> None:
    """Prices of the rows: the costs of the basis times its inverse."""
    r = len(basis)
    for k in range(r):
        prices[k] = 0.0
    for row in range(r):
        cost = 0.0
        if phase == 1:
            cost = 1.0 if basis[row] >= first_artificial else 0.0
        elif basis[row] == n:
            cost = -1.0 if output_oriented else 1.0
        if cost != 0.0:
            for k in range(r):
                prices[k] += cost * inverse[row, k]


@compiled
def _best_column(
    matrix: Floats, count: int, prices: Floats, reduced: Floats, entering: int, cost: float, names: NDArray[np.int64]
) -> tuple[int, float]:
    """The column of least reduced cost, if it is less than what is known already; row by row, so that it runs over whole vectors."""
    r = len(prices)
    first = prices[0]
    for j in range(count):
        reduced[j] = first * matrix[0, j]
    for row in range(1, r):
        price = prices[row]
        for j in range(count):
            reduced[j] += price * matrix[row, j]
    best, most = -1, -cost
    for j in range(count):
        if reduced[j] > most:
            most = reduced[j]
            best = j
    if best < 0:
        return entering, cost
    return (names[best] if len(names) else best), -most


@compiled
def _in_basis(basis: NDArray[np.int64], j: int) -> bool:
    for row in range(len(basis)):  # noqa: SIM110 - compiled code has no any() over a generator
        if basis[row] == j:
            return True
    return False


@compiled
def _multiply(matrix: Floats, vector: Floats, out: Floats) -> None:
    r = len(vector)
    for i in range(r):
        total = 0.0
        for k in range(r):
            total += matrix[i, k] * vector[k]
        out[i] = total


@compiled
def _leaving(
    value: Floats,
    direction: Floats,
    basis: NDArray[np.int64],
    first_artificial: int,
    phase: int,
    bland: bool,  # noqa: FBT001
) -> int:
    """The row that leaves: least ratio, and of equal ones the largest pivot; an artificial that the second phase still has goes first."""
    leaving, least = -1, np.inf
    for row in range(len(value)):
        step = direction[row]
        if phase == 2 and basis[row] >= first_artificial and abs(step) > _PIVOT:
            return row
        if step <= _PIVOT:
            continue
        ratio = max(value[row], 0.0) / step
        if leaving < 0 or ratio < least - 1e-13:
            leaving, least = row, ratio
        elif ratio <= least + 1e-13:
            better = basis[row] < basis[leaving] if bland else step > direction[leaving]
            if better:
                leaving = row
                least = min(least, ratio)
    return leaving


@compiled
def _pivot(inverse: Floats, value: Floats, direction: Floats, leaving: int) -> None:
    r = len(value)
    pivot = direction[leaving]
    step = value[leaving] / pivot
    for k in range(r):
        inverse[leaving, k] /= pivot
    for row in range(r):
        if row != leaving and direction[row] != 0.0:
            factor = direction[row]
            value[row] -= factor * step
            for k in range(r):
                inverse[row, k] -= factor * inverse[leaving, k]
    value[leaving] = step


@compiled
def _invert(
    reference: Floats,
    basis: NDArray[np.int64],
    scored: Floats,
    m: int,
    s: int,
    returns: int,
    first_artificial: int,
    work: Floats,
    inverse: Floats,
) -> bool:
    """The inverse of the basis by Gauss and Jordan with row exchange; False where the basis is singular."""
    r, n = reference.shape
    column = np.empty(r)
    for k in range(r):
        _column(basis[k], reference, scored, n, m, s, returns, first_artificial, column)
        for row in range(r):
            work[row, k] = column[row]
            work[row, r + k] = 1.0 if row == k else 0.0
    for k in range(r):
        best = k
        for row in range(k + 1, r):
            if abs(work[row, k]) > abs(work[best, k]):
                best = row
        if abs(work[best, k]) < 1e-13:
            return False
        if best != k:
            for c in range(2 * r):
                work[k, c], work[best, c] = work[best, c], work[k, c]
        pivot = work[k, k]
        for c in range(2 * r):
            work[k, c] /= pivot
        for row in range(r):
            if row != k and work[row, k] != 0.0:
                factor = work[row, k]
                for c in range(2 * r):
                    work[row, c] -= factor * work[k, c]
    for row in range(r):
        for k in range(r):
            inverse[row, k] = work[row, r + k]
    return True
