"""What a review hands its inspectors: its aims and evidence, who challenged and decided, what is planned and what slipped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bestvalue.documents.model import Block, Bullets, Column, Paragraph, Report, Section, Table
from bestvalue.documents.plain_text import counted


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table of the pack, or the sentence that stands in its place while there is nothing.

    Args:
        heading: of its section.
        caption: what the table shows.
        columns: its headings.
        rows: its cells.
        none: the sentence.
        counts: what a row is, for the sentence above: "challenge".
        counts_many: what several are, where no s makes it.
    """

    heading: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    none: str
    counts: str
    counts_many: str = ""


@dataclass(frozen=True, kw_only=True)
class PackContent:
    """All that a pack says.

    Args:
        review: its title.
        force: who is reviewed.
        authority: for whom.
        on: the day of the pack.
        marking: highest of what is in it.
        checkpoint: the ledger's newest entry.
        synthetic: the record is invented.
        terms: the review's own words on what it is: a name and a text each.
        aims: what it set out to achieve.
        listings: evidence matrix, evidence, findings, challenges, options, engagement, decisions, plan, slippage.
    """

    review: str
    force: str
    authority: str
    on: date
    marking: str
    checkpoint: str
    synthetic: bool
    terms: tuple[tuple[str, str], ...]
    aims: tuple[str, ...]
    listings: tuple[Listing, ...]


def inspection_pack(content: PackContent) -> Report:
    """The pack as a report."""
    return Report(
        title=f"Inspection pack: {content.review}",
        issuer=content.force,
        on=content.on,
        marking=content.marking,
        synthetic=content.synthetic,
        checkpoint=content.checkpoint,
        facts=(("Reviewed", content.force), ("For", content.authority)),
        sections=(
            Section(heading="Terms of reference", blocks=tuple(_terms(content))),
            *(Section(heading=each.heading, blocks=tuple(_listed(each))) for each in content.listings),
        ),
    )


def _terms(content: PackContent) -> Iterator[Block]:
    for name, text in content.terms:
        yield Paragraph(text=f"{name}: {text}")
    if content.aims:
        yield Paragraph(text="Aims, each with its measure, baseline and target as far as they are known:", numbered=False)
        yield Bullets(items=content.aims, ordered=True)
    else:
        yield Paragraph(text="No aim is recorded.")


def _listed(listing: Listing) -> Sequence[Block]:
    if not listing.rows:
        return (Paragraph(text=listing.none),)
    table = Table(caption=listing.caption, columns=tuple(Column(heading=each) for each in listing.columns), rows=listing.rows)
    return (Paragraph(text=f"{counted(len(listing.rows), listing.counts, listing.counts_many)}."), table)
