"""How a list of the record is read: for whoever asks, narrowed by what its page is about."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.list_columns import Column, ListOf, column, numbers

LARGEST_KEY = 2**63 - 1
"""Of a row; a larger one in an address is nobody's."""
KEY = numbers("Key", "pk")
REVIEW = (numbers("Review key", "review_id"), column("Review", "review.title"))


def key_asked(request: HttpRequest, name: str) -> int | None:
    """The key that an address narrows a list by; what is no key narrows it to nothing."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) <= LARGEST_KEY else -1


def _of(seen: Callable[[HttpRequest], QuerySet[Any]], filters: Mapping[str, str]) -> Callable[[HttpRequest], QuerySet[Any]]:
    def rows(request: HttpRequest) -> QuerySet[Any]:
        person_behind(request)
        chosen = {path: key for name, path in filters.items() if (key := key_asked(request, name)) is not None}
        return seen(request).filter(**chosen)

    return rows


def listed(name: str, title: str, seen: Callable[[HttpRequest], QuerySet[Any]], *columns: Column, **more: Any) -> ListOf:
    """A list whose rows are those of a question that its reader may see, narrowed by keys in the address."""
    filters = more.pop("filters", {})
    return ListOf(name=name, title=title, columns=columns, rows=_of(seen, filters), filters=filters, **more)


OF_REVIEW = {"review": "review"}
