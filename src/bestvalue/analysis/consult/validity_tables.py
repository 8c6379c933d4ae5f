"""Tables and pictures of validity: questions and factors, fit, scales against each other, steps of invariance."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from bestvalue.analysis.consult.graded_response import NODES
from bestvalue.analysis.consult.invariance import MEANS
from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.contract import Chart, ResultTable
from bestvalue.analysis.drawing import BLUE, GREY, WIDTH, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.consult.validity import Validated


def tables(found: "Validated", lights: Mapping[str, Light]) -> dict[str, ResultTable]:
    """Every table; that of groups only where groups were compared."""
    note = f"{len(found.complete):,} people who answered all {len(found.belongs)} questions; unweighted."
    made = {
        "scales": ResultTable(title="Each scale", rows=_scales(found, lights), labels={"ave": "average variance extracted"}, note=note),
        "questions": ResultTable(
            title="Each question: loading as meant, and exploratory loadings",
            rows=_questions(found),
            labels={"kmo": "sampling adequacy (KMO)"},
            note=f"{note} Meant: standardised loading of the confirmatory model. Factor columns: exploratory pattern.",
        ),
        "fit": ResultTable(title="Fit of the scales as they were meant", rows=_fit(found), note=f"{note} RMSEA by N; its interval at 90%."),
        "pairs": ResultTable(
            title="Scales against each other",
            rows=_pairs(found),
            labels={"htmt": "heterotrait-monotrait ratio"},
            note="From 0.85 on two scales can hardly be told apart.",
        ),
        "eigenvalues": ResultTable(
            title="Eigenvalues and those of chance",
            rows=pl.DataFrame(
                {
                    "place": range(1, len(found.parallel.eigenvalues) + 1),
                    "eigenvalue": found.parallel.eigenvalues,
                    "by_chance": found.parallel.by_chance,
                }
            ),
            note="By chance: the 95th percentile of 200 sets of answers without structure (parallel analysis).",
        ),
    }
    if found.graded:
        made["information"] = ResultTable(
            title="For whom each scale measures well",
            rows=_information(found),
            labels={"feeling": "standard deviations from the average person"},
            note="Graded response model; reliability is information over information plus one.",
        )
    if found.between:
        made["groups"] = ResultTable(
            title="Do the questions mean the same to each group?",
            rows=_groups(found),
            labels={"chi_square_more": "chi-square more", "cfi_lost": "CFI lost", "rmsea_risen": "RMSEA risen"},
            note="A step holds if CFI falls by 0.01 at most and RMSEA rises by 0.015 at most. Means may be compared from scalar on.",
        )
    if found.known:
        made["known_groups"] = ResultTable(
            title="Groups that were expected to differ",
            rows=_known(found),
            labels={"effect": "Hedges' g"},
            units={"difference": "steps of the answers", "people_higher": "people", "people_lower": "people"},
            note="Mean score of everybody who answered at least half of the scale; Welch's interval; p corrected for all of them (Holm).",
        )
    return made


def _known(found: "Validated") -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "scale": one.expected.scale,
                "column": one.expected.column,
                "higher": one.expected.higher,
                "lower": one.expected.lower,
                "difference": one.difference,
                "low": one.low,
                "high": one.high,
                "effect": one.effect,
                "p": one.p,
                "people_higher": one.people_higher,
                "people_lower": one.people_lower,
                "holds": one.holds,
            }
            for one in found.known
        ]
    )


def _scales(found: "Validated", lights: Mapping[str, Light]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "scale": name,
                "light": lights[name].colour,
                "why": lights[name].said,
                "questions": found.belongs.count(at),
                "ave": float(found.apart.variance_extracted[at]),
                "composite_reliability": float(found.apart.composite[at]),
                "apart_from_others": bool(found.apart.fornell_larcker[at]),
            }
            for at, name in enumerate(found.scales)
        ]
    )


def _questions(found: "Validated") -> pl.DataFrame:
    meant = found.confirmed.standardised()
    rows: list[dict[str, Any]] = []
    for at, item in enumerate(found.answers.items):
        row: dict[str, Any] = {
            "question": item.item_id,
            "wording": item.wording,
            "scale": item.scale,
            "meant": float(meant[at, found.belongs[at]]),
            "kmo": float(found.each_adequacy[at]),
        }
        row |= {f"factor_{number}": float(value) for number, value in enumerate(found.explored.loadings[at], start=1)}
        row["own_variance"] = float(found.explored.uniquenesses[at])
        rows.append(row)
    return pl.DataFrame(rows)


def _fit(found: "Validated") -> pl.DataFrame:
    one = found.indices
    values = {
        "chi-square": one.chi_square,
        "degrees of freedom": float(one.freedom),
        "p": one.p,
        "CFI": one.cfi,
        "TLI": one.tli,
        "RMSEA": one.rmsea,
        "RMSEA from": one.rmsea_low,
        "RMSEA to": one.rmsea_high,
        "SRMR": one.srmr,
        "AIC": one.aic,
        "BIC": one.bic,
        "KMO": found.adequacy,
        "Bartlett's chi-square": found.bartlett.chi_square,
        "Bartlett's p": found.bartlett.p,
    }
    return pl.DataFrame({"index": list(values), "value": list(values.values())})


def _pairs(found: "Validated") -> pl.DataFrame:
    correlation = found.confirmed.factor_correlation()
    schema = {"scale": pl.String, "other": pl.String, "correlation": pl.Float64, "htmt": pl.Float64}
    rows = [
        (found.scales[one], found.scales[other], float(correlation[one, other]), float(found.apart.ratios[one, other]))
        for one in range(len(found.scales))
        for other in range(one)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _information(found: "Validated") -> pl.DataFrame:
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "scale": [name] * len(NODES),
                    "feeling": NODES,
                    "information": one.information.sum(axis=0),
                    "reliability": one.reliability_at(NODES),
                }
            )
            for name, one in found.graded.items()
        ]
    ).filter(pl.col("feeling").abs() <= 3)


def _groups(found: "Validated") -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "between": column,
                "step": rung.step,
                "means": MEANS[rung.step],
                "holds": rung.holds,
                "chi_square": rung.indices.chi_square,
                "freedom": rung.indices.freedom,
                "chi_square_more": rung.chi_square_more,
                "p": rung.p,
                "cfi": rung.indices.cfi,
                "cfi_lost": rung.cfi_lost,
                "rmsea": rung.indices.rmsea,
                "rmsea_risen": rung.rmsea_risen,
                "srmr": rung.indices.srmr,
            }
            for column, invariance in found.between.items()
            for rung in invariance.rungs
        ]
    )


def charts(found: "Validated") -> dict[str, Chart]:
    """Eigenvalues against chance."""
    values = pl.DataFrame(
        {
            "place": [*range(1, len(found.parallel.eigenvalues) + 1)] * 2,
            "eigenvalue": [*found.parallel.eigenvalues.tolist(), *found.parallel.by_chance.tolist()],
            "of": ["the answers"] * len(found.parallel.eigenvalues) + ["chance (95%)"] * len(found.parallel.by_chance),
        }
    )
    drawn = (
        alt.Chart(inline(values))
        .mark_line(point=True)
        .encode(
            x=alt.X("place:O", title="factor", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("eigenvalue:Q", title="eigenvalue"),
            color=alt.Color(
                "of:N",
                title=None,
                scale=alt.Scale(domain=["the answers", "chance (95%)"], range=[BLUE, GREY]),
                legend=alt.Legend(orient="top"),
            ),
            strokeDash=alt.StrokeDash("of:N", title=None, scale=alt.Scale(domain=["the answers", "chance (95%)"], range=[[1, 0], [4, 3]])),
        )
        .properties(width=WIDTH, height=260)
    )
    return {
        "eigenvalues": Chart(
            title=f"{found.parallel.factors} factors stand out from chance",
            spec=spec(drawn),
            alt=f"Eigenvalues of {len(found.belongs)} questions, falling; the first {found.parallel.factors} lie above those of chance.",
            table="eigenvalues",
        )
    }
