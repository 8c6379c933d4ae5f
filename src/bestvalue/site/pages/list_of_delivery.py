"""Lists of delivery: the register with its whole filter, actions as they stood on a day, updates."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from bestvalue.record.delivery.models import Action, Recommendation, Update
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.list_reading import KEY, listed
from bestvalue.site.pages.register import standing_rows
from bestvalue.site.pages.register_question import register_question
from bestvalue.site.presenters.list_columns import Column, ListOf, column, days, numbers
from bestvalue.site.presenters.register import RegisterRow
from bestvalue.site.presenters.tags import ACTION


class RegisterRows:
    """The rows of the register that a request asks for; those of a page are read when the page is."""

    def __init__(self, request: HttpRequest) -> None:
        question = register_question(request)
        self._chosen, self._on = question.chosen(), question.on

    def count(self) -> int:
        """How many there are."""
        return self._chosen.count()

    def __getitem__(self, part: slice) -> list[RegisterRow]:
        return standing_rows(self._chosen[part], on=self._on)

    def __iter__(self) -> Iterator[RegisterRow]:
        return iter(standing_rows(self._chosen, on=self._on))


def lists_of_delivery() -> Iterator[ListOf]:
    """What was asked, and what is done about it."""
    yield ListOf(
        name="recommendations",
        title="Recommendations",
        rows=RegisterRows,
        columns=(
            *(numbers("Key", "key"), column("Made by", "issuer"), column("Report or review", "source"), column("Number", "number")),
            *(column("Paragraph", "paragraph"), column("Recommendation", "text"), column("About", "about"), column("Status", "tag.words")),
            *(days("Since", "since"), column("Colour", "rating.words")),
            Column(heading="Why", value=lambda row: "; ".join(row.reasons)),
        ),
    )
    yield listed(
        "actions",
        "Actions",
        _actions,
        *(KEY, numbers("Recommendation key", "recommendation_id"), column("Made by", "recommendation.issuer.name")),
        *(column("Report", "recommendation.report_slug"), column("Number", "name"), column("What", "what"), column("Why", "why")),
        *(column("How", "how"), column("Target", "target"), column("Lead", "lead.name"), days("Starts", "starts")),
        *(days("Original date", "original_date"), days("Agreed date", "agreed_then"), days("Forecast", "forecast_then")),
        Column(heading="State", value=lambda row: ACTION[row.state_then].words),
        filters={"recommendation": "recommendation", "lead": "lead", "issuer": "recommendation__issuer"},
        marked=lambda row: row.recommendation,
    )
    yield listed(
        "updates",
        "Updates",
        _updates,
        *(KEY, numbers("Recommendation key", "recommendation_id"), column("Recommendation", "recommendation.reference")),
        *(column("Action", "action.name"), days("On", "on"), column("Update", "text"), column("By", "by.name")),
        filters={"recommendation": "recommendation", "action": "action"},
        marked=lambda row: row.recommendation,
    )


def _actions(request: HttpRequest) -> QuerySet[Any]:
    seen = Action.objects.visible_to(request.user)
    if plan := request.GET.get("plan"):
        seen = seen.filter(recommendation__report_slug=plan)
    return seen.in_plan_order(on=day_asked(request)).select_related("recommendation__issuer")


def _updates(request: HttpRequest) -> QuerySet[Any]:
    seen = Recommendation.objects.visible_to(request.user)
    return Update.objects.filter(recommendation__in=seen).select_related("recommendation", "action__recommendation", "by")
