"""The colours of the register by lead, owner, issuer and age; each number opens exactly the rows that it counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.rating import Colour, Standing, standings
from bestvalue.site.forms.register import AGES
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.presenters.colours import ColourTable, colour_table
from bestvalue.site.presenters.tags import RATING

NOBODY = "Nobody yet"


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """Four tables of the same recommendations."""
    on = day_asked(request)
    visible = Recommendation.objects.visible_to(request.user).with_status(on=on)
    rated = standings(visible, on=on)
    rows = list(visible.owners(on=on))
    bodies = dict(Body.objects.values_list("pk", "name"))
    people = dict(Person.objects.filter(pk__in={lead for _, _, _, lead, _ in rows if lead}).values_list("pk", "name"))
    tables = [
        _table("Led by", "lead", ((pk, people[lead] if lead else NOBODY, lead) for pk, _, _, lead, _ in rows), rated, on),
        _table("Owned by", "owner", ((pk, bodies[owner] if owner else NOBODY, owner) for pk, _, owner, _, _ in rows), rated, on),
        _table("Made by", "issuer", ((pk, bodies[issuer], issuer) for pk, issuer, _, _, _ in rows), rated, on),
        _table("Age", "age", ((pk, AGES[age][0], age) for pk, _, _, _, made in rows for age in [_age(made, on)]), rated, on),
    ]
    context = {"breadcrumbs": [("Recommendations", reverse("register"))], "tables": tables, "whole": len(rows), "on": on}
    return render(request, "register/colours.html", {**context, "headings": [RATING[colour] for colour in Colour]})


def _age(made: date, on: date) -> str:
    days = (on - made).days
    return next(age for age, (_, _, oldest) in AGES.items() if oldest is None or days <= oldest)


def _table(title: str, name: str, rows: Iterable[tuple[int, str, object]], rated: Mapping[int, Standing], on: date) -> ColourTable:
    counted: Counter[tuple[str, object, str]] = Counter()
    for pk, words, value in rows:
        counted[words, value, str(rated[pk].colour)] += 1
    day = {"as_at": on.isoformat()}

    def address(value: object, colour: str) -> str:
        # Nobody cannot be chosen in the filter: such a number opens nothing, and the page writes it without a link.
        return f"{reverse('register')}?{urlencode({**day, name: str(value), 'rating': colour})}" if value else ""

    return colour_table(title, counted, colours=[colour.value for colour in Colour], address=address)
