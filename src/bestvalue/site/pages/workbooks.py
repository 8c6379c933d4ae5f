"""Excel workbooks: a result as an accountant takes it apart, and blank tables to fill in."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bestvalue.dataset.tables import TABLES
from bestvalue.dataset.templates import write_workbook_template
from bestvalue.documents.costing_workbook import write_workbook
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download
from bestvalue.site.pages.results import kept_or_404


@require_safe
def result_workbook(request: HttpRequest, digest: str) -> HttpResponse:
    """An accountant opens it to audit an answer: a sheet for each table, totals as formulas, checks between the sheets."""
    kept = kept_or_404(request, digest)
    return _written(lambda path: write_workbook(kept.result, path), name=f"{kept.result.provenance.analysis}-{digest[:8]}-OFFICIAL.xlsx")


@require_safe
def data_templates(request: HttpRequest) -> HttpResponse:
    """An analyst opens it to see every table that the force can supply; a sheet each, to be filled in and uploaded."""
    person_behind(request)
    return _written(lambda path: write_workbook_template(TABLES.values(), path), name="tables.xlsx")


@require_safe
def data_template(request: HttpRequest, name: str) -> HttpResponse:
    """An accountant or analyst opens it to fill in one table; it is uploaded as it is."""
    person_behind(request)
    if name not in TABLES:
        raise Http404("no such table")
    return _written(lambda path: write_workbook_template([TABLES[name]], path), name=f"{name}.xlsx")


def _written(write: Callable[[Path], Path], *, name: str) -> HttpResponse:
    with TemporaryDirectory() as folder:
        return bytes_download(write(Path(folder) / "written.xlsx").read_bytes(), name=name)
