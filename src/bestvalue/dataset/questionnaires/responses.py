"""How do answers taken elsewhere become tables? CSV, Excel, SPSS and the exports of ODK and Kobo, one row a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from bestvalue.errors import TableError

SURVEY_TOOL_COLUMNS = re.compile(
    r"^(_.*|meta[-/:].*|.*instanceID|KEY|SubmissionDate|SubmitterI[Dd]|SubmitterName|start|end|today|deviceid|formhub/.*|__version__)$"
)
"""Columns that ODK and Kobo add to what was asked."""

MOST_STEPS = 11
"""More different numbers than a scale of 0 to 10 are a quantity, not an answer on a scale."""


@dataclass(frozen=True, kw_only=True)
class Responses:
    """Answers as they came.

    Args:
        rows: one row a person, one column a question, in the order of the file.
        wording: words of a column, where the file has them (SPSS).
        labels: meaning of the codes of a column, where the file has it.
        user_missing: codes of a column that stand for no answer, as the file declares them.
        source: name of the file.
    """

    rows: pl.DataFrame
    wording: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    user_missing: Mapping[str, frozenset[float]] = field(default_factory=dict)
    source: str = ""


def read_responses(file: Path) -> Responses:
    """Read .csv, .xlsx or .sav.

    Raises:
        TableError: the file cannot be read, or SPSS files need the extra that is not installed.
    """
    kind = file.suffix.lower()
    try:
        if kind == ".sav":
            return _read_spss(file)
        if kind in (".xlsx", ".xls"):
            rows = pl.read_excel(file, infer_schema_length=None)
        elif kind in (".csv", ".tab", ".txt"):
            with file.open(encoding="utf-8-sig") as stream:
                separator = "\t" if "\t" in stream.readline() else ","
            rows = pl.read_csv(file, separator=separator, infer_schema_length=None, null_values=["", " ", "n/a", "NA"])
        else:
            raise TableError(f"Answers are not read from {kind or 'such a file'}", where=file.name, next_step="Give .csv, .xlsx or .sav.")
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as cause:
        raise TableError(
            f"The answers cannot be read: {cause}", where=file.name, next_step="Save the file again as .csv in UTF-8."
        ) from cause
    asked = [name for name in rows.columns if not SURVEY_TOOL_COLUMNS.match(name)]
    short = _short_names(asked)
    return Responses(rows=rows.select(asked).rename(short), source=file.name)


def survey_rows(
    responses: Responses, *, respondent: str = "", questions: Sequence[str] = (), answer_round: int = 1
) -> dict[str, list[dict[str, Any]]]:
    """Rows of survey_items and survey_answers: the columns of whole numbers on a scale.

    Args:
        responses: as read.
        respondent: column that tells people apart; numbered in order where empty.
        questions: columns to take; every one that looks like a scale when empty.
        answer_round: which asking this was.

    Declared codes for no answer become no answer. Lowest and highest are those of the labelled codes, else of the answers.

    Raises:
        TableError: a column that was named is not there or is no scale, or two people have one id.
    """
    rows = responses.rows
    people = [f"R-{number:05d}" for number in range(1, rows.height + 1)]
    if respondent:
        _check(responses, respondent)
        people = [str(one) for one in rows[respondent]]
        if len(set(people)) < len(people):
            raise TableError(
                f"Two people have one {respondent}", where=responses.source, next_step="Name a column that tells people apart."
            )
    items, answers = [], []
    for name in questions or [column for column in rows.columns if column != respondent]:
        _check(responses, name)
        missing = responses.user_missing.get(name, frozenset())
        values = _whole(rows[name], missing)
        if values is None:
            if questions:
                raise TableError(
                    f"{name} is no scale of whole numbers", where=responses.source, next_step="Give the answers as codes, 1, 2, 3 ..."
                )
            continue
        coded = [code for code in responses.labels.get(name, {}) if code not in missing and float(code).is_integer()]
        known = [value for value in values if value is not None]
        low, high = int(min([*coded, *known])), int(max([*coded, *known]))
        words = responses.wording.get(name) or name
        items.append({"item_id": name, "wording": words, "scale_name": None, "lowest": low, "highest": high, "reversed": False})
        answers += [
            {"respondent_id": person, "item_id": name, "round": answer_round, "answer": value}
            for person, value in zip(people, values, strict=True)
        ]
    return {"survey_items": items, "survey_answers": answers}


def _check(responses: Responses, column: str) -> None:
    if column not in responses.rows.columns:
        raise TableError(
            f"There is no column {column!r}", where=responses.source, next_step=f"Columns: {', '.join(responses.rows.columns[:12])} ..."
        )


def _whole(column: pl.Series, missing: frozenset[float]) -> list[int | None] | None:
    """The answers as whole numbers; None where the column is no scale."""
    if not column.dtype.is_numeric():
        return None
    values = [None if value is None or value != value or float(value) in missing else float(value) for value in column]
    known = {value for value in values if value is not None}
    if len(known) < 2 or len(known) > MOST_STEPS or any(not value.is_integer() for value in known):
        return None
    return [None if value is None else int(value) for value in values]


def _short_names(columns: Sequence[str]) -> dict[str, str]:
    """Question names without the groups that ODK and Kobo put before them, where they stay unlike each other."""
    last = {name: re.split(r"[-/:]", name)[-1] or name for name in columns}
    taken = list(last.values())
    return {name: short if taken.count(short) == 1 else name for name, short in last.items()}


def _read_spss(file: Path) -> Responses:
    try:
        import pyreadstat  # noqa: PLC0415 - an optional extra: only SPSS files need it
    except ImportError as cause:
        raise TableError("SPSS files need the extra 'spss'", where=file.name, next_step="Type: pip install 'bestvalue[spss]'") from cause
    try:
        columns, meta = pyreadstat.read_sav(str(file), user_missing=True, output_format="dict")
    except (pyreadstat.ReadstatError, OSError) as cause:
        raise TableError(
            f"The SPSS file cannot be read: {cause}", where=file.name, next_step="Save it again in SPSS, or as .csv."
        ) from cause
    rows = pl.DataFrame({name: list(values) for name, values in columns.items()}, strict=False)
    labels = {
        name: {float(code): str(label) for code, label in of.items() if _number(code)} for name, of in meta.variable_value_labels.items()
    }
    declared = {name: frozenset(_codes(ranges, labels.get(name, {}), rows[name])) for name, ranges in meta.missing_ranges.items()}
    wording = {name: str(words) for name, words in meta.column_names_to_labels.items() if words}
    return Responses(rows=rows, wording=wording, labels=labels, user_missing=declared, source=file.name)


def _codes(ranges: Sequence[Any], labels: Mapping[float, str], column: pl.Series) -> list[float]:
    """Every code that lies in a declared range of missing ones: labelled, or given by somebody."""
    seen = {float(value) for value in column if value is not None and _number(value)} if column.dtype.is_numeric() else set()
    limits = [one for one in ranges if isinstance(one, Mapping)]
    spans = [(float(one["lo"]), float(one["hi"])) for one in limits if _number(one["lo"]) and _number(one["hi"])]
    ends = {low for low, high in spans if low == high}
    return sorted({code for code in seen | set(labels) | ends if any(low <= code <= high for low, high in spans)})


def _number(value: object) -> bool:
    return isinstance(value, int | float) and value == value
