"""Published surveys, read by name: what their codes mean and which stand for no answer is in their documentation, not in their files."""

import gzip
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bestvalue.errors import TableError

CRIME_SURVEY = "bcs_2007_8_teaching"
MASCULINITY = "fivethirtyeight_masculinity"

Tables = dict[str, list[dict[str, Any]]]

WORRIES = {
    "wburgl": "how worried about having your home broken into",
    "wmugged": "how worried about being mugged and robbed",
    "wcarstol": "how worried about having car stolen",
    "wfromcar": "how worried about having things stolen from your car",
    "wraped": "how worried about being raped",
    "wattack": "how worried about being physically attacked by strangers",
    "winsult": "how worried about being insulted or pestered by anybody",
    "wraceatt": "how worried about being attacked because of skin colour",
}
SAFETY = {
    "walkdark": "how safe do you feel walking alone after dark",
    "walkday": "how safe do you feel walking alone in this area during the day",
    "homealon": "how safe do you feel when alone in home at night",
}
"""Words as the data dictionary of the publisher has them."""

HOW_OFTEN = ("Never, and not open to it", "Never, but open to it", "Rarely", "Sometimes", "Often")
HABITS = {
    "q0007_0001": "Ask a friend for professional advice",
    "q0007_0002": "Ask a friend for personal advice",
    "q0007_0003": "Express physical affection to male friends, like hugging, rubbing shoulders",
    "q0007_0004": "Cry",
    "q0007_0005": "Get in a physical fight with another person",
    "q0007_0006": "Have sexual relations with women, including anything from kissing to sex",
    "q0007_0007": "Have sexual relations with men, including anything from kissing to sex",
    "q0007_0008": "Watch sports of any kind",
    "q0007_0009": "Work out",
    "q0007_0010": "See a therapist",
    "q0007_0011": "Feel lonely or isolated",
}


def read_published(file: Path, *, survey: str) -> Tables:
    """Rows of survey_items and survey_answers of a published survey.

    Args:
        file: as published, packed with gzip or not.
        survey: its name, of `PUBLISHED`.

    Raises:
        TableError: no such survey, or the file does not have its columns.
    """
    if survey not in PUBLISHED:
        raise TableError(f"No published survey is called {survey!r}", where="survey", next_step=f"Choose from {', '.join(PUBLISHED)}.")
    try:
        raw = file.read_bytes()
        text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        return PUBLISHED[survey](text, file.name)
    except (OSError, EOFError, pl.exceptions.PolarsError) as cause:
        raise TableError(f"The file cannot be read: {cause}", where=file.name, next_step="Use the file as it was published.") from cause


def _crime_survey(text: bytes, name: str) -> Tables:
    """British Crime Survey 2007/08, teaching data set (UK Data Service, SN 6891).

    Worry runs from 1 very worried to 4 not at all, with 5 not applicable; safety from 1 very safe to 4 very unsafe. 8 and 9 are no
    answer and so is a blank. Both run from the worse to the better or back, so worry is reversed and safety is not: a high score on
    a scale means more fear.
    """
    rows = pl.read_csv(io.BytesIO(text), separator="\t", infer_schema=False).with_columns(pl.all().str.strip_chars())
    _check(rows, ("rowlabel", *WORRIES, *SAFETY), name)
    items = [*((item, words, "worry", True) for item, words in WORRIES.items()), *((i, w, "safety", False) for i, w in SAFETY.items())]
    codes = {str(code): code for code in range(1, 5)}
    return {
        "survey_items": [
            {"item_id": item, "wording": words, "scale_name": scale, "lowest": 1, "highest": 4, "reversed": turned}
            for item, words, scale, turned in items
        ],
        "survey_answers": _answers(rows, "rowlabel", [item for item, _, _, _ in items], codes),
    }


def _masculinity(text: bytes, name: str) -> Tables:
    """FiveThirtyEight and SurveyMonkey's survey of men, 2018: how often they do what men are said not to do, from 1 never to 5 often."""
    rows = pl.read_csv(io.BytesIO(text), infer_schema=False)
    rows = rows.rename({rows.columns[0]: "number"})
    _check(rows, ("number", *HABITS), name)
    codes = {words: at for at, words in enumerate(HOW_OFTEN, start=1)}
    return {
        "survey_items": [
            {"item_id": item, "wording": words, "scale_name": "habits", "lowest": 1, "highest": 5, "reversed": False}
            for item, words in HABITS.items()
        ],
        "survey_answers": _answers(rows, "number", list(HABITS), codes),
    }


PUBLISHED: Mapping[str, Callable[[bytes, str], Tables]] = {CRIME_SURVEY: _crime_survey, MASCULINITY: _masculinity}


def _answers(rows: pl.DataFrame, person: str, items: Sequence[str], codes: Mapping[str, int]) -> list[dict[str, Any]]:
    """One row a person and item; what is among no codes is no answer."""
    return [
        {"respondent_id": row[person], "item_id": item, "round": 1, "answer": codes.get(row[item] or "")}
        for row in rows.iter_rows(named=True)
        for item in items
    ]


def _check(rows: pl.DataFrame, needed: Sequence[str], name: str) -> None:
    missing = [column for column in needed if column not in rows.columns]
    if missing:
        raise TableError(f"The column {missing[0]} is not there", where=name, next_step="Use the file as it was published.")
