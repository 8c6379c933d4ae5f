"""Are the questions well put, and how did the pilot go: who left what out, and how long did it take?"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.consult import questionnaire_statements as say
from bestvalue.analysis.consult.answers import Answers, read_answers
from bestvalue.analysis.consult.intervals_chart import bars_with_intervals
from bestvalue.analysis.consult.wording import Remark, check_wording, reading_age
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.drawing import spec as drawn
from bestvalue.analysis.rates import wilson_interval
from bestvalue.dataset.dataset import Dataset

HURRIED_SHARE = 1 / 3
"""Faster than this share of the median time nobody reads the questions (a common rule of panels)."""


class Spec(AnalysisSpec):
    """What counts as too many gaps."""

    most_missing: float = parameter(
        0.05,
        title="Most left out",
        help="Questions that more people than this leave out are named.",
        unit="share (0 to 1)",
        ge=0.001,
        le=0.5,
    )
    missing_codes: tuple[int, ...] = parameter(
        (-9, -8, -1, 8, 9, 88, 97, 98, 99, 999),
        title="Codes for no answer",
        help="Answers that stand for don't know, refused or not asked. Inside a question's own range such a number is an answer.",
    )


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """How answering went.

    Args:
        gaps: one row a question: asked, left_out, share, low, high.
        minutes: times taken, where known.
        hurried: people faster than a third of the median.
        straight: people who gave one and the same answer to every question of a scale that has turned questions.
        people: who answered.
        one_way: scales with no turned question.
    """

    gaps: pl.DataFrame
    minutes: np.ndarray
    hurried: int
    straight: int
    people: int
    one_way: tuple[str, ...]


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Check the words, then the pilot."""
    progress(0.1, "Reading questions and answers")
    answers = read_answers(dataset, missing_codes=spec.missing_codes)
    remarks = [remark for item in answers.items for remark in check_wording(item.item_id, item.wording)]
    pilot = look_at_pilot(dataset, answers)
    progress(0.8, "Writing the answer")
    return Answer(
        statements=(
            say.wording(answers, remarks),
            *say.examples(answers, remarks),
            *say.gaps(pilot, spec),
            *say.time(pilot),
            *say.care(pilot),
            *say.limits(answers),
        ),
        tables=_tables(answers, remarks, pilot),
        charts={"gaps": _chart(pilot)},
        caveats=say.CAVEATS,
    )


def look_at_pilot(dataset: Dataset, answers: Answers) -> Pilot:
    """Gaps, times and careless answering."""
    missing = np.isnan(answers.scores).sum(axis=0).astype(float)
    people = len(answers.people)
    ends = wilson_interval(missing, whole=np.full(len(missing), float(people)))
    gaps = pl.DataFrame(
        {
            "question": answers.ids,
            "wording": [item.wording for item in answers.items],
            "asked": [people] * len(missing),
            "left_out": missing.astype(int),
            "share": missing / people,
            "low": ends.low,
            "high": ends.high,
        }
    ).sort("share", "question", descending=[True, False])
    minutes = np.array([])
    if "survey_sample" in dataset.tables:
        taken = dataset.query("SELECT response_minutes FROM survey_sample WHERE response_minutes IS NOT NULL ORDER BY respondent_id")
        minutes = taken["response_minutes"].to_numpy()
    scales = sorted({item.scale for item in answers.items if item.scale})
    straight, one_way = np.zeros(people, dtype=bool), []
    for scale in scales:
        part = answers.of_scale(scale)
        turned = np.array([item.reversed for item in part.items])
        if not turned.any() or turned.all():
            one_way.append(scale)
            continue
        total = np.array([item.lowest + item.highest for item in part.items])
        raw = np.where(turned, total - part.scores, part.scores)
        whole = part.complete
        straight[whole] |= np.ptp(raw[whole], axis=1) == 0
    hurried = int((minutes < HURRIED_SHARE * np.median(minutes)).sum()) if len(minutes) else 0
    return Pilot(gaps=gaps, minutes=minutes, hurried=hurried, straight=int(straight.sum()), people=people, one_way=tuple(one_way))


def _tables(answers: Answers, remarks: list[Remark], pilot: Pilot) -> dict[str, ResultTable]:
    wording = {item.item_id: item.wording for item in answers.items}
    return {
        "remarks": ResultTable(
            title="Questions to look at again",
            rows=pl.DataFrame(
                [(one.question, wording[one.question], one.fault, one.why) for one in remarks],
                schema={"question": pl.String, "wording": pl.String, "what": pl.String, "why": pl.String},
                orient="row",
            ),
            note="Rules point, people decide: many a remark is no fault.",
        ),
        "gaps": ResultTable(
            title="Questions left out",
            rows=pilot.gaps,
            units={"asked": "people", "left_out": "people", "share": "share", "low": "share", "high": "share"},
            note=f"{pilot.people:,} people who answered at least one question; 95% intervals (Wilson).",
        ),
        "reading": ResultTable(
            title="Reading age of each question",
            rows=pl.DataFrame(
                {
                    "question": answers.ids,
                    "words": [len(item.wording.split()) for item in answers.items],
                    "reading_age": [reading_age(item.wording) for item in answers.items],
                }
            ),
            units={"reading_age": "years", "words": "words"},
            note="Flesch and Kincaid's school grade plus five; a short sentence makes it jump.",
        ),
    }


def _chart(pilot: Pilot) -> Chart:
    rows = pilot.gaps.head(15).select("question", value="share", low="low", high="high")
    top = rows.row(0, named=True)
    return Chart(
        title=f"{top['question']} is left out most, by {top['value']:.1%}",
        spec=drawn(bars_with_intervals(rows, name="question", title="share who left it out", percent=True)),
        alt=f"Share of {pilot.people:,} people who left out each question, the {rows.height} highest, with 95% intervals.",
        table="gaps",
    )


ANALYSIS = Analysis(
    name="consult.questionnaire",
    title="The questionnaire and its pilot",
    question="Are the questions well put, and how did the pilot go: who left what out, and how long did it take?",
    needs=("survey_items", "survey_answers"),
    uses=("survey_sample",),
    Spec=Spec,
    answer=answer,
)
