"""Tables and pictures of estimates: each question, each scale, each group, each comparison."""

from typing import TYPE_CHECKING, Any

import polars as pl

from bestvalue.analysis.consult.estimation import Estimate
from bestvalue.analysis.consult.intervals_chart import bars_with_intervals
from bestvalue.analysis.contract import Chart, ResultTable
from bestvalue.analysis.drawing import spec

if TYPE_CHECKING:
    from bestvalue.analysis.consult.estimates import Estimated, Measure, Spec

SHARES = {"share": "share", "low": "share", "high": "share", "base": "people", "effective_base": "people", "people": "people"}


def tables(found: "Estimated", settings: "Spec") -> dict[str, ResultTable]:
    """Questions, scales, groups and comparisons."""
    note = (
        f"Weighted. {settings.confidence:.0%} intervals, {settings.errors} errors. Base: people who answered; effective base: the simple "
        "random sample whose weights say as much."
    )
    made = {
        "questions": ResultTable(
            title="Share who agree (the two highest answers), by question",
            rows=pl.DataFrame([_question(one) for one in found.questions], infer_schema_length=None),
            labels={"people": "people who agree", "mean_error": "standard error of the mean", "design_effect": "design effect"},
            units=SHARES,
            note=note,
        )
    }
    if found.scales:
        made["scales"] = ResultTable(
            title="Mean score of each scale",
            rows=pl.DataFrame([_scale(one) for one in found.scales], infer_schema_length=None),
            units={"mean": "points", "low": "points", "high": "points", "median": "points", "base": "people", "effective_base": "people"},
            note=f"{note} High means much of what the scale measures. A person counts who answered half of its questions.",
        )
        made["comparisons"] = ResultTable(
            title="Each group against everybody else",
            rows=pl.DataFrame([row for one in found.scales for row in _gaps(one)], schema=GAPS, orient="row"),
            labels={"p": "p after Holm's correction"},
            units={"difference": "points", "low": "points", "high": "points"},
            note="Below 0.05 the difference is more than chance would give once in twenty such tables.",
        )
    made["groups"] = ResultTable(
        title="Every question and scale by group",
        rows=pl.DataFrame([row for one in (*found.questions, *found.scales) for row in _groups(one)], schema=GROUPS, orient="row"),
        labels={"value": "share who agree, or mean score", "effective_base": "effective base"},
        units={"base": "people", "effective_base": "people"},
        note=note,
    )
    return made


GAPS = {
    "scale": pl.String,
    "by": pl.String,
    "group": pl.String,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p": pl.Float64,
}
GROUPS = {
    "measure": pl.String,
    "by": pl.String,
    "group": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "base": pl.Int64,
    "effective_base": pl.Float64,
}


def _question(one: "Measure") -> dict[str, Any]:
    share, people = one.agreed
    return {
        "question": one.name,
        "wording": one.wording,
        "share": share.value,
        "low": share.low,
        "high": share.high,
        "base": share.base,
        "effective_base": share.effective,
        "design_effect": share.design_effect,
        "people": people.value,
        "people_low": people.low,
        "people_high": people.high,
        "mean": one.mean.value,
        "mean_error": one.mean.error,
    }


def _scale(one: "Measure") -> dict[str, Any]:
    median: Estimate | None = one.median
    return {
        "scale": one.name,
        "what": one.wording,
        "mean": one.mean.value,
        "low": one.mean.low,
        "high": one.mean.high,
        "median": median.value if median else None,
        "median_low": median.low if median else None,
        "median_high": median.high if median else None,
        "base": one.mean.base,
        "effective_base": one.mean.effective,
        "design_effect": one.mean.design_effect,
    }


def _groups(one: "Measure") -> list[tuple[Any, ...]]:
    return [(one.name, column, group, made.value, made.low, made.high, made.base, made.effective) for column, group, made in one.groups]


def _gaps(one: "Measure") -> list[tuple[Any, ...]]:
    return [(one.name, column, group, gap.value, gap.low, gap.high, p) for column, group, gap, p in one.gaps]


def charts(found: "Estimated", settings: "Spec") -> dict[str, Chart]:
    """Shares by question, and the scale whose groups differ most."""
    rows = pl.DataFrame(
        [
            {"question": _short(one), "value": one.agreed[0].value, "low": one.agreed[0].low, "high": one.agreed[0].high}
            for one in found.questions
        ]
    ).sort("value", descending=True)
    top, least = rows.row(0, named=True), rows.row(-1, named=True)
    made = {
        "questions": Chart(
            title=f"Most agree with {top['question']} ({top['value']:.0%}), fewest with {least['question']} ({least['value']:.0%})",
            spec=spec(bars_with_intervals(rows, name="question", title="share who agree", percent=True, domain=(0, 1))),
            alt=f"Share who agree with each of {rows.height} questions, with {settings.confidence:.0%} intervals.",
            table="questions",
        )
    }
    apart = [(abs(gap.value), one, column) for one in found.scales for column, _, gap, p in one.gaps if p < 0.05]
    if apart:
        _, scale, column = max(apart, key=lambda entry: entry[0])
        groups = pl.DataFrame(
            [
                {"group": group, "value": made_.value, "low": made_.low, "high": made_.high}
                for by, group, made_ in scale.groups
                if by == column
            ]
        )
        made["groups"] = Chart(
            title=f"{scale.name.capitalize()} differs by {column.replace('_', ' ')}",
            spec=spec(bars_with_intervals(groups, name="group", title=f"mean score of {scale.name}")),
            alt=f"Mean score of {scale.name} for {groups.height} groups by {column.replace('_', ' ')}, "
            f"with {settings.confidence:.0%} intervals.",
            table="groups",
        )
    return made


def _short(one: "Measure") -> str:
    words = one.wording if len(one.wording) <= 44 else one.wording[:42].rsplit(" ", 1)[0] + " ..."
    return f"{one.name}: {words}"
