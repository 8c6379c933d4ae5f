"""Search: where in all that I may see do these words stand?"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.search.found import SOURCES
from bestvalue.record.search.models import Kind
from bestvalue.record.search.searching import Found, Results
from bestvalue.record.search.searching import search as look_for
from bestvalue.site.forms.search import SearchForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.reports import anchor_of

ROWS_A_PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Anyone with a place asks "where does it say that?", and opens the place; the counts open their own rows."""
    person_behind(request)
    form = SearchForm(request.GET or None)
    page = 1
    results = Results(words=(), counts={}, rows=())
    kind: Kind | None = None
    if form.is_valid():
        page, kind = form.cleaned_data["page"], form.cleaned_data["kind"]
        first = (page - 1) * ROWS_A_PAGE
        results = look_for(form.cleaned_data["q"], user=request.user, kind=kind, first=first, most=ROWS_A_PAGE)
    total = results.counts.get(kind, 0) if kind else sum(results.counts.values())
    asked = str(form.data.get("q", "")) if form.is_bound else ""
    return render(
        request,
        "search/search.html",
        {
            "form": form,
            "asked": asked,
            "rows": [{"found": row, "address": address} for row, address in zip(results.rows, addresses(results.rows), strict=True)],
            "total": total,
            "kinds": [(each.label, number, _question(asked, each), each is kind) for each, number in results.counts.items()],
            "everything": _question(asked, None) if kind else "",
            "searched": bool(results.words),
            "before": _question(asked, kind, page - 1) if page > 1 else "",
            "after": _question(asked, kind, page + 1) if page * ROWS_A_PAGE < total else "",
        },
    )


def addresses(rows: tuple[Found, ...]) -> list[str]:
    """The address of each row that was found; one question for each kind whose rows stand on the page of another."""
    places: dict[tuple[Kind, int], str] = {}
    for kind, (columns, address) in ELSEWHERE.items():
        keys = [row.row for row in rows if row.kind is kind]
        if keys:
            found = SOURCES[kind].model._default_manager.filter(pk__in=keys).order_by().values_list("pk", *columns)
            places |= {(kind, key): address(*values) for key, *values in found}
    return [places.get((row.kind, row.row)) or reverse(PAGES.get(row.kind, row.kind.value), args=[row.row]) for row in rows]


def _of_update(action: int | None, recommendation: int) -> str:
    return reverse("action", args=[action]) if action else reverse("recommendation", args=[recommendation])


ELSEWHERE: Mapping[Kind, tuple[tuple[str, ...], Callable[..., str]]] = {
    Kind.OPTION: (("question__review",), lambda review: reverse("review_options", args=[review])),
    Kind.AIM: (("review", "number"), lambda review, number: f"{reverse('review_aims', args=[review])}#aim-{number}"),
    Kind.MINUTE: (("meeting", "number"), lambda meeting, number: f"{reverse('meeting', args=[meeting])}#item-{number}"),
    Kind.UPDATE: (("action", "recommendation"), _of_update),
    Kind.COMMENT: (("kind", "thing"), lambda word, thing: reverse("discussion", args=[word, thing])),
    Kind.PARAGRAPH: (("report__slug", "number"), lambda slug, number: f"{reverse('report', args=[slug])}#{anchor_of(number)}"),
}
"""The kinds whose rows stand on the page of another: the columns that lead there, and its address."""
PAGES: Mapping[Kind, str] = {Kind.DECISION: "review_decision"}
"""The pages that are not named after their kind."""


def _question(asked: str, kind: Kind | None, page: int = 1) -> str:
    said = {"q": asked, **({"kind": kind.value} if kind else {}), **({"page": page} if page > 1 else {})}
    return f"{reverse('search')}?{urlencode(said)}"
