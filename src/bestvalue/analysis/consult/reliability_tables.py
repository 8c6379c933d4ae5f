"""Tables of reliability: one row a scale, one a question, one an intraclass correlation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bestvalue.analysis.consult.intraclass import MEANS
from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.contract import ResultTable

if TYPE_CHECKING:
    from bestvalue.analysis.consult.reliability import Scale, Spec


def tables(found: "Sequence[Scale]", lights: Mapping[str, Light], settings: "Spec") -> dict[str, ResultTable]:
    """Every table; that of test and retest only where people were asked twice."""
    made = {"scales": _scales(found, lights, settings), "items": _items(found)}
    if any(scale.again for scale in found):
        made["retest"] = _retest(found, settings)
    return made


def _scales(found: "Sequence[Scale]", lights: Mapping[str, Light], settings: "Spec") -> ResultTable:
    rows = [
        {
            "scale": scale.name,
            "light": lights[scale.name].colour,
            "why": lights[scale.name].said,
            "questions": scale.alpha.items,
            "people": scale.alpha.respondents,
            "people_with_gaps": len(scale.answers.people) - scale.alpha.respondents,
            "omega": scale.omega.omega if scale.omega else None,
            "omega_low": scale.omega.low if scale.omega else None,
            "omega_high": scale.omega.high if scale.omega else None,
            "alpha": scale.alpha.alpha,
            "alpha_low": scale.alpha.low,
            "alpha_high": scale.alpha.high,
            "alpha_bootstrap_low": scale.omega.alpha_low if scale.omega else None,
            "alpha_bootstrap_high": scale.omega.alpha_high if scale.omega else None,
            "ordinal_omega": scale.ordinal.omega if scale.ordinal else None,
            "ordinal_alpha": scale.ordinal.alpha if scale.ordinal else None,
            "worst_half": float(scale.halves[0]),
            "mean_half": float(scale.halves.mean()),
            "best_half": float(scale.halves[-1]),
        }
        for scale in found
    ]
    return ResultTable(
        title="Reliability of each scale",
        rows=pl.DataFrame(rows, infer_schema_length=None),
        labels={"worst_half": "lowest split half", "mean_half": "mean split half", "best_half": "highest split half"},
        units={"people": "people", "people_with_gaps": "people"},
        note=(
            f"People who answered every question of the scale. Intervals at {settings.confidence:.0%}: alpha by Feldt, omega and alpha "
            f"bootstrap by {settings.bootstraps:,} resamples of people. Omega divides by the variance that the model gives. Unweighted."
        ),
    )


def _items(found: "Sequence[Scale]") -> ResultTable:
    rows = []
    for scale in found:
        loadings = scale.omega.fit.loadings[0] / scale.fit.deviation if scale.omega else np.full(len(scale.answers.items), np.nan)
        for at, item in enumerate(scale.answers.items):
            rows.append(
                {
                    "scale": scale.name,
                    "question": item.item_id,
                    "wording": item.wording,
                    "turned": item.reversed,
                    "mean": float(scale.fit.mean[at]),
                    "deviation": float(scale.fit.deviation[at]),
                    "rest": float(scale.fit.rest[at]),
                    "loading": None if np.isnan(loadings[at]) else float(loadings[at]),
                    "alpha_without": None if np.isnan(scale.fit.alpha_without[at]) else float(scale.fit.alpha_without[at]),
                    "no_answer": int(np.isnan(scale.answers.scores[:, at]).sum()),
                    "against_the_rest": item.item_id in scale.turned,
                }
            )
    return ResultTable(
        title="Each question against the rest of its scale",
        rows=pl.DataFrame(rows, infer_schema_length=None),
        labels={"turned": "declared reversed", "rest": "correlation with the rest", "alpha_without": "alpha without it"},
        units={"no_answer": "people", "mean": "points", "deviation": "points"},
        note="Means are of turned answers where the question is declared reversed. Loading: of the one-factor model, standardised.",
    )


def _retest(found: "Sequence[Scale]", settings: "Spec") -> ResultTable:
    rows = [
        {
            "scale": scale.name,
            "form": form.form,
            "means": MEANS[form.form],
            "people": form.people,
            "value": form.value,
            "low": form.low,
            "high": form.high,
        }
        for scale in found
        if scale.again
        for form in scale.again.forms
    ]
    return ResultTable(
        title="Asked twice: intraclass correlations of the scale's mean score",
        rows=pl.DataFrame(rows),
        units={"people": "people"},
        note=f"People who answered the whole scale both times. {settings.confidence:.0%} intervals of Shrout and Fleiss (1979).",
    )
