"""The whole answer on words: planted agreement recovered, faults named, saturation by its definition."""

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.analysis.consult.conftest import MakeDataset, Survey

from bestvalue.analysis.consult.coding import ANALYSIS, Spec
from bestvalue.analysis.consult.reading_groups import group_answers
from bestvalue.analysis.consult.saturation import saturation
from bestvalue.analysis.contract import Result
from bestvalue.dataset.synthetic.words import CODE_SHARES, CODERS, CODES, SECOND_CODE_SHARE
from bestvalue.errors import SpecError


@pytest.fixture(scope="module")
def answered(survey: Survey) -> Result:
    return ANALYSIS.run(survey.dataset, Spec(bootstraps=500))


def words(result: Result) -> str:
    return " ".join(statement.text for statement in result.statements)


def planted_alpha(code: int) -> float:
    """Alpha of one code that the plant gives: over every true set of codes, the two coders give the code or not, apart from each other."""
    worlds = [((one,), (1 - SECOND_CODE_SHARE) * share) for one, share in enumerate(CODE_SHARES)]
    for one, other in itertools.permutations(range(len(CODES)), 2):
        worlds.append(((one, other), SECOND_CODE_SHARE * CODE_SHARES[one] * CODE_SHARES[other] / (1 - CODE_SHARES[one])))
    differ = given = 0.0
    for true, chance in worlds:
        p = []
        for keeps in CODERS.values():
            missed = 1.0
            for one in true:
                missed *= 1 - (keeps if one == code else (1 - keeps) / (len(CODES) - 1))
            p.append(1 - missed)
        differ += chance * (p[0] * (1 - p[1]) + p[1] * (1 - p[0]))
        given += chance * (p[0] + p[1]) / 2
    return 1 - differ / (2 * given * (1 - given))


def test_the_planted_agreement_of_each_code_is_recovered(answered: Result) -> None:
    rows = {row["code"]: row for row in answered.tables["codes"].rows.iter_rows(named=True)}
    for at, code in enumerate(CODES):
        error = (rows[code]["high"] - rows[code]["low"]) / (2 * 1.96)
        assert abs(rows[code]["alpha"] - planted_alpha(at)) < 4 * error, code


def test_every_disagreement_is_in_the_table(survey: Survey, answered: Result) -> None:
    sets = survey.dataset.query(
        "SELECT open_answer_id, coder, COUNT(*) AS n, SUM(ASCII(code) * LENGTH(code)) AS mark FROM coded_segments GROUP BY 1, 2"
    )
    differing = sets.group_by("open_answer_id").agg(pl.struct("n", "mark").n_unique().alias("kinds")).filter(pl.col("kinds") > 1)
    assert answered.tables["disagreements"].rows.height >= differing.height > 50


def test_quotes_are_only_of_people_who_agreed(survey: Survey, answered: Result) -> None:
    agreed = survey.dataset.query("SELECT COUNT(*) AS n FROM open_answers WHERE may_be_quoted")["n"][0]
    assert 0 < answered.tables["quotes"].rows.height == agreed


def test_saturation_is_the_mean_over_all_orders() -> None:
    given = {"a": "xy", "b": "x", "c": "z", "d": "x"}
    segments = pl.DataFrame(
        [(name, code) for name, codes in given.items() for code in codes], schema=["open_answer_id", "code"], orient="row"
    )
    found = saturation(segments)
    orders = list(itertools.permutations(given))
    plain = [np.mean([len(set("".join(given[name] for name in order[:read]))) for order in orders]) for read in range(1, 5)]
    assert found.expected == pytest.approx(plain)
    assert found.unseen == 2 / 4


def rows_of(codings: dict[str, dict[str, str]]) -> dict[str, list[dict[str, Any]]]:
    answers = sorted({answer for given in codings.values() for answer in given})
    return {
        "open_answers": [
            {"open_answer_id": one, "respondent_id": f"R{one}", "question": "Why?", "words": f"Words of {one}"} for one in answers
        ],
        "codebook": [{"code": code, "definition": f"Means {code}."} for code in ("x", "y")],
        "coded_segments": [
            {"open_answer_id": one, "coder": coder, "code": code}
            for coder, given in codings.items()
            for one, codes in given.items()
            for code in codes
        ],
    }


def test_codes_outside_the_codebook_are_left_out_and_named(tables_of: MakeDataset) -> None:
    data = rows_of({"A": {"1": "x", "2": "y", "3": "xq"}, "B": {"1": "x", "2": "y", "3": "x"}})
    result = ANALYSIS.run(tables_of(**data), Spec(bootstraps=100))
    assert "not in the codebook were left out: q (1)" in words(result)
    assert result.tables["disagreements"].rows.height == 0


def test_without_consent_nothing_may_be_quoted(tables_of: MakeDataset) -> None:
    result = ANALYSIS.run(tables_of(**rows_of({"A": {"1": "x", "2": "y"}, "B": {"1": "x", "2": "x"}})), Spec(bootstraps=100))
    assert "No answer may be quoted" in words(result)
    assert result.tables["quotes"].rows.height == 0


def test_one_coder_is_not_enough(tables_of: MakeDataset) -> None:
    with pytest.raises(SpecError, match="1 coders coded"):
        ANALYSIS.run(tables_of(**rows_of({"A": {"1": "x", "2": "y"}})), Spec())


def test_answers_with_words_in_common_are_read_together() -> None:
    texts = ["Better street lights", "Street lights are broken", "Quicker help at night", "Help came late at night", "No idea"]
    group = group_answers(texts).group
    assert group[0] == group[1] != group[2] == group[3]
    assert group[4] not in group[:4]
