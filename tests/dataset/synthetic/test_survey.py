"""The answers have the planted factors and the planted gaps."""

import json

import duckdb
import numpy as np
import pytest
from scipy import stats

from bestvalue.dataset.synthetic import SyntheticForce


def test_inner_londoners_and_the_young_answer_less_as_planted(force: SyntheticForce, sql: duckdb.DuckDBPyConnection) -> None:
    logit = json.loads((force.truth / "survey.json").read_text())["answering_logit"]
    bands = [row[0] for row in sql.execute("SELECT DISTINCT age_band FROM survey_sample ORDER BY 1").fetchall()]
    rows = sql.execute("""
        SELECT area_group = 'Inner', age_band, sex = 'male', count(*), count(*) FILTER (responded)
        FROM survey_sample JOIN areas USING (area_id) GROUP BY ALL
    """).fetchall()
    statistic = 0.0
    for inner, band, man, asked, answered in rows:
        score = logit["intercept"] + logit["each age band"] * bands.index(band) + logit["inner borough"] * inner + logit["man"] * man
        chance = 1 / (1 + np.exp(-score))
        statistic += (answered - asked * chance) ** 2 / (asked * chance * (1 - chance))
    assert len(rows) == 24
    assert stats.chi2.sf(statistic, df=len(rows)) > 1e-4


def test_answers_within_a_scale_go_together_as_the_loadings_say(force: SyntheticForce, sql: duckdb.DuckDBPyConnection) -> None:
    planted = json.loads((force.truth / "survey.json").read_text())
    items = list(planted["loadings"])
    rows = sql.execute("SELECT respondent_id, item_id, answer FROM survey_answers WHERE round = 1 ORDER BY 1").fetchall()
    people = {person: number for number, person in enumerate(dict.fromkeys(row[0] for row in rows))}
    answers = np.full((len(people), len(items)), np.nan)
    for person, item, answer in rows:
        answers[people[person], items.index(item)] = np.nan if answer is None else (6 - answer if item in planted["reversed"] else answer)
    for one, other in [("SAFETY1", "SAFETY5"), ("VISIBILITY2", "VISIBILITY8"), ("TRUST1", "SAFETY1"), ("VISIBILITY1", "SAFETY1")]:
        a, b = answers[:, items.index(one)], answers[:, items.index(other)]
        both = ~(np.isnan(a) | np.isnan(b))
        found = stats.spearmanr(a[both], b[both]).statistic
        factors = [planted["factors"].index(item.rstrip("12345678").lower()) for item in (one, other)]
        expected = planted["loadings"][one] * planted["loadings"][other] * planted["factor_correlation"][factors[0]][factors[1]]
        # Cutting a correlation of 0.1 to 0.7 into five answers costs up to a tenth of it, and Fisher's error is 0.03.
        assert found == pytest.approx(0.94 * expected, abs=0.03 + 4 / np.sqrt(both.sum()) * 0.8)


def test_the_population_margins_are_the_frames_own_totals(sql: duckdb.DuckDBPyConnection) -> None:
    total = sql.execute("SELECT sum(population) FROM survey_frame").fetchall()
    by_margin = sql.execute("SELECT sum(population) FROM survey_margins GROUP BY margin").fetchall()
    assert by_margin == total * 3


def test_selection_probabilities_weigh_each_borough_up_to_its_adults(sql: duckdb.DuckDBPyConnection) -> None:
    ratios = sql.execute("""
        SELECT weighted / population FROM (SELECT area_id, sum(1 / selection_probability) AS weighted FROM survey_sample GROUP BY ALL)
        JOIN (SELECT area_id, sum(population) AS population FROM survey_frame GROUP BY ALL) USING (area_id)
    """).fetchall()
    assert [ratio for (ratio,) in ratios] == pytest.approx([1.0] * 32, rel=1e-3)


def test_coders_give_the_true_code_as_often_as_planted(sql: duckdb.DuckDBPyConnection) -> None:
    found = sql.execute("""
        SELECT c.coder, avg(CAST(g.code IS NOT NULL AS INT)), count(*)
        FROM truth_codes t CROSS JOIN (SELECT DISTINCT coder FROM coded_segments) c
        LEFT JOIN coded_segments g ON g.open_answer_id = t.open_answer_id AND g.coder = c.coder AND g.code = t.code GROUP BY c.coder
    """).fetchall()
    # A slip on the other code of the same answer can hit this one too: up to 0.16 / 5 of a quarter of the answers.
    for coder, share, count in found:
        expected = {"coder 1": 0.92, "coder 2": 0.84}[coder]
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / count) + 0.01
