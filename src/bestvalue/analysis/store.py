"""Where results are kept: each once, under the digest of its content, never changed.

```
results/ab/abcdef.../result.json      statements, charts, caveats, provenance, and the heading of each table
results/ab/abcdef.../NAME.parquet     the rows of each table
results/requests/KEY                  which digest answers this analysis, dataset and spec
results/by-analysis/NAME/abcdef...    when the result was made: what there is of one analysis, without reading every result
```
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from bestvalue.analysis.contract import Analysis, AnalysisSpec, Chart, Figure, Provenance, Result, ResultTable, Statement
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import WorkspaceError

RESULT_FILE = "result.json"
HOW_IT_WAS_MADE = ("engine", "versions", "started_at", "duration_seconds")
"""Parts of the provenance that another run would change without changing a number: not in the digest."""


@dataclass(frozen=True, kw_only=True)
class StoredResult:
    """A result and the digest that names it."""

    digest: str
    result: Result


@dataclass(frozen=True, kw_only=True)
class KeptOf:
    """A kept result of one analysis: its digest, and when it was worked out first."""

    digest: str
    made_at: datetime


class ResultStore:
    """The results kept in one folder. Two processes may write at once: the same content goes to the same place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, result: Result) -> StoredResult:
        """Keep a result; one that is there already stays as it is."""
        digest = digest_of(result)
        place = self.place_of(digest)
        if not place.exists():
            self._write(result, place)
        self._note(result.provenance.analysis, digest, result.provenance.started_at)
        _write_atomically(self._request_file(_request_of(result)), digest)
        return StoredResult(digest=digest, result=result)

    def get(self, digest: str) -> StoredResult:
        """The result of that digest.

        Raises:
            WorkspaceError: there is none, or its files no longer match the digest.
        """
        place = self.place_of(digest)
        if not (place / RESULT_FILE).is_file():
            raise WorkspaceError(f"There is no result {digest}", where=str(self._folder), next_step="Run the analysis again: bestvalue run")
        try:
            result = _read(place)
        except (ValueError, KeyError, TypeError, OSError, pl.exceptions.PolarsError) as cause:
            raise _damaged(place, str(cause)) from cause
        if digest_of(result) != digest:
            raise _damaged(place, "its content is not what the digest names")
        return StoredResult(digest=digest, result=result)

    def find(self, analysis: Analysis[Any], dataset: Dataset, spec: AnalysisSpec) -> StoredResult | None:
        """The kept answer of this analysis, dataset and spec; None when there is none."""
        request = _request(analysis.name, analysis.version, dataset.digest(analysis.tables_in(dataset)), spec.model_dump(mode="json"))
        file = self._request_file(request)
        if not file.is_file():
            return None
        digest = file.read_text(encoding="utf-8").strip()
        return self.get(digest) if self.place_of(digest).exists() else None

    def statements_of(self, digest: str) -> tuple[str, ...]:
        """What a result states, without its tables, for a search; nothing where it is not there or cannot be read."""
        try:
            kept = json.loads((self.place_of(digest) / RESULT_FILE).read_text(encoding="utf-8"))
            return tuple(str(statement["text"]) for statement in kept["statements"])
        except (OSError, ValueError, KeyError, TypeError):
            return ()

    def place_of(self, digest: str) -> Path:
        """The folder of a result, whether it is there or not."""
        return self._folder / digest[:2] / digest

    def digests(self) -> list[str]:
        """Every digest kept, in order."""
        return sorted(file.parent.name for file in self._folder.glob(f"??/*/{RESULT_FILE}"))

    def kept_of(self, analysis: str) -> tuple[KeptOf, ...]:
        """What is kept of one analysis, the newest first."""
        if not self._notes.is_dir():  # results of before there were notes
            for digest in self.digests():
                made = json.loads((self.place_of(digest) / RESULT_FILE).read_text(encoding="utf-8"))["provenance"]
                self._note(made["analysis"], digest, datetime.fromisoformat(made["started_at"]))
        notes = [(datetime.fromisoformat(note.read_text(encoding="utf-8")), note.name) for note in (self._notes / analysis).glob("*")]
        return tuple(KeptOf(digest=digest, made_at=at) for at, digest in sorted(notes, reverse=True) if self.place_of(digest).exists())

    def whole_digest(self, begins: str, *, of: str) -> str:
        """The digest of the one result of an analysis that begins so.

        Raises:
            WorkspaceError: there is none of that analysis, or several begin so.
        """
        found = [kept.digest for kept in self.kept_of(of) if kept.digest.startswith(begins)]
        if len(found) == 1:
            return found[0]
        step = f"Run it first: bestvalue run {of}" if not found else "Give more of its characters."
        raise WorkspaceError(
            f"{'No result' if not found else f'{len(found)} results'} of {of} begin{'s' if not found else ''} with {begins}",
            where=str(self._folder),
            next_step=step,
        )

    @property
    def _notes(self) -> Path:
        return self._folder / "by-analysis"

    def _note(self, analysis: str, digest: str, made_at: datetime) -> None:
        note = self._notes / analysis / digest
        if not note.exists():
            _write_atomically(note, made_at.isoformat())

    def _request_file(self, request: str) -> Path:
        return self._folder / "requests" / request

    def _write(self, result: Result, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=".writing-"))
        try:
            for name, table in result.tables.items():
                table.rows.write_parquet(beside / f"{name}.parquet")
            (beside / RESULT_FILE).write_text(_canonical(_as_kept(result)), encoding="utf-8")
            try:
                beside.rename(place)
            except OSError:
                if not place.exists():  # somebody else wrote the same content first: theirs is as good
                    raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def digest_of(result: Result) -> str:
    """SHA-256 over what the result says and what it was made from, not over how and when it was made."""
    kept = _as_kept(result)
    kept["provenance"] = {key: value for key, value in kept["provenance"].items() if key not in HOW_IT_WAS_MADE}
    kept["rows"] = {name: _digest_of_rows(table.rows) for name, table in result.tables.items()}
    return hashlib.sha256(_canonical(kept).encode()).hexdigest()


def result_as_json(result: Result, digest: str) -> dict[str, Any]:
    """A result for another program, with its rows; `result_schema` describes it."""
    kept = _as_kept(result)
    tables = {
        name: {**kept["tables"][name], "columns": table.rows.columns, "rows": json.loads(table.rows.write_json())}
        for name, table in result.tables.items()
    }
    return {"analysis": result.provenance.analysis, "digest": digest, **kept, "tables": tables}


def result_schema() -> dict[str, Any]:
    """JSON Schema of `result_as_json`."""
    text, number, whole = {"type": "string"}, {"type": "number"}, {"type": "integer"}
    optional: dict[str, Any] = {"type": ["number", "null"]}
    figure = _object(
        {
            "name": text,
            "value": number,
            "unit": text,
            "base": text,
            "base_count": {"type": ["integer", "null"]},
            "low": optional,
            "high": optional,
        }
        | {"confidence": optional}
    )
    statement = _object({"text": text, "kind": {"enum": ["finding", "limit", "failed"]}, "figures": {"type": "array", "items": figure}})
    table = _object(
        {"title": text, "labels": _by_name(text), "units": _by_name(text), "note": text, "columns": {"type": "array", "items": text}}
        | {"rows": {"type": "array", "items": {"type": "object"}}}
    )
    chart = _object({"title": text, "spec": {"type": "object"}, "alt": text, "table": text})
    provenance = _object(
        {
            "analysis": text,
            "analysis_version": whole,
            "dataset": text,
            "tables": _by_name(text),
            "rows": _by_name(whole),
            "sources": _by_name(text),
        }
        | {"spec": {"type": "object"}, "synthetic": {"type": "boolean"}, "engine": text, "versions": _by_name(text)}
        | {"started_at": {"type": "string", "format": "date-time"}, "duration_seconds": number}
    )
    provenance["properties"]["results"] = _by_name(text)
    whole_result = {"analysis": text, "digest": text, "question": text, "title": text, "statements": {"type": "array", "items": statement}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_object(
            whole_result
            | {"tables": _by_name(table), "charts": _by_name(chart), "caveats": {"type": "array", "items": text}, "provenance": provenance}
        ),
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _by_name(kind: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": dict(kind)}


def _as_kept(result: Result) -> dict[str, Any]:
    return {
        "question": result.question,
        "title": result.title,
        "statements": [
            {**asdict(statement), "figures": [asdict(figure) for figure in statement.figures]} for statement in result.statements
        ],
        "tables": {
            name: {"title": table.title, "labels": dict(table.labels), "units": dict(table.units), "note": table.note}
            for name, table in result.tables.items()
        },
        "charts": {name: asdict(chart) for name, chart in result.charts.items()},
        "caveats": list(result.caveats),
        "provenance": _provenance(result.provenance),
    }


def _provenance(made: Provenance) -> dict[str, Any]:
    kept = {**asdict(made), "started_at": made.started_at.isoformat()}
    if not made.results:  # most results build on no other: their digests are those of before results could
        del kept["results"]
    return kept


def _read(place: Path) -> Result:
    kept = json.loads((place / RESULT_FILE).read_text(encoding="utf-8"))
    statements = (
        Statement(text=item["text"], kind=item["kind"], figures=tuple(Figure(**figure) for figure in item["figures"]))
        for item in kept["statements"]
    )
    tables = {name: ResultTable(rows=pl.read_parquet(place / f"{name}.parquet"), **table) for name, table in kept["tables"].items()}
    provenance = kept["provenance"]
    return Result(
        question=kept["question"],
        title=kept["title"],
        statements=tuple(statements),
        tables=tables,
        charts={name: Chart(**chart) for name, chart in kept["charts"].items()},
        caveats=tuple(kept["caveats"]),
        provenance=Provenance(**{**provenance, "started_at": datetime.fromisoformat(provenance["started_at"])}),
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest_of_rows(rows: pl.DataFrame) -> str:
    """Over names, types and values as text: Parquet bytes differ between library versions, the shortest text of a number does not."""
    schema = ",".join(f"{name} {kind}" for name, kind in rows.schema.items())
    values = rows.write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
    return hashlib.sha256(f"{schema}\n{values}".encode()).hexdigest()


def _request_of(result: Result) -> str:
    made = result.provenance
    return _request(made.analysis, made.analysis_version, made.dataset, made.spec)


def _request(analysis: str, analysis_version: int, dataset: str, spec: Mapping[str, Any]) -> str:
    asked = {"analysis": analysis, "version": analysis_version, "dataset": dataset, "spec": dict(spec), "bestvalue": version("bestvalue")}
    return hashlib.sha256(_canonical(asked).encode()).hexdigest()


def _write_atomically(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(beside).replace(file)


def _damaged(place: Path, why: str) -> WorkspaceError:
    return WorkspaceError(
        f"The result kept here is damaged: {why}",
        where=str(place),
        next_step="Restore the folder from the backup, or remove it and run the analysis again.",
    )
