"""The part of the API that reads: every list of the record, a page at a time, with a schema of its own, made from the one catalogue."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, create_model

from bestvalue.record.reviews.changes import note_exported
from bestvalue.record.reviews.models import Marked, Marking
from bestvalue.site.api_access import person_or_403
from bestvalue.site.confirming import check_may_take_by_api
from bestvalue.site.forms.register import RegisterFilter
from bestvalue.site.pages.list_catalogue import LARGEST_KEY, LISTS, rows_of
from bestvalue.site.presenters.list_columns import ListOf

ROWS_A_PAGE, MOST_PAGES = 100, 1_000_000

router = Router()


def _reader(listed: ListOf) -> Callable[..., dict[str, Any]]:
    """The operation that reads one list."""

    def read(request: HttpRequest, asked: Any) -> dict[str, Any]:
        person = person_or_403(request)
        rows: Any = rows_of(listed, request)
        first = (asked.page - 1) * ROWS_A_PAGE
        found = list(rows[first : first + ROWS_A_PAGE])
        marked = [kept for row in found if isinstance(kept := listed.marked(row), Marked)]
        names = [*(column.key for column in listed.columns), "marking"]
        items = [dict(zip(names, listed.cells(row), strict=True)) for row in found]
        is_sensitive = any(item["marking"] == Marking.SENSITIVE for item in items)
        marking = (Marking.SENSITIVE if is_sensitive else Marking.OFFICIAL).value
        check_may_take_by_api(request, marking)
        if any(kept.is_sensitive for kept in marked):
            note_exported(marked, by=person, what=listed.title)
        return {"count": rows.count(), "page": asked.page, "marking": marking, "items": items}

    read.__name__ = f"list_{listed.name}"
    read.__doc__ = f"{listed.title} that you see, {ROWS_A_PAGE} a page; the marking is the highest of the page."
    read.__annotations__["asked"] = Annotated[_filters(listed), Query(...)]  # type: ignore[type-arg]  # the type of a query is made for each list
    return read


def _filters(listed: ListOf) -> Any:
    fields: dict[str, Any] = {"page": (int, Field(1, ge=1, le=MOST_PAGES))}
    fields |= {name: (int | None, Field(None, ge=1, le=LARGEST_KEY)) for name in listed.filters}
    if listed.name == "recommendations":
        fields |= {name: (str | None, None) for name in RegisterFilter.base_fields if name != "as_at"}
    if listed.name in ("recommendations", "actions"):
        fields["as_at"] = (date | None, None)
    return create_model(f"{listed.name.capitalize()}Asked", __base__=Schema, **fields)


def _page(listed: ListOf) -> Any:
    columns: dict[str, Any] = {column.key: (column.holds | None, None) for column in listed.columns}
    row = create_model(f"{listed.name.capitalize()}Row", __base__=Schema, marking=(str, ...), **columns)
    parts: dict[str, Any] = {"count": (int, ...), "page": (int, ...), "marking": (str, ...), "items": (list[row], ...)}
    return create_model(f"{listed.name.capitalize()}Page", __base__=Schema, **parts)


for _listed in LISTS.values():
    router.get(f"/lists/{_listed.name}", response=_page(_listed), operation_id=f"list_{_listed.name}", tags=["lists"])(_reader(_listed))
