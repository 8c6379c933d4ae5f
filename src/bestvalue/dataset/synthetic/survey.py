"""What do Londoners of this invented force answer? A survey with three true factors and an unequal willingness to answer."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.parquet import TableWriter, coded, numbered, numbers, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import survey

AGE_BANDS = {"16-24": 0.13, "25-34": 0.22, "35-44": 0.20, "45-54": 0.16, "55-64": 0.13, "65 and over": 0.16}
ADULT_SHARE = 0.80
SEXES = {"female": 0.51, "male": 0.49}
INVITED_AT_SCALE_1, FEWEST_INVITED = 12_000, 4_000
INVITED_ON = date(2025, 9, 1)
MODES = ("online", "post", "telephone")
RETEST_SHARE, RETEST_STABILITY = 0.15, 0.9

FACTORS = ("trust", "visibility", "safety")
FACTOR_CORRELATION = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, 0.3], [0.4, 0.3, 1.0]])
QUESTIONS = {
    "trust": (
        "The police in this area can be relied on to be there when needed.",
        "The police treat everyone fairly.",
        "The police listen to the concerns of local people.",
        "I would help the police if they asked me to.",
        "The police do a good job around here.",
        "The police explain what they do and why.",
        "The police often make mistakes that they do not admit.",
        "The police look after some people better than others.",
    ),
    "visibility": (
        "I see officers on foot often enough.",
        "I know how to reach my local team.",
        "When something happens, officers come quickly.",
        "I see officers at the times when they are needed.",
        "I hear what the police do in this area.",
        "Officers know this area well.",
        "I hardly ever see an officer where I live.",
        "It is hard to find out what the police do here.",
    ),
    "safety": (
        "I feel safe walking alone after dark.",
        "I feel safe at home at night.",
        "I feel safe on public transport.",
        "This is a good area to bring up children.",
        "People here look out for each other.",
        "My belongings are safe in this area.",
        "I worry about being attacked in the street.",
        "I avoid some places near here after dark.",
    ),
}
REVERSED_FROM = 6
"""The last two questions of each scale are turned round."""

LOADINGS = (0.80, 0.72, 0.75, 0.60, 0.82, 0.66, 0.64, 0.58)
THRESHOLDS = (-1.3, -0.5, 0.3, 1.2)
"""Where the hidden answer turns into 2, 3, 4 and 5."""

NO_ANSWER_SHARE, HARD_QUESTION, HARD_NO_ANSWER_SHARE = 0.02, "TRUST4", 0.09
AGE_EFFECT_ON_SAFETY, CENTRE_EFFECT_ON_TRUST = -0.12, -0.35
ANSWERING = {"intercept": -0.9, "each age band": 0.28, "inner borough": -0.45, "man": -0.15}
"""Logit of the chance to answer."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """People drawn: codes of borough, age band and sex, the chance they were drawn with, and whether they answered."""

    borough: NDArray[np.int64]
    age: NDArray[np.int64]
    sex: NDArray[np.int64]
    probability: NDArray[np.float64]
    responded: NDArray[np.bool_]


def frame() -> pl.DataFrame:
    """The population: people by borough, age band and sex, from residents by fixed shares."""
    rows = [
        (
            borough.code,
            age,
            sex,
            round(borough.residents * ADULT_SHARE * age_share * sex_share),
            3_200 if borough.group == "Inner" else 2_600,
        )
        for borough in BOROUGHS
        for age, age_share in AGE_BANDS.items()
        for sex, sex_share in SEXES.items()
    ]
    return pl.DataFrame(rows, schema=["area_id", "age_band", "sex", "population", "interview_pence"], orient="row")


def draw_sample(*, scale: float, seed: int) -> Sample:
    """Draw equally many people in each borough, and let them answer or not."""
    chance = stream(seed, "survey sample")
    invited = max(FEWEST_INVITED, round(INVITED_AT_SCALE_1 * scale)) // len(BOROUGHS)
    adults = np.array([borough.residents for borough in BOROUGHS]) * ADULT_SHARE
    borough = np.repeat(np.arange(len(BOROUGHS)), invited)
    age = chance.choice(len(AGE_BANDS), size=len(borough), p=list(AGE_BANDS.values()))
    sex = chance.choice(len(SEXES), size=len(borough), p=list(SEXES.values()))
    inner = np.array([place.group == "Inner" for place in BOROUGHS])[borough]
    logit = ANSWERING["intercept"] + ANSWERING["each age band"] * age + ANSWERING["inner borough"] * inner + ANSWERING["man"] * (sex == 1)
    return Sample(
        borough=borough,
        age=age,
        sex=sex,
        probability=invited / adults[borough],
        responded=chance.random(len(borough)) < 1 / (1 + np.exp(-logit)),
    )


def write_survey(folder: Path, truth: Truth, sample: Sample, *, seed: int) -> list[TableWriter]:
    """Write frame, margins, sample, items and answers."""
    population = frame()
    margins = pl.concat(
        [
            population.group_by(pl.col(name).alias("category"), maintain_order=True)
            .agg(pl.col("population").sum())
            .select(pl.lit(name).alias("margin"), "category", "population")
            for name in ("age_band", "sex", "area_id")
        ]
    )
    _keep_truth(truth)
    return [
        write_table(survey.SURVEY_FRAME, folder, population.to_dict(as_series=False)),
        write_table(survey.SURVEY_MARGINS, folder, margins.to_dict(as_series=False)),
        _write_sample(folder, sample, stream(seed, "survey modes")),
        _write_items(folder),
        _write_answers(folder, sample, stream(seed, "survey answers")),
    ]


def respondent_ids(serials: NDArray[np.int64]) -> object:
    """Ids of sampled people by their number, from 0."""
    return numbered("R-", serials + 1, digits=5)


def _item_ids() -> list[str]:
    return [f"{factor.upper()}{number}" for factor in FACTORS for number in range(1, len(QUESTIONS[factor]) + 1)]


def _write_sample(folder: Path, sample: Sample, chance: np.random.Generator) -> TableWriter:
    size = len(sample.borough)
    minutes = np.round(np.exp(chance.normal(2.2, 0.35, size)), 1)
    return write_table(
        survey.SURVEY_SAMPLE,
        folder,
        {
            "respondent_id": respondent_ids(np.arange(size)),
            "area_id": coded(sample.borough, [borough.code for borough in BOROUGHS]),
            "age_band": coded(sample.age, list(AGE_BANDS)),
            "sex": coded(sample.sex, list(SEXES)),
            "selection_probability": sample.probability,
            "invited_on": [INVITED_ON] * size,
            "mode": coded(chance.choice(3, size=size, p=[0.7, 0.2, 0.1]), MODES, empty=~sample.responded),
            "responded": sample.responded,
            "response_minutes": numbers(minutes, empty=~sample.responded),
        },
    )


def _write_items(folder: Path) -> TableWriter:
    questions = [(factor, number, words) for factor in FACTORS for number, words in enumerate(QUESTIONS[factor])]
    return write_table(
        survey.SURVEY_ITEMS,
        folder,
        {
            "item_id": _item_ids(),
            "wording": [words for _, _, words in questions],
            "scale_name": [factor for factor, _, _ in questions],
            "lowest": [1] * len(questions),
            "highest": [5] * len(questions),
            "reversed": [number >= REVERSED_FROM for _, number, _ in questions],
        },
    )


def _write_answers(folder: Path, sample: Sample, chance: np.random.Generator) -> TableWriter:
    who = np.flatnonzero(sample.responded)
    inner = np.array([place.group == "Inner" for place in BOROUGHS])[sample.borough[who]]
    factors = chance.multivariate_normal(np.zeros(3), FACTOR_CORRELATION, size=len(who))
    factors[:, 0] += CENTRE_EFFECT_ON_TRUST * inner
    factors[:, 2] += AGE_EFFECT_ON_SAFETY * sample.age[who]
    again = np.flatnonzero(chance.random(len(who)) < RETEST_SHARE)
    rounds = [_answers(chance, factors)]
    stable = RETEST_STABILITY * factors[again] + np.sqrt(1 - RETEST_STABILITY**2) * chance.standard_normal((len(again), 3))
    rounds.append(_answers(chance, stable))
    items = _item_ids()
    with TableWriter(survey.SURVEY_ANSWERS, folder) as writer:
        for number, (people, answers) in enumerate(zip((who, who[again]), rounds, strict=True), start=1):
            writer.write(
                {
                    "respondent_id": respondent_ids(np.repeat(people, len(items))),
                    "item_id": coded(np.tile(np.arange(len(items)), len(people)), items),
                    "round": np.full(answers.size, number),
                    "answer": numbers(answers.ravel(), empty=answers.ravel() == 0),
                }
            )
    return writer


def _answers(chance: np.random.Generator, factors: NDArray[np.float64]) -> NDArray[np.int64]:
    """Answers 1 to 5, array (people, questions); 0 where there is none."""
    loading = np.tile(LOADINGS, len(FACTORS))
    own = np.repeat(np.arange(len(FACTORS)), len(LOADINGS))
    noise = chance.standard_normal((len(factors), len(loading)))
    hidden = loading * factors[:, own] + np.sqrt(1 - loading**2) * noise
    turned = np.tile(np.arange(len(LOADINGS)) >= REVERSED_FROM, len(FACTORS))
    answers = 1 + np.searchsorted(THRESHOLDS, np.where(turned, -hidden, hidden))
    gap = np.where(np.array(_item_ids()) == HARD_QUESTION, HARD_NO_ANSWER_SHARE, NO_ANSWER_SHARE)
    return np.where(chance.random(answers.shape) < gap, 0, answers)


def _keep_truth(truth: Truth) -> None:
    facts = {
        "factors": list(FACTORS),
        "factor_correlation": FACTOR_CORRELATION.tolist(),
        "loadings": {item: LOADINGS[number % len(LOADINGS)] for number, item in enumerate(_item_ids())},
        "reversed": [item for number, item in enumerate(_item_ids()) if number % len(LOADINGS) >= REVERSED_FROM],
        "thresholds": list(THRESHOLDS),
        "answering_logit": ANSWERING,
        "effect_of_each_age_band_on_safety": AGE_EFFECT_ON_SAFETY,
        "effect_of_inner_borough_on_trust": CENTRE_EFFECT_ON_TRUST,
        "retest_stability": RETEST_STABILITY,
    }
    truth.facts("survey", facts, means="Factors, loadings and thresholds of the answers, and what decides who answers.")
