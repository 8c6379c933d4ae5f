"""Who was consulted, what did they say, and what changed because of it? "You said, we did", as one table.

A review whose log is empty has no such section: what it gathered under Consult stands under the 4Cs, or is missing there in words.
"""

from bestvalue.documents.model import Column, Paragraph, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.plain_text import counted
from bestvalue.documents.review_content import HeardItem, ReviewContent


def consultation_section(content: ReviewContent) -> tuple[Section, ...]:
    """The log of consultation; those that have no answer yet are counted first, because a gap is part of what is published."""
    if not content.heard:
        return ()
    dates = column_words([item.on for item in content.heard])
    table = Table(
        caption="Who was heard, what they said, and what was done",
        columns=(Column(heading="Who, when and how"), Column(heading="They said"), Column(heading="We did")),
        rows=tuple(
            (f"{item.reference}: {item.who}, {when}, {item.how.lower()}", item.said, _did(item))
            for item, when in zip(content.heard, dates, strict=True)
        ),
    )
    return (Section(heading="Who was heard, and what changed", id="consultation", blocks=(Paragraph(text=_lead(content.heard)), table)),)


def _lead(heard: tuple[HeardItem, ...]) -> str:
    open_ = sum(not item.changed for item in heard)
    tail = "each has an answer." if not open_ else f"{open_} of them {'has' if open_ == 1 else 'have'} no answer yet."
    return f"The review's log of consultation has {counted(len(heard), 'entry', 'entries')}; {tail}"


def _did(item: HeardItem) -> str:
    if not item.changed:
        return "Not answered yet."
    return f"{item.changed.partition(';')[0]}. {item.did}"
