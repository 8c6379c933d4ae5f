"""What does each answer stand for? From the chance of being drawn, to the chance of answering, to the known margins."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.consult.margins import KnownMargins, read_margins
from bestvalue.analysis.consult.propensity import Propensity, fit_propensity, response_classes
from bestvalue.analysis.consult.raking import Raked, check_weights, rake
from bestvalue.analysis.contract import AnalysisSpec, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

SAMPLE = """
SELECT respondent_id, area_id, age_band, sex, cluster, mode, selection_probability, responded, response_minutes, invited_on
FROM survey_sample ORDER BY respondent_id
"""
GROUPS = ("area_id", "age_band", "sex", "mode", "area_group")
"""Columns of the sample that people can be grouped by; area_group comes from the areas table where there is one."""


class WeightingSpec(AnalysisSpec):
    """How weights are made: the same settings wherever weights are used."""

    margins: tuple[str, ...] = parameter(
        (),
        title="Margins",
        help="Margins of survey_margins to weight to, by name; every margin that the sample has a column for when left empty.",
    )
    response_by: tuple[str, ...] = parameter(
        ("area_group", "age_band", "sex"),
        title="Known of everybody",
        help="Columns that the chance to answer is worked out from, for everybody who was invited.",
    )
    response_classes: int = parameter(
        5,
        title="Response classes",
        help="Into how many classes of like chance to answer people are put; 1 leaves non-response to the margins.",
        ge=1,
        le=20,
    )
    lowest: float = parameter(
        0.2,
        title="Lowest weight",
        help="No weight may fall below this multiple of where it stood before raking.",
        advanced=True,
        ge=0,
        lt=1,
    )
    highest: float = parameter(
        5.0,
        title="Highest weight",
        help="No weight may rise above this multiple of where it stood before raking.",
        advanced=True,
        gt=1,
        le=100,
    )
    strata: str = parameter(
        "area_id",
        title="Strata",
        help="Column of the sample within which people were drawn separately; empty if there is none.",
        advanced=True,
    )
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """The people who answered, with the weights of each step.

    Args:
        invited: everybody drawn, in order of respondent_id, with `area_group`.
        people: those who answered.
        drawn: array (n,), one over the chance of being drawn.
        responding: array (n,), after non-response.
        final: array (n,), after raking.
        propensity: the model of answering; None with one class.
        known: the margins.
        raked: how the raking went.
        by_class: invited and answered by response class, as a table.
        merged: response classes without an answer, which were joined with the next.
        clusters: array (n,), codes of what was drawn together; each person alone where nothing was.
        strata: array (n,), codes.
        stratum_names: of the codes.
        silent: strata in which nobody answered.
    """

    invited: pl.DataFrame
    people: pl.DataFrame
    drawn: Floats
    responding: Floats
    final: Floats
    propensity: Propensity | None
    known: KnownMargins
    raked: Raked
    by_class: pl.DataFrame
    merged: int
    clusters: NDArray[np.int64]
    strata: NDArray[np.int64]
    stratum_names: tuple[str, ...]
    silent: tuple[str, ...] = field(default=())


def weigh(dataset: Dataset, spec: WeightingSpec) -> Weighted:
    """Make the weights of everybody who answered.

    Raises:
        SpecError: nobody answered, a weight is not above zero, or no margin fits the sample.
    """
    invited = read_sample(dataset)
    people = invited.filter("responded")
    if people.height < 2:
        raise SpecError(
            f"{people.height} people answered",
            where="survey_sample, column responded",
            next_step="Weights need two people or more who answered.",
        )
    check_weights(1 / invited["selection_probability"].to_numpy())
    drawn = 1 / people["selection_probability"].to_numpy()
    classes, propensity, merged = _classes(invited, spec)
    responding, by_class = _for_non_response(invited, classes, drawn)
    known = read_margins(dataset, people, wanted=spec.margins)
    raked = rake(responding, known.margins, bounds=(spec.lowest, spec.highest) if spec.lowest > 0 else (0.0, spec.highest))
    strata, names = _codes(people, spec.strata)
    silent = _silent(invited, people, spec.strata)
    return Weighted(
        invited=invited,
        people=people,
        drawn=drawn,
        responding=responding,
        final=raked.weights,
        propensity=propensity,
        known=known,
        raked=raked,
        by_class=by_class,
        merged=merged,
        clusters=_clusters(people),
        strata=strata,
        stratum_names=names,
        silent=silent,
    )


def read_sample(dataset: Dataset) -> pl.DataFrame:
    """Everybody drawn, by respondent_id, with `area_group` ("all areas" where the areas table is not there)."""
    rows = dataset.query(SAMPLE)
    if "areas" not in dataset.tables:
        return rows.with_columns(area_group=pl.lit("all areas"), area=pl.col("area_id"))
    areas = dataset.query("SELECT area_id, area_name AS area, COALESCE(area_group, 'not said') AS area_group FROM areas")
    return rows.join(areas, on="area_id", how="left", maintain_order="left").with_columns(
        pl.col("area_group").fill_null("not said"), pl.col("area").fill_null(pl.col("area_id"))
    )


def effective_base(weights: Floats) -> float:
    """How many people of a simple random sample weigh as much: (sum w)^2 / sum w^2, people.

    Source: Kish (1965), Survey Sampling, section 11.7.

    Example:
        >>> effective_base(np.array([1.0, 1.0, 2.0])), effective_base(np.ones(7))
        (2.6666666666666665, 7.0)
    """
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total > 0 else 0.0


def _classes(invited: pl.DataFrame, spec: WeightingSpec) -> tuple[NDArray[np.int64], Propensity | None, int]:
    if spec.response_classes == 1 or invited["responded"].all():
        return np.zeros(invited.height, dtype=np.int64), None, 0
    _check_columns(spec.response_by)
    propensity = fit_propensity(invited, by=spec.response_by)
    classes = response_classes(propensity.chance, classes=spec.response_classes)
    answered = invited["responded"].to_numpy()
    merged = 0
    # A class without an answer has nobody to carry its weight: it goes with the next, from the least likely up.
    for one in np.unique(classes):
        if not answered[classes == one].any():
            others = [other for other in np.unique(classes[answered]) if other != one]
            classes[classes == one] = min(others, key=lambda other: abs(int(other) - int(one)))
            merged += 1
    return classes, propensity, merged


def _for_non_response(invited: pl.DataFrame, classes: NDArray[np.int64], drawn: Floats) -> tuple[Floats, pl.DataFrame]:
    """Within each class those who answered carry the weight of those who did not."""
    weight = 1 / invited["selection_probability"].to_numpy()
    answered = invited["responded"].to_numpy()
    size = int(classes.max()) + 1
    all_, heard = (np.bincount(classes[who], weights=weight[who], minlength=size) for who in (np.ones_like(answered), answered))
    rate = heard / np.where(all_ > 0, all_, 1)
    table = pl.DataFrame(
        {
            "class": np.arange(1, size + 1),
            "invited": np.bincount(classes, minlength=size),
            "answered": np.bincount(classes[answered], minlength=size),
            "response": rate,
        }
    ).filter(pl.col("invited") > 0)
    return drawn / rate[classes[answered]], table


def _check_columns(names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in GROUPS[:3] + GROUPS[4:]]
    if unknown:
        raise SpecError(
            f"{unknown[0]!r} is not known of everybody who was invited",
            where="response_by",
            next_step="Choose from area_id, area_group, age_band, sex.",
        )


def _codes(people: pl.DataFrame, column: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    if not column:
        return np.zeros(people.height, dtype=np.int64), ("everybody",)
    if column not in people.columns:
        raise SpecError(
            f"survey_sample has no column {column!r}", where="strata", next_step="Name the column that the draw was stratified by, or none."
        )
    names, codes = np.unique(people[column].cast(pl.String).fill_null("not said").to_numpy().astype(np.str_), return_inverse=True)
    return codes.astype(np.int64), tuple(str(name) for name in names)


def _silent(invited: pl.DataFrame, people: pl.DataFrame, column: str) -> tuple[str, ...]:
    if not column:
        return ()
    label = "area" if column == "area_id" else column
    heard = set(people[column].to_list())
    return tuple(invited.filter(~pl.col(column).is_in(list(heard)))[label].cast(pl.String).unique().sort().to_list())


def _clusters(people: pl.DataFrame) -> NDArray[np.int64]:
    cluster = people["cluster"]
    alone = pl.Series([f"one by one {person}" for person in people["respondent_id"]])
    named = cluster.fill_null(alone)
    codes: NDArray[np.int64] = np.unique(named.to_numpy().astype(np.str_), return_inverse=True)[1].astype(np.int64)
    return codes
