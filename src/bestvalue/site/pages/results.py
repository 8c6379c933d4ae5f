"""Results of analyses: read one, see its charts, take its tables."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.analysis.contract import Chart
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.charts import chart_svg
from bestvalue.errors import WorkspaceError
from bestvalue.site.pages.access import person_behind, reviews_to_write_in
from bestvalue.site.pages.downloads import SANDBOX, text_download
from bestvalue.site.presenters.results import result_page
from bestvalue.site.presenters.spreadsheet import as_csv
from bestvalue.site.presenters.what_if import scenarios_of


@require_safe
def result(request: HttpRequest, digest: str) -> HttpResponse:
    """The answer to a question: sentences first, then the chart that shows it, the tables, the caveats, and how we know."""
    kept = kept_or_404(request, digest)
    person = person_behind(request)
    context = {
        "breadcrumbs": [("Analyses", reverse("analyses"))],
        "result": result_page(kept),
        "reviews": reviews_to_write_in(request.user, person),
        "what_if": scenarios_of(kept.result) is not None,
    }
    return render(request, "analyses/result.html", context)


@require_safe
def result_chart(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """One chart as a picture. Drawn once and kept: drawing takes a good part of a second."""
    chart = kept_or_404(request, digest).result.charts.get(name)
    if chart is None:
        raise Http404("no such chart")
    return drawn_chart(chart, name=f"{digest}-{name}")


def drawn_chart(chart: Chart, *, name: str) -> HttpResponse:
    """The picture of a chart, kept under a name that no other chart has."""
    drawn = settings.WORKSPACE.cache_folder / "charts" / f"{name}.svg"
    if not drawn.exists():
        drawn.parent.mkdir(parents=True, exist_ok=True)
        drawn.write_text(chart_svg(chart.spec, where=name), encoding="utf-8")
    response = HttpResponse(drawn.read_text(encoding="utf-8"), content_type="image/svg+xml")
    # Vega writes styles into the picture; as an image it can run nothing and load nothing.
    response.headers["Content-Security-Policy"] = f"{SANDBOX}; style-src 'unsafe-inline'"
    return response


@require_safe
def result_table(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """All rows of one table, unrounded, for a spreadsheet."""
    table = kept_or_404(request, digest).result.tables.get(name)
    if table is None:
        raise Http404("no such table")
    header = [table.labels.get(column, column) for column in table.rows.columns]
    return text_download(as_csv(header, table.rows.iter_rows()), name=f"{name}-{digest[:8]}-OFFICIAL.csv")


def kept_or_404(request: HttpRequest, digest: str) -> StoredResult:
    """The result of an address, for whoever holds a place.

    Raises:
        PermissionDenied: they hold none.
        Http404: there is no such result.
    """
    person_behind(request)
    try:
        return settings.WORKSPACE.store.get(digest)
    except WorkspaceError as missing:
        raise Http404("no such result") from missing
