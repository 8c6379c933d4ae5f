"""One service's options, appraised: everything that the statements, tables and charts of it are made from."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.appraisal_criteria import Scores, first_shares, read_scores, steady_range
from bestvalue.analysis.compete.appraisal_flows import Flows, read_flows
from bestvalue.analysis.compete.appraisal_simulation import Correlations, Outcome, outcome, simulate
from bestvalue.analysis.compete.appraisal_value import Value, distribution, switching_values, tornado, value
from bestvalue.analysis.compete.rates.discounting import SENSITIVITY, Edition, Schedule, discount_factors
from bestvalue.dataset.dataset import Dataset

CRITERIA_DRAWS = 20_000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to appraise: as the spec says, in the words of the method."""

    edition: Edition
    schedule: Schedule
    price_year: int
    managed_share: float
    correlations: Correlations
    draws: int
    confidence: float
    seed: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """The appraisal of one service.

    Args:
        flows, value, outcome: the money, its value by the central estimates, and when all estimates vary.
        sensitivity: value by the schedule that is required beside the standard one for long horizons; None for short ones.
        tornado, switching, distribution: tables.
        effects: option, effect, direction: what has no price.
        scores: criteria; None where there are none.
        steady: for each criterion the weights between which the same option leads.
        first: share of all possible weights for which each option leads.
    """

    settings: Settings
    flows: Flows
    value: Value
    outcome: Outcome
    sensitivity: Value | None
    tornado: pl.DataFrame
    switching: pl.DataFrame
    distribution: pl.DataFrame
    effects: pl.DataFrame
    scores: Scores | None
    steady: tuple[tuple[float, float], ...]
    first: NDArray[np.float64]

    @property
    def best(self) -> int:
        """The option with the highest value; 0 where none is worth more than the baseline."""
        return int(self.value.npsv.argmax())


def appraise(dataset: Dataset, service: str, settings: Settings) -> Case:
    """Appraise the options of one service."""
    flows, unbiased, unmanaged = (
        read_flows(dataset, service, price_year=settings.price_year, managed_share=share) for share in (settings.managed_share, 1.0, 0.0)
    )
    money, years = flows.money(), flows.horizon_years
    drawn = simulate(
        money,
        flows.money("low"),
        flows.money("high"),
        discount_factors(settings.schedule, years=years),
        correlations=settings.correlations,
        draws=settings.draws,
        seed=settings.seed,
    )
    scores = read_scores(dataset, service, [str(option) for option in flows.options["option_id"]])
    long = years > settings.edition.sensitivity_over_years and SENSITIVITY in settings.edition.schedules
    return Case(
        settings=settings,
        flows=flows,
        value=(found := value(money, settings.schedule)),
        outcome=outcome(drawn, confidence=settings.confidence),
        sensitivity=value(money, settings.edition.schedules[SENSITIVITY]) if long else None,
        tornado=tornado(flows, settings.schedule, unbiased=unbiased, unmanaged=unmanaged),
        switching=switching_values(flows, found),
        distribution=distribution(flows, settings.schedule),
        effects=_effects(dataset, flows),
        scores=scores,
        steady=tuple(steady_range(scores, place) for place in range(len(scores.criteria))) if scores else (),
        first=first_shares(scores, draws=CRITERIA_DRAWS, seed=settings.seed) if scores else np.zeros(0),
    )


def _effects(dataset: Dataset, flows: Flows) -> pl.DataFrame:
    schema = {"option": pl.String, "effect": pl.String, "direction": pl.String}
    if "option_effects" not in dataset.tables:
        return pl.DataFrame(schema=schema)
    rows = dataset.query("SELECT option_effect_id, option_id, effect, direction FROM option_effects").sort("option_effect_id")
    named = rows.join(flows.options.select("option_id", option="option_name"), on="option_id")
    return named.select("option", "effect", "direction")
