"""Data envelopment analysis through HiGHS: the reference path for scores, and the path for slacks, super-efficiency and weight limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.highs import QuietHighs

Floats = NDArray[np.float64]
Orientation = Literal["input", "output"]
Returns = Literal["constant", "variable", "decreasing", "increasing"]
TOLERANCE = 1e-10


@dataclass(frozen=True, kw_only=True)
class Envelopment:
    """What the envelopment programme says of every unit, in the units of the data.

    Args:
        score: theta (input) or phi (output), array (u); nan where the programme has no solution.
        weights: of the reference units, array (u, n): the peers and how much of each the target is made of.
        input_slack, output_slack: what is left after the radial change, arrays (u, m) and (u, s), the largest total in units of means.
        status: "solved", "infeasible" or "unbounded" for each unit.
    """

    score: Floats
    weights: Floats
    input_slack: Floats
    output_slack: Floats
    status: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits on the share that an input or output has in a unit's virtual total, by its place: {0: (0.1, 0.6)}."""

    inputs: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    outputs: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def envelopment(
    *,
    reference_inputs: Floats,
    reference_outputs: Floats,
    inputs: Floats,
    outputs: Floats,
    orientation: Orientation,
    returns: Returns,
    without_itself: bool = False,
    slacks: bool = True,
) -> Envelopment:
    """Scores, slacks and peers.

    One model is built; for each unit its column and right-hand side are changed, and HiGHS goes on from the last basis.

    Args:
        reference_inputs: array (n, m).
        reference_outputs: array (n, s).
        inputs: of the units, array (u, m).
        outputs: of the units, array (u, s).
        orientation: contract inputs or expand outputs.
        returns: returns to scale.
        without_itself: super-efficiency: unit i may not use row i of the reference.
        slacks: look for the largest slacks as well (a second programme a unit).
    """
    n, (m, s) = len(reference_inputs), (reference_inputs.shape[1], reference_outputs.shape[1])
    scale_in, scale_out = (np.where(data.mean(axis=0) > 0, data.mean(axis=0), 1.0) for data in (reference_inputs, reference_outputs))
    model = _model(reference_inputs / scale_in, reference_outputs / scale_out, returns)
    x, y = inputs / scale_in, outputs / scale_out
    units = len(x)
    score, weights = np.full(units, np.nan), np.zeros((units, n))
    slack_in, slack_out, status = np.zeros((units, m)), np.zeros((units, s)), []
    for u in range(units):
        _set_unit(model, x[u], y[u], n, orientation)
        if without_itself:
            model.changeColBounds(u, 0.0, 0.0)
        status.append(_solve(model))
        if status[-1] == "solved":
            solution = np.array(model.getSolution().col_value)
            score[u] = solution[n]
            if slacks:
                solution = _largest_slacks(model, n, m + s, float(score[u]), solution)
            weights[u], slack_in[u], slack_out[u] = solution[:n], solution[n + 1 : n + 1 + m], solution[n + 1 + m : n + 1 + m + s]
        if without_itself:
            model.changeColBounds(u, 0.0, highspy.kHighsInf)
    return Envelopment(
        score=score,
        weights=np.where(weights > 1e-9, weights, 0.0),
        input_slack=np.where(slack_in > 1e-8, slack_in, 0.0) * scale_in,
        output_slack=np.where(slack_out > 1e-8, slack_out, 0.0) * scale_out,
        status=tuple(status),
    )


def _quiet() -> highspy.Highs:
    model = QuietHighs()  # type: ignore[no-untyped-call] # highspy has no annotation here
    model.setOptionValue("primal_feasibility_tolerance", TOLERANCE)
    model.setOptionValue("dual_feasibility_tolerance", TOLERANCE)
    model.setOptionValue("threads", 1)
    model.setOptionValue("presolve", "off")
    return model


def _model(x: Floats, y: Floats, returns: Returns) -> highspy.Highs:
    """Columns: reference weights, the score, slacks; rows: inputs, outputs, and the sum of the weights."""
    n, (m, s) = len(x), (x.shape[1], y.shape[1])
    rows = m + s + (returns != "constant")
    dense = np.zeros((rows, n + 1 + m + s))
    dense[:m, :n], dense[m : m + s, :n] = x.T, y.T
    dense[np.arange(m), n + 1 + np.arange(m)] = 1.0
    dense[m + np.arange(s), n + 1 + m + np.arange(s)] = -1.0
    low, high = np.zeros(rows), np.zeros(rows)
    if returns != "constant":
        dense[-1, :n] = 1.0
        low[-1] = -highspy.kHighsInf if returns == "decreasing" else 1.0
        high[-1] = highspy.kHighsInf if returns == "increasing" else 1.0
    dense[:, n] = 1e-30  # the score's column is set for each unit; its places must exist
    model = _quiet()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = dense.shape[1], rows
    lp.col_cost_ = np.zeros(dense.shape[1])
    lp.col_lower_, lp.col_upper_ = np.zeros(dense.shape[1]), np.full(dense.shape[1], highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = low, high
    filled = dense != 0
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(filled.sum(axis=0))]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([np.flatnonzero(filled[:, j]) for j in range(dense.shape[1])]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([dense[filled[:, j], j] for j in range(dense.shape[1])])
    model.passModel(lp)
    return model


def _set_unit(model: highspy.Highs, x: Floats, y: Floats, n: int, orientation: Orientation) -> None:
    m, s = len(x), len(y)
    expand = orientation == "output"
    for i in range(m):
        model.changeCoeff(i, n, 0.0 if expand else -float(x[i]))
        model.changeRowBounds(i, *((float(x[i]),) * 2 if expand else (0.0, 0.0)))
    for k in range(s):
        model.changeCoeff(m + k, n, -float(y[k]) if expand else 0.0)
        model.changeRowBounds(m + k, *((0.0, 0.0) if expand else (float(y[k]),) * 2))
    model.changeColCost(n, -1.0 if expand else 1.0)
    model.changeColBounds(n, 0.0, highspy.kHighsInf)
    for j in range(n + 1, n + 1 + m + s):
        model.changeColCost(j, 0.0)


def _solve(model: highspy.Highs) -> str:
    model.run()
    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return "solved"
    if status == highspy.HighsModelStatus.kInfeasible:
        return "infeasible"
    return "unbounded"


def _largest_slacks(model: highspy.Highs, n: int, slacks: int, score: float, first: Floats) -> Floats:
    """The solution with the largest total slack at this score; the first solution where rounding leaves the second without one."""
    model.changeColBounds(n, score, score)
    model.changeColCost(n, 0.0)
    for j in range(n + 1, n + 1 + slacks):
        model.changeColCost(j, -1.0)
    found = np.array(model.getSolution().col_value) if _solve(model) == "solved" else first
    model.changeColBounds(n, 0.0, highspy.kHighsInf)
    return found


@dataclass(frozen=True, kw_only=True)
class Multipliers:
    """What the multiplier programme says: scores and the weights, arrays (u), (u, m), (u, s); nan where there is no solution."""

    score: Floats
    input_weights: Floats
    output_weights: Floats
    status: tuple[str, ...]


def multipliers(
    *, inputs: Floats, outputs: Floats, orientation: Orientation, returns: Returns, limits: Limits | None = None
) -> Multipliers:
    """The dual programme, with limits on the weights where there are some.

    Input orientation: the largest u y_o (+ u0) with v x_o = 1 and u y_j - v x_j (+ u0) <= 0 for every j. A limit of (low, high) on input
    i says low <= v_i x_io <= high; on output r, low <= u_r y_ro / u y_o <= high. Output orientation is its mirror.

    Source: Wong and Beasley (1990), Journal of the Operational Research Society 41 (virtual weight limits).
    """
    limits = limits or Limits()
    scale_in, scale_out = inputs.mean(axis=0), outputs.mean(axis=0)
    x, y = inputs / np.where(scale_in > 0, scale_in, 1), outputs / np.where(scale_out > 0, scale_out, 1)
    n, (m, s) = len(x), (x.shape[1], y.shape[1])
    score, v, u, status = np.full(n, np.nan), np.zeros((n, m)), np.zeros((n, s)), []
    for o in range(n):
        model = _multiplier_model(x, y, o, orientation, returns, limits)
        status.append(_solve(model))
        if status[-1] == "solved":
            values = np.array(model.getSolution().col_value)
            v[o], u[o] = values[:m], values[m : m + s]
            score[o] = abs(model.getInfo().objective_function_value)
    return Multipliers(score=score, input_weights=v / scale_in, output_weights=u / scale_out, status=tuple(status))


def _multiplier_model(x: Floats, y: Floats, o: int, orientation: Orientation, returns: Returns, limits: Limits) -> highspy.Highs:
    (n, m), s = x.shape, y.shape[1]
    inf = highspy.kHighsInf
    free = {"constant": (0.0, 0.0), "variable": (-inf, inf), "decreasing": (-inf, 0.0), "increasing": (0.0, inf)}[returns]
    model = _quiet()
    expand = orientation == "output"
    cost = np.concatenate([x[o], np.zeros(s)]) if expand else np.concatenate([np.zeros(m), -y[o]])
    for value in cost:
        model.addVar(0.0, inf)
        model.changeColCost(model.getNumCol() - 1, float(value))
    # u0 is part of the output side (input orientation); in output orientation it is taken from the input side with the sign turned
    model.addVar(*free)
    model.changeColCost(m + s, -1.0)
    places = np.arange(m + s + 1, dtype=np.int32)
    for j in range(n):
        model.addRow(-inf, 0.0, m + s + 1, places, np.concatenate([-x[j], y[j], [1.0]]))
    fixed = np.concatenate([np.zeros(m), y[o], [0.0]]) if expand else np.concatenate([x[o], np.zeros(s), [0.0]])
    model.addRow(1.0, 1.0, m + s + 1, places, fixed)
    for side, given, first, own in (("inputs", limits.inputs, 0, x[o]), ("outputs", limits.outputs, m, y[o])):
        del side
        for place, (low, high) in given.items():
            for bound, sign in ((low, 1.0), (high, -1.0)):
                row = np.zeros(m + s + 1)
                row[first : first + len(own)] = -sign * bound * own
                row[first + place] += sign * own[place]
                model.addRow(0.0, inf, m + s + 1, places, row)
    return model
