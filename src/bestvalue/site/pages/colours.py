"""The colours of the register by lead, owner, issuer and age; each number opens exactly the rows that it counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Colour, Recommendation, Standing
from bestvalue.site.forms.register import AGES, NOBODY
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.presenters.colours import ColourTable, colour_table
from bestvalue.site.presenters.tags import RATING

NOBODY_YET = "Nobody yet"
Counted = tuple[str, object, str, int]
"""The words of a row, its value in the filter, a colour, and how many there are."""


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """Who looks after the register asks whose work is late: four tables of the same recommendations, each number a link to its rows."""
    on = day_asked(request)
    seen = Standing.objects.of_day(on).filter(recommendation__in=Recommendation.objects.visible_to(request.user)).order_by()
    columns = ("recommendation__issuer", "owner", "lead", "age", "colour")
    rows = list(seen.annotate(age=_age_on(on)).values_list(*columns).annotate(rows=Count("pk")))
    bodies = dict(Body.objects.values_list("pk", "name"))
    people = dict(Person.objects.filter(pk__in={lead for _, _, lead, _, _, _ in rows if lead}).values_list("pk", "name"))
    tables = [
        _table("Led by", "lead", ((people.get(lead, NOBODY_YET), lead, colour, n) for _, _, lead, _, colour, n in rows), on),
        _table("Owned by", "owner", ((bodies.get(owner, NOBODY_YET), owner, colour, n) for _, owner, _, _, colour, n in rows), on),
        _table("Made by", "issuer", ((bodies[issuer], issuer, colour, n) for issuer, _, _, _, colour, n in rows), on),
        _table("Age", "age", ((AGES[age][0], age, colour, n) for _, _, _, age, colour, n in rows), on),
    ]
    whole = sum(row[-1] for row in rows)
    context = {"breadcrumbs": [("Recommendations", reverse("register"))], "tables": tables, "whole": whole, "on": on}
    return render(request, "register/colours.html", {**context, "headings": [RATING[colour] for colour in Colour]})


def _age_on(on: date) -> Case:
    oldest, *younger = reversed(AGES.items())
    within = [When(made__gte=on - timedelta(days=days), then=Value(age)) for age, (_, _, days) in reversed(younger) if days is not None]
    return Case(*within, default=Value(oldest[0]), output_field=CharField())


def _table(title: str, name: str, rows: Iterable[Counted], on: date) -> ColourTable:
    counted: Counter[tuple[str, object, str]] = Counter()
    for words, value, colour, found in rows:
        counted[words, value, colour] += found
    day: Mapping[str, str] = {"as_at": on.isoformat()}

    def address(value: object, colour: str) -> str:
        asked = {**day, name: NOBODY if value is None else str(value), **({"rating": colour} if colour else {})}
        return f"{reverse('register')}?{urlencode(asked)}"

    return colour_table(title, counted, colours=[colour.value for colour in Colour], address=address)
