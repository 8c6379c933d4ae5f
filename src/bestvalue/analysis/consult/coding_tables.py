"""Tables and pictures of coding: each code, disagreements to talk about, saturation, groups to read, quotes that may be used."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from bestvalue.analysis.consult.intervals_chart import bars_with_intervals
from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.contract import Chart, ResultTable
from bestvalue.analysis.drawing import BLUE, WIDTH, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.consult.coding import Coded, Spec


def tables(found: "Coded", lights: Mapping[str, Light]) -> dict[str, ResultTable]:
    """All of them."""
    note = f"{len(found.twice):,} answers coded by two coders or more of {', '.join(found.coders)}. Intervals from resampled answers."
    groups = (
        found.words.head(len(found.groups.group)).select("open_answer_id", "words").with_columns(group=pl.Series(found.groups.group) + 1)
    )
    return {
        "codes": ResultTable(
            title="Agreement on each code",
            rows=_codes(found, lights),
            labels={"ac1": "Gwet's AC1", "agreed": "share agreed", "given": "answers with the code"},
            units={"given": "answers", "agreed": "share"},
            note=note,
        ),
        "disagreements": ResultTable(
            title="Answers on which coders differ, to talk about",
            rows=found.apart,
            labels={"agreed": "agreed codes", "apart": "given by one alone"},
            note=note,
        ),
        "confused": ResultTable(title="Codes given in each other's place", rows=found.confused, units={"times": "answers"}, note=note),
        "saturation": ResultTable(
            title="Codes seen after so many answers",
            rows=pl.DataFrame({"answers": range(1, len(found.curve.expected) + 1), "codes": found.curve.expected}),
            units={"answers": "answers", "codes": "codes"},
            note="Mean over all orders of reading.",
        ),
        "reading_groups": ResultTable(
            title="Answers grouped for reading",
            rows=groups.with_columns(
                shared_words=pl.Series([", ".join(found.groups.shared_words[one]) for one in found.groups.group], dtype=pl.String)
            ).sort("group", "open_answer_id"),
            note="By words in common (rare words count more), made from these answers alone. No answer is coded by it.",
        ),
        "quotes": ResultTable(
            title="Answers that may be quoted",
            rows=found.words.filter(pl.col("may_be_quoted")).select("open_answer_id", "question", "words"),
            note="People who agreed to be quoted. Take out what tells who somebody is before you use one.",
        ),
    }


def _codes(found: "Coded", lights: Mapping[str, Light]) -> pl.DataFrame:
    definition = dict(found.codebook.iter_rows())
    rows = [
        {
            "code": one.code,
            "definition": definition[one.code],
            "light": lights[one.code].colour,
            "why": lights[one.code].said,
            "given": one.given,
            "alpha": one.alpha.value if one.alpha else None,
            "low": one.alpha.low if one.alpha else None,
            "high": one.alpha.high if one.alpha else None,
            "ac1": one.gwet.value if one.gwet else None,
            "ac1_low": one.gwet.low if one.gwet else None,
            "ac1_high": one.gwet.high if one.gwet else None,
            "kappa": None if one.kappa != one.kappa else one.kappa,
            "agreed": one.gwet.observed if one.gwet else None,
        }
        for one in found.codes
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def charts(found: "Coded", settings: "Spec") -> dict[str, Chart]:
    """Alpha of each code, and the curve of saturation."""
    rows = pl.DataFrame(
        [{"code": one.code, "value": one.alpha.value, "low": one.alpha.low, "high": one.alpha.high} for one in found.codes if one.alpha],
        schema={"code": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )
    curve = pl.DataFrame({"answers": range(1, len(found.curve.expected) + 1), "codes": found.curve.expected})
    line = (
        alt.Chart(inline(curve))
        .mark_line(color=BLUE)
        .encode(x=alt.X("answers:Q", title="answers read"), y=alt.Y("codes:Q", title="codes seen"))
        .properties(width=WIDTH, height=240)
    )
    made = {
        "saturation": Chart(
            title=f"{found.curve.answers_for(1 - 1e-6)} answers show all {found.curve.codes} codes, on average",
            spec=spec(line),
            alt=f"Codes seen by answers read: it rises to {found.curve.codes} and levels off.",
            table="saturation",
        )
    }
    if rows.height:
        made["codes"] = Chart(
            title=f"{rows.filter(pl.col('value') >= settings.good).height} of {rows.height} codes are agreed on well",
            spec=spec(bars_with_intervals(rows, name="code", title="Krippendorff's alpha")),
            alt=f"Alpha of {rows.height} codes with {settings.confidence:.0%} intervals; good from "
            f"{settings.good:g}, enough from {settings.enough:g}.",
            table="codes",
        )
    return made
