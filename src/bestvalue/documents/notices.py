"""What do the cover and the edges of every page say? The same words in every format."""

import textwrap

from bestvalue.documents.model import Report

SYNTHETIC_NOTICE = "The figures in this report come from a made-up force. They describe no real force, place or person."
SYNTHETIC_SHORT = "Made-up data: describes no real force"
"""For the edge of a page, where there is one line."""
TITLE_BESIDE_PAGE_NUMBER = 50
"""Characters of the title that the edge of a page has room for."""


def cover_facts(report: Report) -> tuple[tuple[str, str], ...]:
    """The lines of name and value on the cover: date, the report's own facts, the ledger's checkpoint."""
    checkpoint = (("Ledger checkpoint", report.checkpoint),) if report.checkpoint else ()
    return (("Date", long_date(report)), *report.facts, *checkpoint)


def short_title(report: Report) -> str:
    """The title as it fits beside a page number.

    Example:
        >>> from datetime import date
        >>> short_title(Report(title="Support " * 20, issuer="Authority", on=date(2026, 11, 24), sections=()))
        'Support Support Support Support Support Support …'
    """
    return textwrap.shorten(report.title, width=TITLE_BESIDE_PAGE_NUMBER, placeholder=" …")


def long_date(report: Report) -> str:
    """The date as it is written out: "24 November 2026"."""
    return f"{report.on.day} {report.on:%B %Y}"
