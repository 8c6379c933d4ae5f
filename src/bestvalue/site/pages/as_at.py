"""The day that a page tells of: today, or the one that its address asks for (?as_at=2005-03-01)."""

from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone


def day_asked(request: HttpRequest) -> date:
    """The day of the page.

    Raises:
        Http404: the address asks for what is no day.
    """
    asked = request.GET.get("as_at", "").strip()
    if not asked:
        return timezone.localdate()
    try:
        return date.fromisoformat(asked)
    except ValueError as cause:
        raise Http404("no such day") from cause
