"""A demo workspace whose store holds one answer, made by hand, of what is asked of the force."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings

from bestvalue.analysis.contract import Figure, Provenance, Result, ResultTable, Statement
from bestvalue.workspace import Workspace


def _demand(*, hours: float, error_ratio: float, change_low: float) -> Result:
    """An answer of challenge.demand with the figures that the demo reads."""
    base = "1,000 incidents"
    return Result(
        question="When and where does demand fall?",
        title="Demand",
        statements=(
            Statement(
                text="68.3 incidents a day.", figures=(Figure(name="incidents a day", value=68.3, unit="incidents a day", base=base),)
            ),
            Statement(
                text=f"Half of the demand falls in {hours} hours.",
                figures=(Figure(name="hours that hold half of the demand", value=hours, unit="hours of 168", base=base),),
            ),
            Statement(
                text="The yearly change.",
                figures=(Figure(name="change a year", value=0.01, unit="share", base=base, low=change_low, high=0.02, confidence=0.95),),
            ),
            Statement(
                text=f"The error ratio is {error_ratio}.",
                figures=(Figure(name="error against repeating the past", value=error_ratio, unit="ratio", base=base),),
            ),
        ),
        tables={"areas": ResultTable(title="Areas", rows=pl.DataFrame({"area": ["Ash"], "incidents": [1000]}))},
        charts={},
        caveats=("Recorded incidents only.",),
        provenance=Provenance(
            analysis="challenge.demand",
            analysis_version=1,
            dataset="d" * 64,
            tables={"incidents": "e" * 64},
            rows={"incidents": 1000},
            sources={"incidents": "incidents.csv"},
            spec={"seed": 1},
            synthetic=True,
            engine="local",
            versions={"python": "3.11"},
            started_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
            duration_seconds=1.0,
        ),
    )


@pytest.fixture
def demand() -> Callable[..., Result]:
    """Makes an answer of challenge.demand."""
    return _demand


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "demo", name="Synthetic Force", synthetic=True)
    made.store.put(_demand(hours=59, error_ratio=0.8, change_low=0.005))
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made
