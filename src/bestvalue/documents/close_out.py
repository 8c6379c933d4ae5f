"""What a plan leaves behind when it ends: what was promised and when it was done, how far dates slipped and why, what it cost and saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bestvalue.documents.model import Block, Column, Paragraph, Report, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.plain_text import counted


@dataclass(frozen=True, kw_only=True)
class ClosedAction:
    """One action as it ended, or as it stands.

    Args:
        name: "3.1".
        what: what was done.
        lead: who led it.
        state: how it stands.
        original: the day set at approval.
        agreed: the day of the owning body's newest decision.
        ended: the day on which the body accepted or closed it; None while it is open.
        late_days: that day less the original; of an open one, the agreed day less the original.
        cycles: the same in cycles of the owning body.
        moves: how often the agreed date moved.
        seen: who saw it done and how; empty where nobody did.
    """

    name: str
    what: str
    lead: str
    state: str
    original: date
    agreed: date
    ended: date | None
    late_days: int
    cycles: float
    moves: int
    seen: str


@dataclass(frozen=True, kw_only=True)
class SlipLine:
    """One date that was set: by decision of the owning body, or forecast by the lead."""

    name: str
    on: date
    by_decision: bool
    to: date
    days: int
    cycles: float
    why: str


@dataclass(frozen=True, kw_only=True)
class CauseLine:
    """One cause for which dates moved: how often, and by how many days in all."""

    cause: str
    moves: int
    days: int


@dataclass(frozen=True, kw_only=True)
class MoneyLine:
    """Money of one kind in one year, in pence; None where nothing is recorded."""

    year: str
    kind: str
    planned: int | None
    realised: int | None


@dataclass(frozen=True, kw_only=True)
class CloseOut:
    """All that a close-out says.

    Args:
        title: of the report that the plan answers.
        issuer: of that report.
        on: the day that it tells of.
        marking: highest of what is in it.
        checkpoint: the ledger's newest entry.
        synthetic: the record is invented.
        statuses: how many recommendations stand how.
        actions: every action.
        slips: every date that was set after approval.
        causes: why agreed dates moved.
        money: planned against realised.
    """

    title: str
    issuer: str
    on: date
    marking: str
    checkpoint: str
    synthetic: bool
    statuses: tuple[tuple[str, int], ...]
    actions: tuple[ClosedAction, ...]
    slips: tuple[SlipLine, ...]
    causes: tuple[CauseLine, ...]
    money: tuple[MoneyLine, ...]


def close_out(content: CloseOut) -> Report:
    """The close-out as a report: what was delivered first, then how far it slipped, then the money."""
    return Report(
        title=f"Close-out of the plan for {content.title}",
        issuer=content.issuer,
        on=content.on,
        marking=content.marking,
        synthetic=content.synthetic,
        checkpoint=content.checkpoint,
        facts=tuple((status, counted(count, "recommendation")) for status, count in content.statuses),
        sections=(
            Section(heading="What was delivered, and when", blocks=tuple(_delivered(content.actions))),
            Section(heading="How far dates slipped, and why", blocks=tuple(_slipped(content))),
            Section(heading="What it cost and saved", blocks=tuple(_money(content.money))),
        ),
    )


def _delivered(actions: Sequence[ClosedAction]) -> list[Block]:
    if not actions:
        return [Paragraph(text="The plan has no actions.")]
    ended = [action for action in actions if action.ended is not None]
    in_time = sum(action.late_days <= 0 for action in ended)
    unseen = sum(not action.seen for action in ended)
    said = f"{len(ended)} of {counted(len(actions), 'action')} ended, {in_time} of them by the day set at approval."
    said += f" Nobody but the lead is recorded to have seen {unseen} of those that ended." if unseen else ""
    original = column_words([action.original for action in actions])
    rows = tuple(_row(one, promised) for one, promised in zip(actions, original, strict=True))
    headings = ("Action", "Led by", "Stands", "Original date", "Ended", "Days late", "Board cycles late", "Seen done by")
    columns = tuple(Column(heading=heading, numeric=heading.endswith("late")) for heading in headings)
    notes = ("Days late: from the day set at approval to the day it ended; of an open action, to the day that is agreed now.",)
    return [Paragraph(text=said), Table(caption="Every action, as promised and as it ended", columns=columns, rows=rows, notes=notes)]


def _row(one: ClosedAction, promised: str) -> tuple[str, ...]:
    ended = f"{one.ended.day} {one.ended:%B %Y}" if one.ended else "open"
    late = (f"{one.late_days:+d}", f"{one.cycles:+.1f}")
    return (f"{one.name} {one.what}", one.lead, one.state, promised, ended, *late, one.seen or "nobody")


def _set_by(slip: SlipLine) -> str:
    return "agreed" if slip.by_decision else "forecast"


def _slipped(content: CloseOut) -> list[Block]:
    if not content.slips:
        return [Paragraph(text="No date moved after approval, and no lead forecast another.")]
    moves = [slip for slip in content.slips if slip.by_decision]
    moved = sum(action.moves > 0 for action in content.actions)
    blocks: list[Block] = [
        Paragraph(text=f"The owning body moved the date of {counted(moved, 'action')} by {counted(len(moves), 'decision')}.")
    ]
    if content.causes:
        blocks.append(_causes(content.causes))
    days, to = column_words([slip.on for slip in content.slips]), column_words([slip.to for slip in content.slips])
    rows = tuple(
        (slip.name, day, _set_by(slip), date_to, f"{slip.days:+d}", f"{slip.cycles:+.1f}", slip.why or "none")
        for slip, day, date_to in zip(content.slips, days, to, strict=True)
    )
    headings = ("Action", "Set on", "How", "To", "Days beyond original", "Board cycles beyond original", "Why")
    columns = tuple(Column(heading=heading, numeric=heading.endswith("original")) for heading in headings)
    return [*blocks, Table(caption="The series of dates, in the order in which they were set", columns=columns, rows=rows)]


def _causes(causes: Sequence[CauseLine]) -> Table:
    columns = (Column(heading="Cause"), Column(heading="Decisions", numeric=True), Column(heading="Days in all", numeric=True))
    rows = tuple((one.cause, f"{one.moves}", f"{one.days:+d}") for one in causes)
    return Table(caption="Why agreed dates moved", columns=columns, rows=rows)


def _money(money: Sequence[MoneyLine]) -> list[Block]:
    if not money:
        return [Paragraph(text="No cost and no saving is recorded.")]
    rows = tuple((one.year, one.kind, _pounds(one.planned), _pounds(one.realised), _difference(one)) for one in money)
    headings = ("Financial year", "What", "Planned", "Realised", "Realised less planned")
    columns = tuple(Column(heading=heading, numeric=place > 1) for place, heading in enumerate(headings))
    return [Table(caption="Costs and savings by year, planned against realised, in pounds", columns=columns, rows=rows)]


def _pounds(pence: int | None) -> str:
    return "not recorded" if pence is None else f"{pence / 100:,.2f}"


def _difference(line: MoneyLine) -> str:
    return "" if line.planned is None or line.realised is None else f"{(line.realised - line.planned) / 100:+,.2f}"
