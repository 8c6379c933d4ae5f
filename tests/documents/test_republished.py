"""The December 2004 inspection, published again by our writers, is the same report: read back, it has the same structure."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bestvalue.documents.reading import PublishedReport, read_report
from bestvalue.documents.republished import republished
from bestvalue.documents.writing import FORMATS, write_report
from bestvalue.errors import ReportError

Told = Callable[[PublishedReport], Any]


@pytest.fixture(scope="module")
def first(shared: Path) -> PublishedReport:
    return read_report(shared / "data/inspection-report/operational-support-policing-2004.txt")


@pytest.fixture(scope="module", params=FORMATS)
def second(first: PublishedReport, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> PublishedReport:
    path = tmp_path_factory.mktemp("again") / f"inspection.{request.param}"
    return read_report(write_report(republished(first), path), issuer=first.issuer)


SAME: dict[str, Told] = {
    "title": lambda report: report.title,
    "sections": lambda report: [(section.number, section.title, section.level) for section in report.sections],
    "paragraph numbers": lambda report: [paragraph.number for paragraph in report.paragraphs],
    "judgements": lambda report: [(each.question, each.grade, each.paragraphs) for each in report.judgements],
    "recommendations": lambda report: sorted(
        (each.number, each.paragraph, each.text, sorted(statement.place for statement in each.statements))
        for each in report.recommendations
    ),
    "good practice": lambda report: [(each.number, each.paragraph) for each in report.good_practice],
    # In the order of the paragraphs: a reader of a PDF ranks what it is less sure of later.
    "points": lambda report: sorted((each.kind, each.paragraph) for each in (*report.strengths, *report.areas_for_development)),
}


@pytest.mark.parametrize("what", SAME)
def test_the_2004_inspection_comes_back_the_same(first: PublishedReport, second: PublishedReport, what: str) -> None:
    assert SAME[what](second) == SAME[what](first)


def test_there_is_something_to_compare(first: PublishedReport) -> None:
    assert [len(SAME[what](first)) for what in ("sections", "judgements", "recommendations", "good practice")] == [23, 2, 4, 3]


def test_a_report_whose_chapters_do_not_count_from_one_keeps_its_own_form(first: PublishedReport) -> None:
    with pytest.raises(ReportError, match="do not count from 1"):
        republished(replace(first, sections=first.sections[1:]))
