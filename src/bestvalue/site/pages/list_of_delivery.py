"""Lists of delivery: the register with its whole filter, actions as they stood on a day, updates."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from bestvalue.record.delivery.models import Action, Recommendation, StandingQuerySet, Update
from bestvalue.record.reviews.models import Finding
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.list_reading import KEY, listed
from bestvalue.site.pages.register import rows_with_standings
from bestvalue.site.pages.register_question import register_question
from bestvalue.site.presenters.list_columns import Column, ListOf, column, days, numbers
from bestvalue.site.presenters.register import RegisterRow
from bestvalue.site.presenters.tags import ACTION


@dataclass(frozen=True, kw_only=True)
class ListedRecommendation:
    """A row of the register with what its file tells beside: who owns and leads it on the day, and the findings that the reader sees."""

    shown: RegisterRow
    recommendation: Recommendation
    owner: str
    lead: str
    findings: str


class RegisterRows:
    """The rows of the register that a request asks for; those of a page are read when the page is."""

    def __init__(self, request: HttpRequest) -> None:
        question = register_question(request)
        self._chosen, self._on, self._user = question.chosen(), question.on, request.user

    def count(self) -> int:
        """How many there are."""
        return self._chosen.count()

    def __getitem__(self, part: slice) -> list[ListedRecommendation]:
        return self._with_more(self._chosen[part])

    def __iter__(self) -> Iterator[ListedRecommendation]:
        return iter(self._with_more(self._chosen))

    def _with_more(self, chosen: StandingQuerySet) -> list[ListedRecommendation]:
        rows = rows_with_standings(chosen, on=self._on, also=("recommendation__addressed_body", "owner", "lead"))
        named = self._findings([row.key for row, _ in rows])
        return [
            ListedRecommendation(
                shown=row,
                recommendation=standing.recommendation,
                owner=str(standing.owner or ""),
                lead=str(standing.lead or ""),
                findings=", ".join(named[row.key]),
            )
            for row, standing in rows
        ]

    def _findings(self, keys: Collection[int]) -> Mapping[int, list[str]]:
        """The numbers of the findings that each rests on, as far as the reader sees them."""
        seen = Finding.objects.visible_to(self._user).filter(recommendations__in=keys)
        told: dict[int, list[str]] = defaultdict(list)
        columns = ("recommendations", "strand__number", "number")
        for recommendation, strand, number in seen.order_by("strand__number", "number").values_list(*columns):
            told[recommendation].append(f"{strand}.{number}")
        return told


def lists_of_delivery() -> Iterator[ListOf]:
    """What was asked, and what is done about it."""
    yield ListOf(
        name="recommendations",
        title="Recommendations",
        rows=RegisterRows,
        columns=(
            *(numbers("Key", "shown.key"), column("Made by", "shown.issuer"), column("Report or review", "shown.source")),
            *(column("Number", "shown.number"), column("Paragraph", "shown.paragraph"), column("Recommendation", "shown.text")),
            *(column("About", "shown.about"), column("Status", "shown.tag.words"), days("Since", "shown.since")),
            *(column("Colour", "shown.rating.words"), Column(heading="Why", value=lambda row: "; ".join(row.shown.reasons))),
            *(column("Register key", "recommendation.key"), column("Addressed to", "recommendation.addressed_body.name")),
            *(column("Owner", "owner"), column("Lead", "lead"), column("Findings", "findings")),
            numbers("Cost once in pence", "recommendation.one_off_cost_pence"),
            numbers("Cost a year in pence", "recommendation.cost_a_year_pence"),
            _decimals("Full-time posts more", "staffing_fte"),
            column("Cost in words", "recommendation.cost_text"),
            numbers("Cashable a year in pence", "recommendation.cashable_a_year_pence"),
            column("Saving in words", "recommendation.saving_text"),
            column("Benefit that is no money", "recommendation.non_cashable_text"),
            *(column("Measure of success", "recommendation.measure"), column("Unit of the measure", "recommendation.measure_unit")),
            *(_decimals("Baseline", "baseline"), _decimals("Target", "target_value")),
        ),
        marked=lambda row: row.recommendation,
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


def _decimals(heading: str, name: str) -> Column:
    """A number that the recommendation keeps with decimals."""

    def value(row: ListedRecommendation) -> float | None:
        kept = getattr(row.recommendation, name)
        if kept is None:
            return None
        return int(kept) if kept == int(kept) else float(kept)

    return Column(heading=heading, value=value, holds=float)


def _actions(request: HttpRequest) -> QuerySet[Any]:
    seen = Action.objects.visible_to(request.user)
    if plan := request.GET.get("plan"):
        seen = seen.filter(recommendation__report_slug=plan)
    return seen.in_plan_order(on=day_asked(request)).select_related("recommendation__issuer")


def _updates(request: HttpRequest) -> QuerySet[Any]:
    seen = Recommendation.objects.visible_to(request.user)
    return Update.objects.filter(recommendation__in=seen).select_related("recommendation", "action__recommendation", "by")
