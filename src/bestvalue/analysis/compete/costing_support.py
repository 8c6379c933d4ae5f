"""What does each cost centre receive from those that serve it? Support passed on directly, step by step or reciprocally.

Support centres serve each other in circles: personnel hire the accountants who pay the personnel. The reciprocal method
takes all of it into account at once: x = d + A x, where d is what each centre spends itself, x what it comes to with what
it receives, and A[i, j] the share of centre j's work that goes to centre i.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import bicgstab

Method = Literal["reciprocal", "step-down", "direct"]
Amounts = NDArray[np.float64]

TOLERANCE = 1e-14
"""What may be missing from the loaded costs when the sweeps stop, as a share of the whole: a hundredth of what is promised (1e-12)."""

SWEEPS_BEFORE_KRYLOV, KRYLOV_STEPS, SWEEPS_AT_MOST = 200, 500, 100_000
KRYLOV_TOLERANCE = 1e-13
JUMP_GAIN = 0.5
"""A jump must leave less than this share of what was left before it."""


@dataclass(frozen=True, kw_only=True)
class SupportNetwork:
    """How the work of n support centres is divided.

    Args:
        among: sparse array (n, n): `among[i, j]` is the share of support centre j's work that goes to support centre i.
        outside: sparse array (m, n): the share that goes to each of the m centres that pass nothing on.

    The columns of both together add up to 1, or to 0 for a centre whose work nobody counts. No centre serves itself.
    """

    among: sparse.csr_array
    outside: sparse.csr_array


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Where the money of the support centres came to rest, in the columns of what was given.

    Args:
        loaded: array (n, k), what each support centre came to with what it received, before it passed it on.
        received: array (m, k), what each other centre received.
        stuck: array (n, k), what a support centre could pass on to nobody.
    """

    loaded: Amounts
    received: Amounts
    stuck: Amounts


def network_of(givers: NDArray[np.int64], takers: NDArray[np.int64], quantity: Amounts, *, support: int, others: int) -> SupportNetwork:
    """Make a network of counted drivers.

    Args:
        givers: array (links,), the support centre that serves, 0 to `support` - 1.
        takers: array (links,), who is served: a support centre, or `support` + the number of another centre.
        quantity: array (links,), how much of the giver's driver, >= 0. What a centre does for itself is left out.
        support: how many support centres there are.
        others: how many others.
    """
    counts = (quantity > 0) & (givers != takers)
    size = (support + others, support)
    share = sparse.csr_array((quantity[counts], (takers[counts], givers[counts])), shape=size, dtype=np.float64)
    total = np.bincount(givers[counts], weights=quantity[counts], minlength=support)
    share = share @ sparse.dia_array((np.divide(1.0, total, out=np.zeros(support), where=total > 0)[None], [0]), shape=(support, support))
    return SupportNetwork(among=share[:support].tocsr(), outside=share[support:].tocsr())


def closed_loops(network: SupportNetwork) -> list[list[int]]:
    """Groups of support centres that serve only each other, so that what they spend has no way out.

    They are the strongly connected parts of the network that no link leaves. The equations have no solution where there is
    one: look before solving.

    Example: centres 0 and 1 serve only each other, centre 2 serves a centre outside.
        >>> pair = network_of(np.array([0, 1, 2]), np.array([1, 0, 3]), np.ones(3), support=3, others=1)
        >>> closed_loops(pair)
        [[0, 1]]
    """
    parts, part_of = connected_components(network.among.T, directed=True, connection="strong")
    among = network.among.tocoo()
    leaves = part_of[among.coords[0]] != part_of[among.coords[1]]
    open_parts = np.zeros(parts, dtype=np.bool_)
    open_parts[part_of[among.coords[1][leaves]]] = True
    open_parts[part_of[network.outside.tocoo().coords[1]]] = True
    inner = np.zeros(parts, dtype=np.bool_)
    inner[part_of[among.coords[1][~leaves]]] = True
    closed = np.flatnonzero(inner & ~open_parts)
    return [np.flatnonzero(part_of == part).tolist() for part in closed]


def pass_on(network: SupportNetwork, own: Amounts, *, method: Method = "reciprocal") -> Passed:
    """Pass what the support centres spend on to those that they serve.

    Args:
        network: who serves whom; for the reciprocal method without closed loops.
        own: array (n,) or (n, k): what each support centre spends itself, each column for itself.
        method: "reciprocal" as it is; "step-down" in turn, the centre that gives the largest share to other support centres
            first, and nothing back to one whose turn is over; "direct" only to those that are no support centres.

    Raises:
        ArithmeticError: the equations did not converge, which they do for every network without closed loops.
    Source: Horngren, Datar and Rajan, Cost Accounting, 15th ed., ch. 15; Kaplan and Atkinson, Advanced Management
        Accounting, 3rd ed., ch. 3.
    """
    columns = own.reshape(len(own), -1).astype(np.float64)
    if method == "step-down":
        return _step_down(network, columns)
    if method == "direct":
        given = np.asarray(network.outside.sum(axis=0))
        passes = given > 0
        scaled = columns * np.divide(1.0, given, out=np.zeros_like(given), where=passes)[:, None]
        return Passed(loaded=columns, received=network.outside @ scaled, stuck=columns * ~passes[:, None])
    loaded = np.column_stack([_loaded(network.among, column) for column in columns.T])
    passes = np.asarray(network.among.sum(axis=0) + network.outside.sum(axis=0)) > 0
    return Passed(loaded=loaded, received=network.outside @ loaded, stuck=loaded * ~passes[:, None])


def _loaded(among: sparse.csr_array, own: Amounts) -> Amounts:
    """Solve x = own + among x by passing the money on again and again, with a jump where the rest shrinks steadily.

    A sparse LU of the same equations fills in: with 20,000 centres it takes minutes where this takes milliseconds.
    """
    loaded, rest, size = own.copy(), own, float(np.abs(own).sum())
    for _ in range(SWEEPS_BEFORE_KRYLOV):
        before, size_before = rest, size
        rest = among @ before
        loaded += rest
        size = float(np.abs(rest).sum())
        if size <= TOLERANCE * float(np.abs(loaded).sum()):
            return loaded
        rate = size / size_before
        # What would be left after the jump: small once every centre's rest shrinks at one rate, large in a money-go-round.
        if rate < 1 and float(np.abs(rest - rate * before).sum()) < JUMP_GAIN * (1 - rate) * size:
            loaded += rest * (rate / (1 - rate))  # the sum of the geometric series that the sweeps would still add
            rest = own + among @ loaded - loaded
            loaded += rest
            size = float(np.abs(rest).sum())
    return _by_bicgstab(among, own, start=loaded)


def _by_bicgstab(among: sparse.csr_array, own: Amounts, *, start: Amounts) -> Amounts:
    """The same where sweeps alone would be slow; sweeps go on from there, and they always arrive."""
    system = sparse.eye_array(len(own), format="csr") - among
    loaded, failed = bicgstab(system, own, x0=start, rtol=KRYLOV_TOLERANCE, atol=0.0, maxiter=KRYLOV_STEPS)
    if failed and not np.isfinite(loaded).all():
        loaded = start
    for _ in range(SWEEPS_AT_MOST):
        rest = own + among @ loaded - loaded
        loaded = loaded + rest
        if float(np.abs(rest).sum()) <= TOLERANCE * float(np.abs(loaded).sum()):
            return np.asarray(loaded)
    raise ArithmeticError("the reciprocal equations did not converge")


def _step_down(network: SupportNetwork, columns: Amounts) -> Passed:
    every = sparse.vstack([network.among, network.outside]).tocsc()
    held = np.zeros((every.shape[0], columns.shape[1]))
    held[: len(columns)] = columns
    loaded, stuck = np.zeros_like(columns), np.zeros_like(columns)
    is_open = np.ones(every.shape[0], dtype=np.bool_)
    for centre in step_down_order(network, columns):
        is_open[centre] = False
        start, end = every.indptr[centre], every.indptr[centre + 1]
        to, share = every.indices[start:end], every.data[start:end]
        to, share = to[is_open[to]], share[is_open[to]]
        loaded[centre] = held[centre]
        if len(to) == 0:
            stuck[centre] = held[centre]
            continue
        held[to] += (share / share.sum())[:, None] * held[centre][None]
    return Passed(loaded=loaded, received=held[len(columns) :], stuck=stuck)


def step_down_order(network: SupportNetwork, columns: Amounts) -> Sequence[int]:
    """Support centres in their turn: the largest share given to other support centres first, then the larger cost."""
    to_support = np.asarray(network.among.sum(axis=0))
    return [int(centre) for centre in np.lexsort((-columns.sum(axis=1), -np.round(to_support, 12)))]
