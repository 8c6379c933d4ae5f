from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bestvalue.dataset.load import load_table
from bestvalue.dataset.report import Loaded

Load = Callable[..., Loaded]
HEADER = "incident_id,opened_at,closed_at,first_attendance_seconds"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a table with a cache of its own; a single path will do."""

    def load(files: Path | Sequence[Path], *, table: str = "incidents", **options: Any) -> Loaded:
        return load_table(table, [files] if isinstance(files, Path) else list(files), cache=tmp_path / "cache", **options)

    return load


@pytest.fixture
def incidents(tmp_path: Path) -> Callable[..., Path]:
    """Write an incidents file of the contract's layout: a header and the lines given."""

    def incidents(*lines: str, header: str = HEADER, name: str = "incidents.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return path

    return incidents
