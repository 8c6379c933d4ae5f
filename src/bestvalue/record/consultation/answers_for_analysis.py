"""The answers of a survey as the tables of the analyses; of a survey by invitation, also who of the sample answered."""

from typing import Any

import polars as pl
from django.conf import settings

from bestvalue.dataset.questionnaires.handed_in import survey_tables, wide_table
from bestvalue.record.consultation.models import Access, Survey

SAMPLE = "survey_sample"


def tables_of(survey: Survey) -> dict[str, list[dict[str, Any]]]:
    """Rows of survey_items, survey_answers and open_answers, without those of pilots.

    Where everybody who was invited stands in the survey_sample of the data folder, its rows are there too, brought up to date:
    who answered, and how long it took. Then weights and non-response can be worked out.
    """
    responses = list(survey.responses.that_count())
    tables = survey_tables(survey.form.asked, [one.handed_in for one in responses])
    sample = _sample() if survey.access == Access.INVITED else None
    if sample is not None:
        invited = set(survey.invitations.values_list("respondent", flat=True))
        if invited <= set(sample["respondent_id"]):
            minutes = {one.respondent: one.minutes for one in responses}
            tables[SAMPLE] = [_with_answer(row, minutes) for row in sample.iter_rows(named=True)]
    return tables


def wide_answers(survey: Survey, *, pilot: bool = False) -> pl.DataFrame:
    """One row a person, one column a question: every answer as it was given."""
    rows = survey.responses.filter(is_pilot=pilot)
    return wide_table(survey.form.asked, [one.handed_in for one in rows])


def _sample() -> pl.DataFrame | None:
    checked = settings.WORKSPACE.check().checked.get(SAMPLE)
    return pl.read_parquet(checked.parquet) if checked is not None else None


def _with_answer(row: dict[str, Any], minutes: dict[str, float | None]) -> dict[str, Any]:
    answered = row["respondent_id"] in minutes
    return {
        **row,
        "responded": answered,
        "response_minutes": minutes.get(row["respondent_id"]),
        "mode": "online" if answered else None,
    }
