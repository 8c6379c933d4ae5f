"""What a board reads before it meets: what it must decide, what moved since it last met, what slipped and why, what it handed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bestvalue.documents.model import Block, Column, Paragraph, Report, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.plain_text import counted


@dataclass(frozen=True, kw_only=True)
class PackRow:
    """One line of the pack: the day, what it is about, and what there is to say."""

    on: date
    about: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RatedRow:
    """One recommendation of the board: its colour by rule, and the facts that made it."""

    about: str
    text: str
    status: str
    colour: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class PackContent:
    """All that a pack says.

    Args:
        body: whose pack it is.
        on: the day that it tells of.
        since: the day of the last meeting; what happened after it has moved.
        marking: highest of what is in it.
        checkpoint: the ledger's newest entry.
        synthetic: the data are invented.
        decisions: what waits for the body.
        moved: how recommendations and actions have stood since.
        slipped: dates that moved or are forecast to be missed, with their causes.
        transfers: what was handed over or offered, and is watched.
        rated: every recommendation that the body owns and that has not ended.
    """

    body: str
    on: date
    since: date
    marking: str
    checkpoint: str
    synthetic: bool
    decisions: tuple[PackRow, ...]
    moved: tuple[PackRow, ...]
    slipped: tuple[PackRow, ...]
    transfers: tuple[PackRow, ...]
    rated: tuple[RatedRow, ...]


def board_pack(content: PackContent) -> Report:
    """The pack as a report, decisions first."""
    (since,) = column_words([content.since])
    return Report(
        title=f"Delivery of recommendations: pack for {content.body}",
        issuer=content.body,
        on=content.on,
        marking=content.marking,
        synthetic=content.synthetic,
        checkpoint=content.checkpoint,
        facts=(("Since", since),),
        sections=(
            _section("Decisions needed", content.decisions, "What waits for a decision", "Nothing waits for a decision."),
            _section("What moved", content.moved, f"How recommendations and actions stood since {since}", "Nothing has moved."),
            _section(
                "What slipped, and why", content.slipped, f"Dates that moved since {since}, and forecasts beyond", "No date has slipped."
            ),
            _section("Transfers", content.transfers, "What was handed over or offered, and is watched", "Nothing was handed over."),
            Section(heading="Every open recommendation", blocks=tuple(_rated(content.rated))),
        ),
    )


def _section(heading: str, rows: Sequence[PackRow], caption: str, none: str) -> Section:
    if not rows:
        return Section(heading=heading, blocks=(Paragraph(text=none),))
    days = column_words([row.on for row in rows])
    table = Table(
        caption=caption,
        columns=(Column(heading="About"), Column(heading="Day"), Column(heading="What")),
        rows=tuple((row.about, day, row.words) for row, day in zip(rows, days, strict=True)),
    )
    return Section(heading=heading, blocks=(table,))


def _rated(rows: Sequence[RatedRow]) -> Iterator[Block]:
    colours = [row.colour for row in rows]
    said = "; ".join(f"{colour}: {colours.count(colour)}" for colour in dict.fromkeys(sorted(colours)))
    yield Paragraph(text=f"The body owns {counted(len(rows), 'open recommendation')}. {said}".strip() + ("." if said else ""))
    if rows:
        yield Table(
            caption="Colours by rule, with the facts that made them",
            columns=tuple(Column(heading=heading) for heading in ("Recommendation", "Asks", "Stands", "Colour", "Why")),
            rows=tuple((row.about, row.text, row.status, row.colour, row.reasons or "none") for row in rows),
            notes=(
                "Red: an agreed date has passed, a forecast is more than 28 days beyond it, or a missed update has climbed to the body.",
                "Amber: a forecast is beyond the agreed date, an agreed date has moved, or an update was missed.",
            ),
        )
