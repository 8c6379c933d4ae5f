from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset.report import Loaded
from bestvalue.errors import TableFaults

HEADER = "indicator_id,force_id,period_starts,period_ends,numerator,denominator,definition_changed"
Load = Callable[..., Loaded]


def values(tmp_path: Path, *numerators: str) -> Path:
    path = tmp_path / "indicator_values.csv"
    lines = [f"I1,F{n:02d},2024-04-01,2025-03-31,{text},100,no" for n, text in enumerate(numerators)]
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("mark", ["<5", "< 10", "*", "**", "-", "..", ":", "[c]", "c", "n/a", "N/A"])
def test_a_mark_in_place_of_a_figure_is_kept_and_is_no_fault(tmp_path: Path, load: Load, mark: str) -> None:
    loaded = load(values(tmp_path, "12", mark), table="indicator_values")
    rows = pl.read_parquet(loaded.checked().parquet)
    assert rows.select("numerator", "suppressed_as").rows() == [(12.0, None), (None, mark)]
    assert any("held back by its publisher" in warning for warning in loaded.report.warnings)


def test_what_is_no_mark_and_no_number_stays_a_fault_with_its_place(tmp_path: Path, load: Load) -> None:
    with pytest.raises(TableFaults, match="row 3, column numerator") as caught:
        load(values(tmp_path, "12", "about 5"), table="indicator_values").checked()
    assert '"about 5" is not a number' in str(caught.value)
