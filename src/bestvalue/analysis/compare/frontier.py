"""How much less could the force use for what it delivers, judged by what other forces do, and do the methods agree?"""

import os
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np
import polars as pl

from bestvalue.analysis.compare import frontier_statements as say
from bestvalue.analysis.compare.dea_bootstrap import Bootstrap, bootstrap
from bestvalue.analysis.compare.dea_lp import Envelopment, Limits, Multipliers, envelopment, multipliers
from bestvalue.analysis.compare.dea_simplex import CONSTANT, DECREASING, INCREASING, VARIABLE
from bestvalue.analysis.compare.frontier_charts import charts_of
from bestvalue.analysis.compare.frontier_tables import tables_of
from bestvalue.analysis.compare.frontier_units import Units, choose, units_of
from bestvalue.analysis.compare.malmquist import Malmquist, malmquist
from bestvalue.analysis.compare.second_stage import Environment, environment
from bestvalue.analysis.compare.stochastic_frontier import StochasticFrontier, fit, input_distance
from bestvalue.analysis.compare.values import Panel, read_panel
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

SCALE = {"constant": CONSTANT, "variable": VARIABLE, "decreasing": DECREASING, "increasing": INCREASING}
MOST_FITS = 500
"""Replicates of the second stage: each is a maximum likelihood fit, and its intervals need fewer than those of the scores."""

CHARACTERISTICS = "SELECT force_id, characteristic, year, value FROM force_characteristics"


class Spec(AnalysisSpec):
    """Inputs, outputs, and what is assumed about scale."""

    own_force: str = parameter(
        "", title="Own force", help="Code or name of the force under review; as the forces table says when left empty."
    )
    inputs: tuple[str, ...] = parameter(
        (), title="Inputs", help="Indicators whose numerators are what is used; spending, or else the workforce, when left empty."
    )
    outputs: tuple[str, ...] = parameter(
        (), title="Outputs", help="Indicators whose numerators are what is delivered; results of which more is better when left empty."
    )
    period: date | None = parameter(None, title="Period", help="First day of the period; the latest when left empty.")
    orientation: Literal["input", "output"] = parameter(
        "input", title="Orientation", help="input: the same for less; output: more for the same."
    )
    returns: Literal["constant", "variable", "decreasing", "increasing"] = parameter(
        "variable", title="Returns to scale", help="variable compares with forces of like size; constant with every force, scaled."
    )
    replicates: int = parameter(
        2000, title="Replicates", help="Bootstrap replicates behind the intervals; 0 for none.", unit="replicates", ge=0, le=20_000
    )
    lowest_weight: float = parameter(
        0.0,
        title="Lowest weight",
        help="Least share that every input and output must have in a force's own weighting; 0 lets a force ignore what it is bad at.",
        unit="share (0 to 1)",
        ge=0,
        lt=1,
    )
    highest_weight: float = parameter(
        1.0, title="Highest weight", help="Largest such share.", unit="share (0 to 1)", advanced=True, gt=0, le=1
    )
    environment: tuple[str, ...] = parameter(
        (), title="Environment", help="Characteristics of the place to hold against the scores; every one when left empty.", advanced=True
    )
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """Everything that was worked out; efficiencies lie between 0 and 1 in both orientations, array (n) each.

    Args:
        units: forces, inputs and outputs.
        main: the programme asked for, with slacks, targets' weights and status.
        efficiency: theta, or 1 / phi.
        constant, variable: efficiency at constant and at variable returns.
        growing: True where a force works below the best size, False above; None at it.
        super_efficiency: without the force in its own reference; nan where the programme has no solution.
        limited: with limits on weights; None where there are none.
        sampled: bootstrap; None where none was asked for.
        years: from, to and change of each pair of years, with the ids that both have.
        around: names of the environment and its coefficients; None where it cannot be fitted.
        noisy: the stochastic frontier; None where it cannot be fitted.
    """

    units: Units
    main: Envelopment
    efficiency: np.ndarray
    constant: np.ndarray
    variable: np.ndarray
    growing: tuple[bool | None, ...]
    super_efficiency: np.ndarray
    limited: Multipliers | None
    sampled: Bootstrap | None
    years: tuple[tuple[date, date, tuple[str, ...], Malmquist], ...]
    around: tuple[tuple[str, ...], Environment] | None
    noisy: StochasticFrontier | None


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Score every force against the frontier, and say how sure that is.

    Raises:
        SpecError: too few forces, no such indicator, or limits on weights that cannot all hold.
    """
    progress(0.02, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force)
    inputs, outputs = choose(panel, spec.inputs, spec.outputs)
    period = spec.period or min(panel.latest(code) for code in (*inputs, *outputs))
    units = units_of(panel, inputs, outputs, period=period, within_year=True)
    _check(units, spec)
    found = _work_out(dataset, panel, units, inputs, outputs, spec, progress)
    own = units.ids.index(panel.own) if panel.own in units.ids else None
    progress(0.97, "Writing the answer")
    return Answer(
        statements=(
            *say.own_score(panel, found, own, spec),
            *say.targets(panel, found, own, spec),
            *say.scale(panel, found, own),
            *say.best(panel, found, spec),
            *say.limited(panel, found, own, spec),
            *say.years(panel, found),
            *say.around(found, spec),
            *say.noisy(panel, found, own),
            *say.limits_of_data(panel, found, own),
        ),
        tables=tables_of(panel, found, spec.confidence),
        charts=charts_of(panel, found, own),
        caveats=say.CAVEATS,
    )


def _check(units: Units, spec: Spec) -> None:
    m, s = len(units.input_names), len(units.output_names)
    if len(units.ids) < m + s + 3:
        raise SpecError(
            f"{len(units.ids)} forces have all of {m} inputs and {s} outputs on {units.period}: too few for a frontier",
            where="inputs, outputs, period",
            next_step="Choose fewer inputs and outputs, or another period.",
        )
    for name, many in (("inputs", m), ("outputs", s)):
        if spec.lowest_weight * many > 1 or spec.highest_weight * many < 1 or spec.lowest_weight > spec.highest_weight:
            raise SpecError(
                f"{many} {name} cannot each have a share between {spec.lowest_weight} and {spec.highest_weight}",
                where="lowest_weight, highest_weight",
                next_step=f"The lowest share is at most {1 / many:.3g}, the highest at least that.",
            )


def _work_out(
    dataset: Dataset, panel: Panel, units: Units, inputs: list[str], outputs: list[str], spec: Spec, progress: Progress
) -> Frontier:
    progress(0.05, "Finding the frontier")
    main = _envelop(units, spec, spec.returns)
    constant, variable, decreasing = (_envelop(units, spec, returns, slacks=False) for returns in ("constant", "variable", "decreasing"))
    efficiency = _efficiency(main, spec)
    sampled = None
    if spec.replicates:
        sampled = bootstrap(
            inputs=units.inputs,
            outputs=units.outputs,
            score=np.clip(efficiency, 1e-9, 1.0),
            output_oriented=spec.orientation == "output",
            returns=SCALE[spec.returns],
            replicates=spec.replicates,
            confidence=spec.confidence,
            seed=spec.seed,
            threads=os.cpu_count() or 1,
            progress=lambda share, doing: progress(0.1 + 0.6 * share, doing),
        )
    progress(0.75, "Other years, the environment, and a frontier with noise")
    return Frontier(
        units=units,
        main=main,
        efficiency=efficiency,
        constant=_efficiency(constant, spec),
        variable=_efficiency(variable, spec),
        growing=_growing(_efficiency(constant, spec), _efficiency(variable, spec), _efficiency(decreasing, spec)),
        super_efficiency=_efficiency(_envelop(units, spec, spec.returns, without_itself=True, slacks=False), spec),
        limited=_limited(units, spec),
        sampled=sampled,
        years=_years(panel, inputs, outputs, units.period, spec),
        around=_around(dataset, units, sampled, spec),
        noisy=_noisy(units),
    )


def _envelop(units: Units, spec: Spec, returns: str, *, without_itself: bool = False, slacks: bool = True) -> Envelopment:
    return envelopment(
        reference_inputs=units.inputs,
        reference_outputs=units.outputs,
        inputs=units.inputs,
        outputs=units.outputs,
        orientation=spec.orientation,
        returns=returns,  # type: ignore[arg-type] # one of the four words, from the spec or from the code above
        without_itself=without_itself,
        slacks=slacks,
    )


def _efficiency(found: Envelopment, spec: Spec) -> np.ndarray:
    return np.asarray(1 / found.score if spec.orientation == "output" else found.score)


def _growing(constant: np.ndarray, variable: np.ndarray, decreasing: np.ndarray) -> tuple[bool | None, ...]:
    """Whether each force works where output grows faster than input (too small), slower (too large), or at the best size."""
    return tuple(None if c > v - 1e-7 else bool(abs(d - c) < 1e-7) for c, v, d in zip(constant, variable, decreasing, strict=True))


def _limited(units: Units, spec: Spec) -> Multipliers | None:
    if spec.lowest_weight == 0 and spec.highest_weight == 1:
        return None
    share = (spec.lowest_weight, spec.highest_weight)
    limits = Limits(
        inputs=dict.fromkeys(range(len(units.input_names)), share) if len(units.input_names) > 1 else {},
        outputs=dict.fromkeys(range(len(units.output_names)), share) if len(units.output_names) > 1 else {},
    )
    return multipliers(inputs=units.inputs, outputs=units.outputs, orientation=spec.orientation, returns=spec.returns, limits=limits)


def _years(
    panel: Panel, inputs: list[str], outputs: list[str], until: date, spec: Spec
) -> tuple[tuple[date, date, tuple[str, ...], Malmquist], ...]:
    """The change between each pair of years that follow one another, for the forces that have both."""
    starts = panel.values.filter(pl.col("indicator_id").is_in(inputs) & (pl.col("period_starts") <= until))["period_starts"].unique().sort()
    found = []
    every = [units_of(panel, inputs, outputs, period=start) for start in starts]
    for before, after in pairwise(every):
        both = [code for code in before.ids if code in after.ids]
        if len(both) > len(inputs) + len(outputs) + 2:
            then, now = before.only(both), after.only(both)
            change = malmquist(
                before=(then.inputs, then.outputs), after=(now.inputs, now.outputs), output_oriented=spec.orientation == "output"
            )
            found.append((before.period, after.period, tuple(both), change))
    return tuple(found)


def _around(dataset: Dataset, units: Units, sampled: Bootstrap | None, spec: Spec) -> tuple[tuple[str, ...], Environment] | None:
    """The environment of the scores; None without characteristics, or with too few forces for them."""
    if sampled is None or "force_characteristics" not in dataset.tables:
        return None
    rows = dataset.query(CHARACTERISTICS).sort("force_id", "characteristic", "year").unique(["force_id", "characteristic"], keep="last")
    names = tuple(spec.environment) or tuple(rows["characteristic"].unique().sort())
    wide = (
        rows.filter(pl.col("characteristic").is_in(list(names))).pivot("characteristic", index="force_id", values="value").sort("force_id")
    )
    missing = [name for name in names if name not in wide.columns]
    if missing:
        known = ", ".join(rows["characteristic"].unique().sort())
        raise SpecError(f"There is no characteristic {missing[0]!r}", where="environment", next_step=f"There are: {known}.")
    whole = wide.drop_nulls().filter(pl.col("force_id").is_in(list(units.ids)))
    if whole.height < 3 * (len(names) + 1):
        return None
    at = [units.ids.index(code) for code in whole["force_id"]]
    chance = np.random.Generator(np.random.Philox(key=[spec.seed, 2**32]))
    fitted = environment(
        efficiency=np.clip(sampled.corrected[at], 1e-6, 1.0),
        variables=whole.select(names).to_numpy(),
        replicates=min(spec.replicates, MOST_FITS),
        confidence=spec.confidence,
        chance=chance,
    )
    return names, fitted


def _noisy(units: Units) -> StochasticFrontier | None:
    """The stochastic frontier; None with a zero output, or too few forces for its coefficients."""
    columns = len(units.input_names) + len(units.output_names)
    if (units.outputs <= 0).any() or len(units.ids) < 4 * (columns + 2):
        return None
    return fit(*input_distance(units.inputs, units.outputs))


ANALYSIS = Analysis(
    name="compare.frontier",
    title="Against the frontier of other forces",
    question="How much less could the force use for what it delivers, judged by what other forces do, and do the methods agree?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics"),
    Spec=Spec,
    answer=answer,
)
