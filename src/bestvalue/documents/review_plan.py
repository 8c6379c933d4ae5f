"""Who does what about each recommendation, why, how, by when, and how will anyone know that it worked?

One table gives the dates in their order. Below it each action has a table of its own, because six columns of sentences
side by side leave three words to a line.
"""

from collections.abc import Iterator
from itertools import groupby

from bestvalue.documents.model import Block, Column, Paragraph, Ref, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.plain_text import counted
from bestvalue.documents.review_content import ActionItem, ReviewContent


def improvement_plan(content: ReviewContent) -> Section:
    """The plan: all actions by date, then each of them in full under its recommendation."""
    planned = sorted(content.actions, key=lambda action: (_order(action.recommendation), action.number))
    by_recommendation = groupby(planned, key=lambda action: action.recommendation)
    return Section(
        heading="Improvement plan",
        id="improvement-plan",
        blocks=tuple(_overview(content)),
        sections=tuple(
            Section(heading=f"Actions for recommendation {recommendation}", blocks=tuple(map(_in_full, actions)))
            for recommendation, actions in by_recommendation
        ),
    )


def _overview(content: ReviewContent) -> Iterator[Block]:
    planned = {action.recommendation for action in content.actions}
    without = [asked.number for asked in content.recommendations if asked.number not in planned]
    if not content.actions:
        yield Paragraph(text="No action is planned yet.")
        return
    yield Paragraph(
        text=f"The plan has {counted(len(content.actions), 'action')}. "
        + (f"Nothing is planned yet for recommendation {', '.join(without)}." if without else "Every recommendation has at least one.")
    )
    ordered = sorted(content.actions, key=lambda action: (action.when, _order(action.recommendation), action.number))
    dates = column_words([action.when for action in ordered])
    yield Table(
        caption="The actions by the date on which they are due",
        columns=(Column(heading="Action"), Column(heading="What"), Column(heading="Who"), Column(heading="When")),
        rows=tuple(
            ((Ref(target=_id(action), words=_name(action)),), action.what, action.who, when)
            for action, when in zip(ordered, dates, strict=True)
        ),
    )


def _in_full(action: ActionItem) -> Table:
    (when,) = column_words([action.when])
    told = (
        ("What", action.what),
        ("Why", action.why),
        ("How", action.how),
        ("Who", action.who),
        ("When", when),
        ("Target", action.target),
    )
    return Table(
        caption=f"Action {_name(action)}, for recommendation {action.recommendation}",
        columns=(Column(heading="Part"), Column(heading=f"Action {_name(action)}")),
        rows=tuple((name, words or "not given") for name, words in told),
        id=_id(action),
    )


def _name(action: ActionItem) -> str:
    return f"{action.recommendation}.{action.number}"


def _id(action: ActionItem) -> str:
    return f"action-{_name(action)}"


def _order(number: str) -> tuple[int, str]:
    """Recommendation 10 comes after 9, and "4a" after "4"."""
    digits = number[: len(number) - len(number.lstrip("0123456789"))]
    return int(digits or 0), number
