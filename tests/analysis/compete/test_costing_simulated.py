"""A costing that is given a stored simulation prices what half or twice the units do."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from scipy import stats

from bestvalue.analysis.compete.costing import ANALYSIS, Spec
from bestvalue.analysis.contract import GivenResult, Provenance, Result, ResultTable, Statement
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

DIGEST = "ab" * 32


def simulation(pools: str, *, digest_of_pools: str, change: tuple[float, float, float], factor: float = 0.5) -> Result:
    """What challenge.resources keeps, in as far as a costing reads it."""
    row = {"scenario": f"{pools} x{factor:g}", "kind": "scaled", "pools": pools, "factor": factor, "grade": "every grade"}
    row |= dict(zip(("change", "change_low", "change_high"), change, strict=True))
    today = row | {"scenario": "As today", "kind": "today", "pools": "", "factor": 1.0}
    return Result(
        question="?",
        title="More or fewer units",
        statements=(Statement(text="Simulated.", kind="limit"),),
        tables={"response": ResultTable(title="Response", rows=pl.DataFrame([today, row]))},
        charts={},
        caveats=(),
        provenance=Provenance(
            analysis="challenge.resources",
            analysis_version=1,
            dataset="d",
            tables={"pools": digest_of_pools},
            rows={},
            sources={},
            spec={"confidence": 0.95},
            synthetic=True,
            engine="local",
            versions={},
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            duration_seconds=1.0,
        ),
    )


def costing(data: Dataset, simulated: Result, **settings: object) -> Result:
    return ANALYSIS.run(data, Spec(draws=2_000, resources=GivenResult(DIGEST, simulated), **settings))


def varying(data: Dataset, level: str) -> int:
    """What moves with the people, straight from the ledger."""
    return int(
        data.query(
            "SELECT SUM(l.outturn_pence) AS pence FROM ledger l JOIN cost_centres c ON l.cost_centre_id = c.cost_centre_id "
            "JOIN pools p ON c.pool_id = p.pool_id WHERE l.financial_year = '2025/26' AND l.outturn_pence > 0 "
            "AND l.subjective NOT IN ('premises', 'third party') AND p.level = :level",
            level=level,
        )["pence"][0]
    )


def test_half_the_local_units_save_half_of_what_moves_with_them(force_data: Dataset) -> None:
    simulated = simulation("local", digest_of_pools=force_data.tables["pools"].digest, change=(-0.07, -0.08, -0.06))
    row = costing(force_data, simulated).tables["simulated"].rows.row(0, named=True)
    assert row["change_pounds"] == pytest.approx(-varying(force_data, "local") / 2 / 100, abs=0.01)
    assert row["each_point_pounds"] == pytest.approx(varying(force_data, "local") / 2 / 100 / 7)


def test_without_a_service_the_interval_of_a_point_is_that_of_the_simulation(force_data: Dataset) -> None:
    """By theory: a constant over a normal of mean 7 and standard deviation 1 / 1.96; its quantiles are the constant over the normal's."""
    simulated = simulation("local", digest_of_pools=force_data.tables["pools"].digest, change=(-0.07, -0.08, -0.06))
    row = costing(force_data, simulated).tables["simulated"].rows.row(0, named=True)
    money = varying(force_data, "local") / 2 / 100
    ends = [money / (7 + stats.norm.ppf(level) / 1.959964) for level in (0.975, 0.025)]
    assert [row["each_point_low_pounds"], row["each_point_high_pounds"]] == pytest.approx(ends, rel=0.02)


def test_both_uncertainties_are_in_the_price_of_a_point(force_data: Dataset) -> None:
    """The relative variance of a quotient is, to first order, the sum of both: wider than either alone."""
    pools = force_data.tables["pools"].digest
    sharp = simulation("local", digest_of_pools=pools, change=(-0.07, -0.0700001, -0.0699999))
    blunt = simulation("local", digest_of_pools=pools, change=(-0.07, -0.08, -0.06))

    def spread(simulated: Result, **settings: object) -> float:
        row = costing(force_data, simulated, **settings).tables["simulated"].rows.row(0, named=True)
        return float(np.log(row["each_point_high_pounds"] / row["each_point_low_pounds"]))

    sample, chance = spread(sharp, result_service="response"), spread(blunt)
    assert spread(blunt, result_service="response") == pytest.approx(np.hypot(sample, chance), rel=0.1)


def test_no_point_is_priced_that_cannot_be_told_from_chance(force_data: Dataset) -> None:
    simulated = simulation("support", digest_of_pools=force_data.tables["pools"].digest, change=(-0.01, -0.02, 0.01))
    assert costing(force_data, simulated).tables["simulated"].rows["each_point_pounds"].to_list() == [None]


def test_a_simulation_of_other_pools_is_said_to_be_one(force_data: Dataset) -> None:
    simulated = simulation("local", digest_of_pools="another", change=(-0.07, -0.08, -0.06))
    said = [one.text for one in costing(force_data, simulated).statements if one.kind == "limit"]
    assert any("was made from other pools of units" in text for text in said)


def test_the_provenance_cites_the_simulation_and_the_spec_holds_its_digest(force_data: Dataset) -> None:
    simulated = simulation("local", digest_of_pools="x", change=(-0.07, -0.08, -0.06))
    made = costing(force_data, simulated).provenance
    assert made.results == {"resources": DIGEST}
    assert made.spec["resources"] == DIGEST


def test_a_service_without_a_sample_is_refused(force_data: Dataset) -> None:
    simulated = replace(simulation("local", digest_of_pools="x", change=(-0.07, -0.08, -0.06)))
    with pytest.raises(SpecError, match="no sampled service or activity 'opera'"):
        costing(force_data, simulated, result_service="opera")
