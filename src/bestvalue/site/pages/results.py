"""Results of analyses: read one, see its charts, take its tables."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.analysis.store import StoredResult
from bestvalue.documents.charts import chart_svg
from bestvalue.errors import WorkspaceError
from bestvalue.record.reviews.models import Review
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import SANDBOX, text_download
from bestvalue.site.presenters.results import result_page
from bestvalue.site.presenters.spreadsheet import as_csv


@require_safe
def result(request: HttpRequest, digest: str) -> HttpResponse:
    """The answer to a question: sentences first, then the chart that shows it, the tables, the caveats, and how we know."""
    kept = _kept(request, digest)
    person = person_behind(request)
    usable_in = [review for review in Review.objects.visible_to(request.user) if review.is_editable_by(person)]
    context = {"breadcrumbs": [("Analyses", reverse("analyses"))], "result": result_page(kept), "reviews": usable_in}
    return render(request, "analyses/result.html", context)


@require_safe
def result_chart(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """One chart as a picture. Drawn once and kept: drawing takes a good part of a second."""
    chart = _kept(request, digest).result.charts.get(name)
    if chart is None:
        raise Http404("no such chart")
    drawn = settings.WORKSPACE.cache_folder / "charts" / f"{digest}-{name}.svg"
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
    table = _kept(request, digest).result.tables.get(name)
    if table is None:
        raise Http404("no such table")
    header = [table.labels.get(column, column) for column in table.rows.columns]
    return text_download(as_csv(header, table.rows.iter_rows()), name=f"{name}-{digest[:8]}-OFFICIAL.csv")


def _kept(request: HttpRequest, digest: str) -> StoredResult:
    person_behind(request)
    try:
        return settings.WORKSPACE.store.get(digest)
    except WorkspaceError as missing:
        raise Http404("no such result") from missing
