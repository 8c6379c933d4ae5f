"""The colour of a recommendation comes from rules, and says which."""

from datetime import date, timedelta

import pytest

from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Level
from bestvalue.record.delivery.rating import ActionDates, Colour, rate

DAY = date(2026, 6, 30)


def dates(*, original: int = 0, agreed: int = 0, forecast: int | None = None) -> ActionDates:
    """An action by days after the 30th of June."""
    days = [DAY + timedelta(days=after) for after in (original, agreed)]
    return ActionDates(name="1.1", original=days[0], agreed=days[1], forecast=None if forecast is None else DAY + timedelta(days=forecast))


@pytest.mark.parametrize(
    ("actions", "missed", "on", "colour"),
    [
        ([dates()], [], DAY, Colour.GREEN),
        ([dates()], [], DAY + timedelta(days=1), Colour.RED),
        ([dates(forecast=1)], [], DAY, Colour.AMBER),
        ([dates(forecast=28)], [], DAY, Colour.AMBER),
        ([dates(forecast=29)], [], DAY, Colour.RED),
        ([dates(forecast=-5)], [], DAY, Colour.GREEN),
        ([dates(agreed=91)], [], DAY, Colour.AMBER),
        ([dates(agreed=-10)], [], DAY - timedelta(days=30), Colour.GREEN),
        ([dates()], [Level.LEAD], DAY, Colour.AMBER),
        ([dates()], [Level.LEAD, Level.SPONSOR, Level.BOARD], DAY, Colour.RED),
        ([dates(), dates(agreed=-1)], [], DAY, Colour.RED),
        ([], [], DAY, Colour.NO_DATE),
        ([], [Level.LEAD], DAY, Colour.AMBER),
    ],
)
def test_each_rule_makes_its_colour(actions: list[ActionDates], missed: list[Level], on: date, colour: Colour) -> None:
    rating = rate(status=Status.IN_PROGRESS, actions=actions, missed=missed, on=on)
    assert rating.colour is colour
    assert rating.reasons


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        (Status.DRAFT, Colour.UNANSWERED),
        (Status.MADE, Colour.UNANSWERED),
        (Status.NOT_ACCEPTED, Colour.ENDED),
        (Status.COMPLETE, Colour.ENDED),
        (Status.CLOSED, Colour.ENDED),
        (Status.WITHDRAWN, Colour.ENDED),
    ],
)
def test_what_is_not_under_way_has_no_colour(status: Status, colour: Colour) -> None:
    assert rate(status=status, actions=[dates(agreed=-9)], missed=[Level.BOARD], on=DAY).colour is colour
