"""The ledger of changes: what was done, and whether the chain holds."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bestvalue.errors import LedgerError
from bestvalue.record.ledger.verify import verify
from bestvalue.record.ledger_reading import EntriesFor
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.changes import entry_line

ENTRIES_A_PAGE = 50


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Every entry, the newest first, with who did what where the reader may see it; `?verify=1` walks the whole chain."""
    person_behind(request)
    entries: Any = EntriesFor(request.user)  # counts and slices itself, as a page needs it
    page: Any = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    verification, fault = None, None
    if "verify" in request.GET:
        try:
            verification = verify()
        except LedgerError as broken:
            fault = broken
    context = {"page": page, "changes": [entry_line(event) for event in page], "verification": verification, "fault": fault}
    return render(request, "ledger/ledger.html", context)
