"""The pack of a board: in one click, in the format that is asked for."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from bestvalue.documents.board_pack import board_pack as pack_of
from bestvalue.documents.writing import write_report
from bestvalue.record.bodies.models import Body, Membership, User
from bestvalue.record.delivery.board_pack import pack_content, told_in_pack
from bestvalue.record.reviews.changes import note_exported
from bestvalue.site.confirming import check_may_take
from bestvalue.site.forms.register import PackForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download

QUARTER = timedelta(days=91)


@require_http_methods(["GET", "POST"])
def board_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose since when, then take the pack. Only members of the body: a pack holds what is said of its recommendations."""
    person, today = person_behind(request), timezone.localdate()
    body = get_object_or_404(Body, pk=pk)
    if not Membership.objects.current().filter(person=person, body=body).exists():
        raise Http404("no such pack")
    form = PackForm(request.POST if request.method == "POST" else None, initial={"since": today - QUARTER, "format": "pdf"})
    if form.is_valid() and isinstance(request.user, User):
        content = pack_content(body, on=today, since=form.cleaned_data["since"], reader=request.user)
        check_may_take(request, content.marking)
        note_exported(told_in_pack(body, on=today, reader=request.user), by=person, what=f"Board pack of {body}")
        name = f"board-pack-{slugify(body.name)}-{today:%Y-%m-%d}-{content.marking}.{form.cleaned_data['format']}"
        with tempfile.TemporaryDirectory() as folder:
            written = write_report(pack_of(content), Path(folder) / name).read_bytes()
        return bytes_download(written, name=name)
    context = {"breadcrumbs": [("Recommendations", reverse("register"))], "body": body, "form": form}
    return render(request, "delivery/board_pack.html", context)
