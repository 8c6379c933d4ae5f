"""Tables of the frontier: scores, targets, peers, years and the environment."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import ResultTable

if TYPE_CHECKING:
    from bestvalue.analysis.compare.frontier import Frontier


def tables_of(panel: Panel, found: "Frontier", confidence: float) -> dict[str, ResultTable]:
    """Every table of the answer."""
    tables = {"scores": _scores(panel, found, confidence), "targets": _targets(panel, found), "peers": _peers(panel, found)}
    if found.years:
        tables["years"] = _years(panel, found)
    if found.around is not None:
        tables["environment"] = _environment(found, confidence)
    return tables


def _scores(panel: Panel, found: "Frontier", confidence: float) -> ResultTable:
    n = len(found.units.ids)
    nothing = np.full(n, np.nan)
    sampled, words = found.sampled, {True: "too small", False: "too large", None: "best size"}
    rows = pl.DataFrame(
        {
            "force": [panel.name(code) for code in found.units.ids],
            "status": list(found.main.status),
            "efficiency": found.efficiency,
            "corrected": sampled.corrected if sampled else nothing,
            "low": sampled.low if sampled else nothing,
            "high": sampled.high if sampled else nothing,
            "constant_returns": found.constant,
            "variable_returns": found.variable,
            "scale_efficiency": found.constant / found.variable,
            "size": [words[grows] for grows in found.growing],
            "super_efficiency": found.super_efficiency,
            "with_weight_limits": _limited(found, nothing),
            "stochastic": found.noisy.efficiency if found.noisy else nothing,
        }
    ).fill_nan(None)
    return ResultTable(
        title="Efficiency of every force",
        rows=rows.sort("efficiency", "force", descending=[True, False], nulls_last=True),
        labels={"corrected": "bias-corrected", "stochastic": "stochastic frontier"},
        units=dict.fromkeys(_SHARES, "share"),
        note=f"1 is on the frontier. Farrell efficiency in both orientations (theta, 1 / phi). Intervals at {confidence:.0%} by bootstrap. "
        "Super-efficiency leaves the force out of its own reference; empty where no other force can be combined to match it.",
    )


_SHARES = ("efficiency", "corrected", "low", "high", "scale_efficiency", "super_efficiency", "stochastic")


def _limited(found: "Frontier", nothing: np.ndarray) -> np.ndarray:
    if found.limited is None:
        return nothing
    score = found.limited.score
    return np.where(score > 1, 1 / score, score)


def _targets(panel: Panel, found: "Frontier") -> ResultTable:
    """What each force would use and deliver on the frontier: the reference weights times the reference."""
    units, rows = found.units, []
    for kind, names, data, slack in (
        ("input", units.input_names, units.inputs, found.main.input_slack),
        ("output", units.output_names, units.outputs, found.main.output_slack),
    ):
        target = found.main.weights @ data
        for k, name in enumerate(names):
            for i, code in enumerate(units.ids):
                if found.main.status[i] == "solved":
                    rows.append((panel.name(code), kind, name, float(data[i, k]), float(target[i, k]), float(slack[i, k])))
    schema = {"force": pl.String, "kind": pl.String, "what": pl.String, "now": pl.Float64, "target": pl.Float64, "slack": pl.Float64}
    return ResultTable(
        title="Targets on the frontier",
        rows=pl.DataFrame(rows, schema=schema, orient="row"),
        note="The target is a combination of the peers. Slack: what is left after all inputs (or outputs) moved by the same share.",
    )


def _peers(panel: Panel, found: "Frontier") -> ResultTable:
    rows = [
        (panel.name(code), panel.name(found.units.ids[j]), float(found.main.weights[i, j]))
        for i, code in enumerate(found.units.ids)
        for j in np.argsort(-found.main.weights[i], kind="stable")
        if found.main.weights[i, j] > 0
    ]
    return ResultTable(
        title="Peers on the frontier",
        rows=pl.DataFrame(rows, schema={"force": pl.String, "peer": pl.String, "weight": pl.Float64}, orient="row"),
        note="The weights with which the peers are added up to the force's target.",
    )


def _years(panel: Panel, found: "Frontier") -> ResultTable:
    parts = [
        pl.DataFrame(
            {
                "force": [panel.name(code) for code in ids],
                "from": [start] * len(ids),
                "to": [end] * len(ids),
                "productivity": change.change,
                "catching_up": change.catching_up,
                "shift": change.shift,
            }
        ).fill_nan(None)
        for start, end, ids, change in found.years
    ]
    return ResultTable(
        title="Productivity from year to year",
        rows=pl.concat(parts),
        labels={"catching_up": "catching up with the frontier", "shift": "shift of the frontier"},
        note="Malmquist indices at constant returns: above 1 is better; productivity is catching up times shift. Empty: no solution.",
    )


def _environment(found: "Frontier", confidence: float) -> ResultTable:
    if found.around is None:
        raise ValueError("no environment was fitted")
    names, fitted = found.around
    rows = pl.DataFrame({"characteristic": names, "coefficient": fitted.coefficient, "low": fitted.low, "high": fitted.high})
    return ResultTable(
        title="What goes with inefficiency",
        rows=rows,
        note=f"Change of 1 / efficiency for one standard deviation; positive goes with less efficiency. {confidence:.0%} intervals, "
        f"{fitted.converged} of {fitted.replicates} bootstrap fits.",
    )
