"""What was planted? Files beside the tables that tests hold an analysis' answer against; no analysis may read them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

FOLDER = "_truth"

_OPENING = """# What was planted in this synthetic force

The data are invented: no person, crime, operation or account in them is real. This folder holds what is true in that
invented world and what the tables show only through chance, errors and gaps. Tests compare the answers of analyses with
it; an analysis never reads it.

"""


class Truth:
    """The folder of planted truths; each file is described in its README.md.

    Args:
        folder: the force's folder; `_truth` is made in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.folder.mkdir()
        self._lines: list[str] = []

    def table(self, name: str, rows: pl.DataFrame, *, means: str) -> None:
        """Keep a table as `<name>.parquet`."""
        rows.write_parquet(self.folder / f"{name}.parquet")
        self._lines.append(f"- `{name}.parquet`: {means} Columns: {', '.join(rows.columns)}.")

    def facts(self, name: str, facts: Mapping[str, Any], *, means: str) -> None:
        """Keep named facts as `<name>.json`."""
        text = json.dumps(facts, indent=2, ensure_ascii=False)
        (self.folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        self._lines.append(f"- `{name}.json`: {means}")

    def close(self) -> None:
        """Write the README.md that says what each file holds."""
        (self.folder / "README.md").write_text(_OPENING + "\n".join(self._lines) + "\n", encoding="utf-8")
