"""How does the force compare with 42 others, all invented? Families of like places, indicators, and what stands out in truth."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS, at_night, daytime
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.comparison_beside import write_beside
from bestvalue.dataset.synthetic.indicators import INDICATORS
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import comparison

FORCES, YEARS = 43, 10
SOURCE = "invented for this data set"
OWN_NAME = "Capital (synthetic)"
SYLLABLES = (
    ("North", "West", "Mid", "Upper", "Old", "Long"),
    ("grav", "morl", "dunt", "pex", "quarl", "brack", "wolv"),
    ("shire", "land", "dale"),
)
CHARACTERISTICS = {
    # name: level, spread between families, spread within one (all on the logarithm)
    "people per hectare": (8.0, 0.9, 0.25),
    "hard-pressed households (%)": (20.0, 0.35, 0.12),
    "terraced homes (%)": (24.0, 0.30, 0.12),
    "single-parent households (%)": (7.0, 0.25, 0.10),
    "long-term unemployed (%)": (2.0, 0.40, 0.15),
    "aged 15 to 24 (%)": (12.0, 0.15, 0.08),
}
FAMILIES = 6
"""Groups of forces that are alike in truth; family 0, of the four largest, is the own force's."""


OVERDISPERSION = 0.06
"""Sigma of what makes forces differ beyond chance and deprivation, on the logarithm."""

OUTLIERS = ((5, 0, 0.45), (11, 4, -0.40), (23, 6, -0.22), (37, 7, 0.50))
"""Force, indicator and shift of the logarithm, in every year."""

STEPS = ((8, 1, 6, 0.30), (0, 6, 7, -0.08))
"""Force, indicator, first year of the step and its size on the logarithm."""

REDEFINED = (3, 5, 0.15)
"""Indicator, year and shift: the definition changed for every force at once."""


def write_comparison(folder: Path, truth: Truth, *, seed: int) -> list[TableWriter]:
    """Write forces, force_characteristics, peer_lists, indicators and indicator_values."""
    chance = stream(seed, "forces")
    family = np.concatenate([[0, 0, 0, 0], chance.integers(1, FAMILIES, FORCES - 4)])
    traits = _traits(chance, family)
    residents = np.round(np.exp(chance.normal(13.8, 0.45, FORCES))).astype(np.int64)
    residents[0] = sum(borough.residents for borough in BOROUGHS)
    residents[1:4] = (2_900_000, 2_700_000, 2_300_000)
    ids = [f"F{number:02d}" for number in range(1, FORCES + 1)]
    truth.table("force_families", pl.DataFrame({"force_id": ids, "family": family}), means="Forces of one family are alike in truth.")
    by_day, by_night = _visited(chance, residents)
    people = {"resident": residents, "daytime": by_day, "night": by_night}
    spending = next(name for name, one in zip(_indicator_ids(), INDICATORS, strict=True) if one.theme == "spending")
    return [
        _write_forces(folder, ids, people, chance),
        *write_beside(folder, ids, people, spending_id=spending, years=YEARS),
        _write_traits(folder, ids, traits),
        _write_peers(folder, ids, family),
        _write_indicators(folder),
        _write_values(folder, truth, ids, residents, traits, seed),
    ]


def _traits(chance: np.random.Generator, family: NDArray[np.int64]) -> NDArray[np.float64]:
    """Characteristics, array (forces, characteristics)."""
    level, between, within = np.array(list(CHARACTERISTICS.values())).T
    centre = chance.standard_normal((FAMILIES, len(level))) * between
    centre[0] = np.array([2.0, 0.6, 0.2, 0.6, 0.6, 0.3]) * between
    return np.asarray(level * np.exp(centre[family] + chance.standard_normal((len(family), len(level))) * within))


def _visited(chance: np.random.Generator, residents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People there by day and late in the evening, each array (forces)."""
    by_day = np.round(residents * np.exp(chance.normal(0.0, 0.04, len(residents)))).astype(np.int64)
    by_night = np.round(residents * np.exp(chance.normal(0.0, 0.03, len(residents)))).astype(np.int64)
    by_day[0], by_night[0] = sum(daytime(borough) for borough in BOROUGHS), sum(at_night(borough) for borough in BOROUGHS)
    return by_day, by_night


def _write_forces(folder: Path, ids: list[str], people: dict[str, NDArray[np.int64]], chance: np.random.Generator) -> TableWriter:
    first, middle, last = SYLLABLES
    names = [f"{a}{b}{c} (synthetic)" for a in first for b in middle for c in last]
    chosen = [OWN_NAME, *chance.choice(names, size=len(ids) - 1, replace=False).tolist()]
    return write_table(
        comparison.FORCES,
        folder,
        {
            "force_id": ids,
            "force_name": chosen,
            "own_force": [number == 0 for number in range(len(ids))],
            "resident_population": people["resident"],
            "daytime_population": people["daytime"],
            "night_population": people["night"],
        },
    )


def _write_traits(folder: Path, ids: list[str], traits: NDArray[np.float64]) -> TableWriter:
    return write_table(
        comparison.FORCE_CHARACTERISTICS,
        folder,
        {
            "force_id": np.repeat(ids, len(CHARACTERISTICS)),
            "characteristic": np.tile(list(CHARACTERISTICS), len(ids)),
            "year": np.full(traits.size, period.DAY_AFTER.year - 1),
            "value": traits.ravel().round(2),
        },
    )


def _write_peers(folder: Path, ids: list[str], family: NDArray[np.int64]) -> TableWriter:
    pairs = [(one, other) for n, one in enumerate(ids) for m, other in enumerate(ids) if n != m and family[n] == family[m]]
    return write_table(
        comparison.PEER_LISTS,
        folder,
        {
            "list_name": ["families 2025"] * len(pairs),
            "force_id": [one for one, _ in pairs],
            "peer_force_id": [other for _, other in pairs],
            "listed_on": [date(2025, 4, 1)] * len(pairs),
            "source": [SOURCE] * len(pairs),
        },
    )


def _write_indicators(folder: Path) -> TableWriter:
    return write_table(
        comparison.INDICATORS,
        folder,
        {
            "indicator_id": _indicator_ids(),
            "indicator_name": [one.name for one in INDICATORS],
            "numerator": [one.numerator for one in INDICATORS],
            "denominator": [one.denominator for one in INDICATORS],
            "sort": [one.sort for one in INDICATORS],
            "multiplier": [one.multiplier for one in INDICATORS],
            "better": [one.better for one in INDICATORS],
            "definition": [one.definition for one in INDICATORS],
            "source": [SOURCE] * len(INDICATORS),
            "theme": [one.theme for one in INDICATORS],
            "outlier_gap": [one.outlier_gap for one in INDICATORS],
        },
    )


def _indicator_ids() -> list[str]:
    return [f"I{number:02d}" for number in range(1, len(INDICATORS) + 1)]


def _true_quotients(chance: np.random.Generator, traits: NDArray[np.float64]) -> NDArray[np.float64]:
    """True quotient, array (indicators, forces, years)."""
    deprived = np.log(traits[:, 1])
    deprived = (deprived - deprived.mean()) / deprived.std()
    logs = np.empty((len(INDICATORS), FORCES, YEARS))
    for number, one in enumerate(INDICATORS):
        own = chance.normal(0, OVERDISPERSION * (0.25 if one.sort == "proportion" else 1.0), FORCES)
        logs[number] = np.log(one.level) + one.deprived * deprived[:, None] + own[:, None] + one.change * np.arange(YEARS)
    for force, indicator, shift in OUTLIERS:
        logs[indicator, force] += shift
    for force, indicator, year, shift in STEPS:
        logs[indicator, force, year:] += shift
    indicator, year, shift = REDEFINED
    logs[indicator, :, year:] += shift
    ceiling = np.array([0.98 if one.sort == "proportion" else np.inf for one in INDICATORS])
    return np.asarray(np.minimum(np.exp(logs), ceiling[:, None, None]))


def _denominators(chance: np.random.Generator, residents: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """What the indicators are divided by, each array (forces)."""
    people = residents.astype(np.float64)
    per_head = {
        "resident population": 1.0,
        "households": 0.41,
        "recorded crimes": 0.085,
        "emergency calls": 0.19,
        "immediate incidents": 0.06,
        "people employed": 0.0042,
        "officers": 0.0024,
        "victims asked": 0.0008,
    }
    spread = {name: 0.0 if name == "resident population" else 0.05 for name in per_head}
    return {name: np.round(people * share * np.exp(chance.normal(0, spread[name], len(people)))) for name, share in per_head.items()}


def _write_values(
    folder: Path, truth: Truth, ids: list[str], residents: NDArray[np.int64], traits: NDArray[np.float64], seed: int
) -> TableWriter:
    chance = stream(seed, "indicators")
    quotient = _true_quotients(chance, traits)
    below = _denominators(chance, residents)
    denominator = np.stack([np.repeat(below[one.denominator][:, None], YEARS, axis=1) for one in INDICATORS])
    numerator = np.empty_like(quotient)
    for number, one in enumerate(INDICATORS):
        if one.sort == "proportion":
            numerator[number] = chance.binomial(denominator[number].astype(np.int64), quotient[number])
        elif one.sort == "rate":
            numerator[number] = chance.poisson(denominator[number] * quotient[number])
        else:
            numerator[number] = np.round(denominator[number] * quotient[number] * np.exp(chance.normal(0, 0.01, quotient[number].shape)))
    first_year = period.DAY_AFTER.year - YEARS
    years = np.tile(np.arange(YEARS), len(INDICATORS) * FORCES)
    indicator = np.repeat(np.arange(len(INDICATORS)), FORCES * YEARS)
    # One small force does not publish its few complaints of two years.
    hidden = (indicator == 7) & (np.tile(np.repeat(np.arange(FORCES), YEARS), len(INDICATORS)) == int(np.argmin(residents))) & (years < 2)
    rows = pl.DataFrame(
        {
            "indicator_id": np.array(_indicator_ids())[indicator],
            "force_id": np.tile(np.repeat(ids, YEARS), len(INDICATORS)),
            "period_starts": [date(first_year + int(year), 4, 1) for year in years],
            "period_ends": [date(first_year + int(year) + 1, 3, 31) for year in years],
            "numerator": numerator.ravel(),
            "denominator": denominator.ravel(),
            "definition_changed": (indicator == REDEFINED[0]) & (years == REDEFINED[1]),
            "hidden": hidden,
            "quotient": quotient.ravel(),
        }
    )
    truth.table(
        "indicator_quotients",
        rows.select("indicator_id", "force_id", "period_starts", "quotient"),
        means="The true quotient behind each indicator value.",
    )
    _keep_truth(truth, ids)
    shown = rows.with_columns(
        numerator=pl.when("hidden").then(None).otherwise("numerator"), suppressed_as=pl.when("hidden").then(pl.lit("*")).otherwise(None)
    ).drop("hidden", "quotient")
    return write_table(comparison.INDICATOR_VALUES, folder, shown.to_dict(as_series=False))


def _keep_truth(truth: Truth, ids: list[str]) -> None:
    names = _indicator_ids()
    facts = {
        "overdispersion_sigma": OVERDISPERSION,
        "outliers": [{"force_id": ids[force], "indicator_id": names[one], "shift_of_logarithm": shift} for force, one, shift in OUTLIERS],
        "steps": [
            {"force_id": ids[force], "indicator_id": names[one], "year_number": year, "shift_of_logarithm": shift}
            for force, one, year, shift in STEPS
        ],
        "redefined": {"indicator_id": names[REDEFINED[0]], "year_number": REDEFINED[1], "shift_of_logarithm": REDEFINED[2]},
    }
    truth.facts("comparison", facts, means="Forces that stand out in truth, steps in single forces, and a definition that changed for all.")
