"""The close-out of a plan: in one click, in the format that is asked for."""

import tempfile
from pathlib import Path

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bestvalue.documents.close_out import close_out as document_of
from bestvalue.documents.model import Block, Table
from bestvalue.documents.writing import write_report
from bestvalue.record.delivery.close_out import close_out_of
from bestvalue.record.delivery.models import Ownership, Recommendation
from bestvalue.record.reviews.changes import note_exported
from bestvalue.site.confirming import check_may_take
from bestvalue.site.forms.close_out import CloseOutForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download


@require_http_methods(["GET", "POST"])
def close_out(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A board that ends a plan asks: what was promised, when was it done, how far did it slip and why? They read it here, and print it."""
    person = person_behind(request)
    today = timezone.localdate()
    seen = Recommendation.objects.visible_to(request.user).filter(issuer=pk, report_slug=slug).in_register_order(on=today)
    plan = list(seen.prefetch_related(Prefetch("ownerships", Ownership.objects.newest_first())))
    if not plan:
        raise Http404("no such plan")
    first = plan[0]
    title = first.published_report.title if first.published_report else first.review.title if first.review else first.report_title
    content = close_out_of(plan, title=title, on=today)
    report = document_of(content)
    form = CloseOutForm(request.POST or None, initial={"format": "pdf"})
    if form.is_valid():
        check_may_take(request, content.marking)
        note_exported(plan, by=person, what=f"Close-out of {title}")
        name = f"close-out-{slug}-{today:%Y-%m-%d}-{content.marking}.{form.cleaned_data['format']}"
        with tempfile.TemporaryDirectory() as folder:
            written = write_report(report, Path(folder) / name).read_bytes()
        return bytes_download(written, name=name)
    context = {
        "breadcrumbs": [("Recommendations", reverse("register")), (title, reverse("plan", args=[pk, slug]))],
        "content": content,
        "report": report,
        "sections": [(section.heading, [(block, _cells(block)) for block in section.blocks]) for section in report.sections],
        "form": form,
        "marking": content.marking,
    }
    return render(request, "delivery/close_out.html", context)


def _cells(block: Block) -> list[list[tuple[str, bool]]]:
    """The cells of a table, each with whether it is a number."""
    if not isinstance(block, Table):
        return []
    return [[(str(cell), column.numeric) for cell, column in zip(row, block.columns, strict=True)] for row in block.rows]
