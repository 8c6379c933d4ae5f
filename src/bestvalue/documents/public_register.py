"""What was promised, and what was done? The register for everybody: every recommendation with its dated status, as a page and as data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bestvalue.documents.model import Block, Column, Paragraph, Report, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.plain_text import counted


@dataclass(frozen=True, kw_only=True)
class PublicStatus:
    """How it stood from a day on: the code, what that means in plain words, and the reason where one was given for not doing it."""

    on: date
    status: str
    words: str
    reason: str


NOBODY_SAID = "Not said"


@dataclass(frozen=True, kw_only=True)
class PublicRecommendation:
    """One recommendation.

    Args:
        number: in its report.
        kind: recommendation, cause of concern, area for improvement.
        text: what is asked.
        owner: the body that looks after it; empty while none does.
        due: when all that is planned is to be complete; None where no action has a date.
        days_later: how many days later than first planned that is agreed to be; 0 where nothing was put back.
        series: how it stood, the oldest first; never empty.
        cost, benefit, measure: what it costs, what it brings and by what its success is seen, in words; empty where nobody said.
    """

    number: str
    kind: str
    text: str
    owner: str
    due: date | None
    days_later: int
    series: tuple[PublicStatus, ...]
    cost: str = ""
    benefit: str = ""
    measure: str = ""

    @property
    def newest(self) -> PublicStatus:
        """How it stands."""
        return self.series[-1]


@dataclass(frozen=True, kw_only=True)
class PublicReport:
    """A report or review, and what it recommends."""

    issuer: str
    title: str
    recommendations: tuple[PublicRecommendation, ...]


@dataclass(frozen=True, kw_only=True)
class PublicRegister:
    """All that the public register says.

    Args:
        publisher: whose register it is.
        on: the day that it tells of.
        checkpoint: the ledger's newest entry.
        synthetic: the data are invented.
        reports: with their recommendations.
    """

    publisher: str
    on: date
    checkpoint: str
    synthetic: bool
    reports: tuple[PublicReport, ...]


def public_page(register: PublicRegister) -> Report:
    """The register as a report, which is written as one accessible page without script."""
    return Report(
        title="Recommendations and what became of them",
        issuer=register.publisher,
        on=register.on,
        synthetic=register.synthetic,
        checkpoint=register.checkpoint,
        sections=(
            Section(heading="In short", blocks=tuple(_in_short(register))),
            *(Section(heading=f"{report.issuer}: {report.title}", blocks=tuple(_report(report))) for report in register.reports),
        ),
    )


def public_data(register: PublicRegister) -> dict[str, Any]:
    """The register as values for JSON: days as texts like "2005-03-01"."""
    return {
        "title": "Recommendations and what became of them",
        "publisher": register.publisher,
        "as_at": register.on.isoformat(),
        "marking": "OFFICIAL",
        "synthetic": register.synthetic,
        "checkpoint": register.checkpoint,
        "reports": [
            {
                "issuer": report.issuer,
                "title": report.title,
                "recommendations": [{**_plain(asdict(one)), "status": one.newest.status} for one in report.recommendations],
            }
            for report in register.reports
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _in_short(register: PublicRegister) -> Iterator[Block]:
    listed = [one for report in register.reports for one in report.recommendations]
    yield Paragraph(
        text=f"{counted(len(listed), 'recommendation')} of {counted(len(register.reports), 'report')}. How each has stood is told day by "
        "day; what is marked as sensitive is not in this register."
    )
    if not listed:
        return
    words = [one.newest.words for one in listed]
    found = sorted(set(words), key=lambda each: (-words.count(each), each))
    yield Table(
        caption="How many stand how",
        columns=(Column(heading="How it stands"), Column(heading="Recommendations", numeric=True)),
        rows=(*((each, str(words.count(each))) for each in found), ("All", str(len(words)))),
    )


def _report(report: PublicReport) -> Iterator[Block]:
    yield Table(
        caption=f"What it recommends, and how it stands: {counted(len(report.recommendations), 'recommendation')}",
        columns=tuple(Column(heading=heading) for heading in ("Number", "What is asked", "Who looks after it", "By when", "How it stands")),
        rows=tuple((one.number, one.text, one.owner or "Nobody yet", _by_when(one), one.newest.words) for one in report.recommendations),
    )
    costed = [one for one in report.recommendations if one.cost or one.benefit or one.measure]
    if costed:
        yield Table(
            caption="What it costs, and what it brings",
            columns=tuple(Column(heading=heading) for heading in ("Number", "Cost", "Benefit", "By what its success is seen")),
            rows=tuple((one.number, one.cost or NOBODY_SAID, one.benefit or NOBODY_SAID, one.measure or NOBODY_SAID) for one in costed),
        )
    lines = [(one.number, status) for one in report.recommendations for status in one.series]
    days = column_words([status.on for _, status in lines])
    yield Table(
        caption="What happened, day by day",
        columns=(Column(heading="Number"), Column(heading="Day"), Column(heading="How it stood from then on")),
        rows=tuple((number, day, _told(status)) for (number, status), day in zip(lines, days, strict=True)),
    )


def _told(status: PublicStatus) -> str:
    return f"{status.words} Why: {status.reason}" if status.reason else status.words


def _by_when(one: PublicRecommendation) -> str:
    if one.due is None:
        return "No day agreed"
    (day,) = column_words([one.due])
    return f"{day}, {counted(one.days_later, 'day')} later than first planned" if one.days_later else day


def in_order(rows: Sequence[tuple[str, str, PublicRecommendation]]) -> tuple[PublicReport, ...]:
    """Recommendations, each with the issuer and the title of its report, by report, in the order given."""
    found: dict[tuple[str, str], list[PublicRecommendation]] = {}
    for issuer, title, one in rows:
        found.setdefault((issuer, title), []).append(one)
    return tuple(PublicReport(issuer=issuer, title=title, recommendations=tuple(listed)) for (issuer, title), listed in found.items())
