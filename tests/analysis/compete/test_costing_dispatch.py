from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from bestvalue.analysis.compete.costing import ANALYSIS, Spec
from bestvalue.analysis.compete.costing_dispatch import REST, SCENE, TRAVEL, dispatch_diary, named_by_the_force
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import TableError

SEVEN = datetime.combine(date(2025, 10, 6), time(7))
FIRST, AFTER = (datetime.combine(date(year, 4, 1), time.min) for year in (2025, 2026))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def crewed_unit() -> dict[str, list[dict[str, Any]]]:
    """One unit of two on an eight-hour turn: a theft, 10 minutes on the way and 50 there, and a call that was turned back."""
    duty = {"unit_id": "U1", "duty_kind": "rostered", "planned_start_at": SEVEN, "planned_end_at": SEVEN + minutes(480)}
    return {
        "cost_centres": [
            {"cost_centre_id": "A", "cost_centre_name": "Team", "layer": "direct", "objective": "Local policing", "pool_id": "P"}
        ],
        "units": [{"unit_id": "U1", "pool_id": "P"}],
        "incidents": [{"incident_id": "I1", "opened_at": SEVEN, "kind": "theft"}, {"incident_id": "I2", "opened_at": SEVEN}],
        "duties": [
            {**duty, "duty_id": "D1", "staff_id": "S1", "started_at": SEVEN, "ended_at": SEVEN + minutes(480)},
            {**duty, "duty_id": "D2", "staff_id": "S2", "started_at": SEVEN, "ended_at": SEVEN + minutes(500)},
        ],
        "deployments": [
            {
                "deployment_id": "X1",
                "incident_id": "I1",
                "unit_id": "U1",
                "wave": 1,
                "assigned_at": SEVEN,
                "arrived_at": SEVEN + minutes(10),
                "cleared_at": SEVEN + minutes(60),
            },
            {
                "deployment_id": "X2",
                "incident_id": "I2",
                "unit_id": "U1",
                "wave": 1,
                "assigned_at": SEVEN + minutes(100),
                "cleared_at": SEVEN + minutes(105),
            },
        ],
    }


def test_a_turn_divides_into_travel_scene_and_the_rest(tables: Callable[..., Dataset]) -> None:
    """By hand: 500 minutes of turn; 10 and 5 on the way, 50 at the theft, 435 of which dispatch knows nothing."""
    diary = dispatch_diary(tables(**crewed_unit()), first=FIRST, after=AFTER)
    spent = {(row["activity_id"], row["kind"]): diary.minutes[0, place] for place, row in enumerate(diary.pairs.iter_rows(named=True))}
    assert spent == {(REST, ""): 435, (SCENE, ""): 0, (SCENE, "theft"): 50, (TRAVEL, ""): 15}


def test_the_forces_own_activities_give_their_names(tables: Callable[..., Dataset]) -> None:
    names = pl.DataFrame({"activity_id": ["A1", "A2"], "activity_name": ["Attending incidents", "travelling to incidents"]})
    diary = named_by_the_force(dispatch_diary(tables(**crewed_unit()), first=FIRST, after=AFTER), names)
    assert diary.pairs["activity_id"].to_list() == [REST, "A1", "A1", "A2"]


def test_without_a_sample_dispatch_records_are_taken_and_said_so(force_data: Dataset) -> None:
    without = Dataset({name: table for name, table in force_data.tables.items() if name != "activity_samples"}, engine=force_data.engine)
    result = ANALYSIS.run(without, Spec(draws=200))
    rows = result.tables["activities"].rows
    assert set(rows["activity_id"]) == {REST, "A01", "A02", "not sampled"}
    assert round(float(rows["total_pounds"].sum()) * 100) == int(result.tables["cells"].rows["pence"].sum())
    assert any("do not say what crews do between incidents" in statement.text for statement in result.statements)
    drivers = set(result.tables["unit_costs"].rows["driver"])
    assert "incidents attended" in drivers
    assert "warrants" not in drivers, "what dispatch records do not hold has no cost by them, which is not a cost of nothing"


def test_without_either_the_table_that_is_missing_is_named(tables: Callable[..., Dataset]) -> None:
    line = {"ledger_line_id": "L1", "financial_year": "2025/26", "cost_centre_id": "A", "subjective": "pay", "budget_pence": 1}
    staff = [{"staff_id": "S1", "cost_centre_id": "A", "staff_group": "constable", "hour_pence": 1, "weekly_hours": 40}]
    dataset = tables(
        cost_centres=crewed_unit()["cost_centres"],
        ledger=[{**line, "outturn_pence": 1}],
        staff=staff,
        activities=[{"activity_id": "A1", "activity_name": "calls", "service": "response"}],
    )
    with pytest.raises(TableError, match="needs the table activity_samples"):
        ANALYSIS.run(dataset, Spec())
