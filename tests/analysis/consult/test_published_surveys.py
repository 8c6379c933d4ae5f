"""Two published surveys, as published: weighted shares against the printed ones, and codes for no answer kept out of scales."""

import csv
import gzip
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bestvalue.analysis.consult.answers import Item, answers_from
from bestvalue.analysis.consult.estimation import Errors, estimate_mean
from bestvalue.analysis.consult.linearised import Design
from bestvalue.analysis.consult.reliability import Spec, judge_scale

WORRIES = ("wburgl", "wmugged", "wcarstol", "wfromcar", "wraped", "wattack", "winsult", "wraceatt")


@pytest.fixture(scope="module")
def crime_survey(shared: Path) -> pl.DataFrame:
    raw = gzip.decompress((shared / "data" / "bcs_2007_8_teaching" / "bcs_2007_8_teaching_data_part_a.tab.gz").read_bytes())
    return pl.read_csv(io.BytesIO(raw), separator="\t", infer_schema=False)


@pytest.fixture(scope="module")
def masculinity(shared: Path) -> tuple[pl.DataFrame, list[list[str]]]:
    folder = shared / "data" / "fivethirtyeight_surveys" / "masculinity-survey"
    raw = pl.read_csv(io.BytesIO(gzip.decompress((folder / "raw-responses.csv.gz").read_bytes())), infer_schema=False)
    return raw, list(csv.reader((folder / "masculinity-survey.csv").read_text(encoding="utf-8").splitlines()))


def share_of(mark: np.ndarray, weights: np.ndarray) -> float:
    alone = np.arange(len(weights))
    return estimate_mean(
        mark.astype(float), Errors(design=Design(weights=weights, strata=np.zeros_like(alone), clusters=alone)), share=True
    ).value


@pytest.mark.parametrize(("column", "row"), [("q0001", 2), ("q0002", 8), ("q0005", 21)])
def test_weighted_shares_of_men_are_the_published_ones(masculinity: tuple[pl.DataFrame, list[list[str]]], column: str, row: int) -> None:
    raw, printed = masculinity
    weights = raw["weight"].cast(pl.Float64).to_numpy()
    checked = 0
    for label, *cells in (line[1:] for line in printed[row + 1 :]):
        if not label:
            break
        if label != "No answer":
            found = share_of((raw[column] == label).to_numpy(), weights)
            assert found == pytest.approx(float(cells[0].rstrip("%")) / 100, abs=0.0051), label
            checked += 1
    assert checked >= 2


def test_the_published_risk_of_crime_lies_in_the_interval_of_half_the_survey(crime_survey: pl.DataFrame) -> None:
    known = crime_survey.filter((pl.col("tcindwt").str.strip_chars() != "") & (pl.col("bcsvictim").str.strip_chars() != ""))
    weights, victim = (known[name].str.strip_chars().cast(pl.Float64).to_numpy() for name in ("tcindwt", "bcsvictim"))
    alone = np.arange(len(weights))
    errors = Errors(design=Design(weights=weights, strata=np.zeros_like(alone), clusters=alone))
    found = estimate_mean(victim, errors, share=True)
    # Crime in England and Wales 2007/08 (Home Office Statistical Bulletin 07/08): 22% were victims, printed to the whole percent.
    assert found.low - 0.005 <= 0.22 <= found.high + 0.005
    assert found.effective < found.base


def test_codes_for_no_answer_never_enter_the_scale_of_worry(crime_survey: pl.DataFrame) -> None:
    items = [Item(item_id=name, wording=name, scale="worry", lowest=1, highest=4, reversed=True) for name in WORRIES]
    long = crime_survey.select("rowlabel", *WORRIES).unpivot(index="rowlabel", variable_name="item_id", value_name="answer")
    plain = long.select(respondent_id="rowlabel", item_id="item_id", answer=pl.col("answer").str.strip_chars().cast(pl.Int64, strict=False))
    rows = plain.with_columns(pl.col("answer").fill_null(9))  # the dictionary's code for no answer, which the publisher left blank here
    answers = answers_from(rows, items, missing_codes=(5, 8, 9))
    assert answers.outside == {}
    assert sum(answers.user_missing.values()) == rows.filter(pl.col("answer").is_in([5, 8, 9])).height > 100
    assert np.nanmin(answers.scores) == 1
    assert np.nanmax(answers.scores) == 4
    judged = judge_scale("worry", answers, None, spec=Spec(bootstraps=100))
    assert judged.turned == ()
    table = (
        rows.filter(pl.col("answer").is_between(1, 4))
        .pivot(on="item_id", index="respondent_id", values="answer")
        .drop_nulls()
        .select(WORRIES)
    )
    k, matrix = len(WORRIES), table.to_numpy().astype(float)
    assert judged.alpha.alpha == pytest.approx(k / (k - 1) * (1 - matrix.var(0, ddof=1).sum() / matrix.sum(1).var(ddof=1)), rel=1e-12)
