"""Search: where in all that I may see do these words stand?"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.record.inspections.models import Paragraph
from bestvalue.record.scrutiny.models import Option
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
    """The address of each row that was found; two questions at most, for those that stand on the page of another."""
    options = dict(_of(rows, Kind.OPTION, Option.objects).values_list("pk", "question__review"))
    paragraphs = {row.pk: row for row in _of(rows, Kind.PARAGRAPH, Paragraph.objects).select_related("report")}
    found = []
    for row in rows:
        if row.kind is Kind.OPTION:
            found.append(reverse("review_options", args=[options[row.row]]))
        elif row.kind is Kind.PARAGRAPH:
            paragraph = paragraphs[row.row]
            found.append(f"{reverse('report', args=[paragraph.report.slug])}#{anchor_of(paragraph.number)}")
        else:
            found.append(reverse(row.kind.value, args=[row.row]))
    return found


def _of(rows: tuple[Found, ...], kind: Kind, every: Any) -> Any:
    keys = [row.row for row in rows if row.kind is kind]
    return every.filter(pk__in=keys) if keys else every.none()


def _question(asked: str, kind: Kind | None, page: int = 1) -> str:
    said = {"q": asked, **({"kind": kind.value} if kind else {}), **({"page": page} if page > 1 else {})}
    return f"{reverse('search')}?{urlencode(said)}"
