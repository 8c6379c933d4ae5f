""" "You said, we did" in the report of a review."""

from datetime import date

from bestvalue.documents.model import Paragraph, Table
from bestvalue.documents.review_consultation import consultation_section
from bestvalue.documents.review_content import HeardItem, ReviewContent

CONTENT = {
    "title": "T",
    "service": "S",
    "programme": "P",
    "force": "F",
    "authority": "A",
    "stage": "In review",
    "on": date(2026, 1, 5),
    "version": 1,
    "checkpoint": "0:0",
}
ANSWERED = HeardItem(
    reference="H1",
    who="Residents (40)",
    on=date(2026, 1, 5),
    how="Public meeting",
    said="Nights are dark.",
    changed="Nothing was changed; the answer says why",
    did="Lamps are not the force's.",
)
WAITS = HeardItem(reference="H2", who="Staff", on=date(2026, 1, 6), how="Interview", said="Rosters come late.")


def test_the_report_says_who_was_heard_what_they_said_and_what_was_done() -> None:
    (section,) = consultation_section(ReviewContent(**CONTENT, heard=(ANSWERED, WAITS)))
    lead, table = section.blocks
    assert isinstance(lead, Paragraph)
    assert lead.text == "The review's log of consultation has 2 entries; 1 of them has no answer yet."
    assert isinstance(table, Table)
    assert table.rows[0] == (
        "H1: Residents (40), 5 Jan 2026, public meeting",
        "Nights are dark.",
        "Nothing was changed. Lamps are not the force's.",
    )
    assert table.rows[1][2] == "Not answered yet."


def test_a_review_that_heard_nobody_has_no_such_section() -> None:
    assert consultation_section(ReviewContent(**CONTENT)) == ()
