"""Every list as a file: the rows of the page, by the same filters, for the same reader."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.reviews.changes import note_exported
from bestvalue.record.reviews.models import Marked, Marking
from bestvalue.site.confirming import check_may_take
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download, text_download
from bestvalue.site.pages.list_catalogue import LISTS, rows_of
from bestvalue.site.presenters.spreadsheet import as_csv, as_workbook

ENDINGS = ("csv", "xlsx")


@require_safe
def list_file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """Whoever works on with a list takes it away: as CSV for other programs, as a workbook for Excel."""
    person, listed = person_behind(request), LISTS.get(name)
    if listed is None or ending not in ENDINGS:
        raise Http404("no such list")
    rows = list(rows_of(listed, request))
    cells = [listed.cells(row) for row in rows]
    marked = [found for row in rows if isinstance(found := listed.marked(row), Marked)]
    is_sensitive = any(cell[-1] == Marking.SENSITIVE for cell in cells)
    marking = (Marking.SENSITIVE if is_sensitive else Marking.OFFICIAL).value
    check_may_take(request, marking)
    if any(found.is_sensitive for found in marked):
        note_exported(marked, by=person, what=listed.title)
    file = f"{listed.name}-{timezone.localdate():%Y-%m-%d}-{marking}.{ending}"
    if ending == "csv":
        return text_download(as_csv(listed.header, cells), name=file)
    return bytes_download(as_workbook(listed.header, cells, title=listed.title, marking=marking), name=file)
