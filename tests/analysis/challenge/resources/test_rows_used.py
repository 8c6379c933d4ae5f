import polars as pl
import pytest

from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_tables import of_force
from bestvalue.analysis.challenge.resources_rows_used import OUTSIDE, whole_account
from bestvalue.dataset.dataset import Dataset, SetApart


@pytest.mark.parametrize("table", ["incidents", "deployments", "pools", "units", "unit_skills", "shifts", "abstractions"])
def test_rows_used_and_left_out_are_all_rows_of_a_table(calibrated: Calibration, synthetic_dataset: Dataset, table: str) -> None:
    window = calibrated.window
    account = whole_account(of_force(calibrated, 1.0, window)["rows_used"], synthetic_dataset, window).rows
    assert account.filter(pl.col("table") == table)["rows"].sum() == synthetic_dataset.tables[table].rows
    if table in ("incidents", "deployments"):  # the force has more years than the one that is replayed
        assert account.filter((pl.col("table") == table) & (pl.col("what") == OUTSIDE))["rows"].sum() > 0


def test_rows_set_apart_are_counted_under_the_rule_that_the_calibration_has_for_them(
    calibrated: Calibration, synthetic_dataset: Dataset
) -> None:
    late = SetApart(
        table="deployments",
        counted_as="arrived before it was sent, or cleared before it arrived",
        rows=202,
        of=76_000,
        first="deployments.csv, row 3",
        left_out=True,
    )
    spoilt = Dataset(synthetic_dataset.tables, engine=synthetic_dataset.engine, set_apart=(late,))
    seen = of_force(calibrated, 1.0, calibrated.window)["rows_used"]
    before, after = (whole_account(seen, dataset, calibrated.window).rows for dataset in (synthetic_dataset, spoilt))
    of_rule = (pl.col("table") == "deployments") & (pl.col("what") == late.counted_as)
    assert after.filter(of_rule)["rows"].item() == before.filter(of_rule)["rows"].item() + 202
    assert after.filter(~of_rule).equals(before.filter(~of_rule))
