"""Whose request to the API is it, and how a fault is answered."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from ninja.pagination import PageNumberPagination
from ninja.parser import Parser
from pydantic import Field

from bestvalue.record.bodies.models import Person, person_of
from bestvalue.record.reviews.changes import note_exported
from bestvalue.record.reviews.models import Marked
from bestvalue.site.confirming import check_confirmed_by_api

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The key of a row, as far as a database keeps one."""
Short = Annotated[str, Field(max_length=200)]
"""A title or a name."""
EMAIL = r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$"
"""An address of e-mail, or none; as the forms take it."""
Line = Annotated[str, Field(max_length=200)]
"""Where something stands, such as a minute."""


class PlainText(Parser):
    """Reads a body; refuses a null character, which no database keeps in a text."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as values.

        Raises:
            HttpError: 400, a text holds a null character.
        """
        if b"\\u0000" in request.body or b"\x00" in request.body:
            raise HttpError(400, "A text holds a null character")
        return super().parse_body(request)


class FaultOut(Schema):
    """What is wrong, where, and what to do next: problem details of RFC 9457, sent as application/problem+json."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    what: str
    where: str
    next_step: str


def fault_of(status: int, *, what: str, where: str, next_step: str) -> dict[str, Any]:
    """The body of an answer that refuses.

    Example:
        >>> fault_of(409, what="It has ended", where="action 3.1", next_step="Nothing is left to do.")["detail"]
        'It has ended. Nothing is left to do.'
    """
    detail = f"{what.rstrip('.')}. {next_step}".strip()
    return {"type": "about:blank", "title": what, "status": status, "detail": detail, "what": what, "where": where, "next_step": next_step}


class AddedOut(Schema):
    """What was added: its key, and how it is cited."""

    id: int
    reference: str


REFUSALS: dict[int, Any] = {400: FaultOut, 409: FaultOut}
"""What every change can answer: it was asked wrongly, or a rule forbids it."""


def person_or_403(request: HttpRequest) -> Person:
    """The person who asks.

    Raises:
        HttpError: 403, they hold no place in any body today.
    """
    person = person_of(request.user)
    if person is None:
        raise HttpError(403, "You hold no place in any body today")
    return person


def note_taken(request: HttpRequest, rows: Iterable[Marked], *, what: str) -> None:
    """Put on record that a list went out by the API, if something in it is sensitive; its person confirmed lately that it is they.

    Raises:
        RuleError: they did not.
    """
    sensitive = [row for row in rows if row.is_sensitive]
    if sensitive:
        check_confirmed_by_api(request)
        note_exported(sensitive, by=person_or_403(request), what=what)


class MarkedPages(PageNumberPagination):
    """Pages of rows that may be sensitive: each page is taken for itself."""

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> Any:
        """A page, and how many rows there are in all."""
        page = super().paginate_queryset(queryset, pagination, request, **params)
        rows = list(page[self.items_attribute])
        note_taken(request, rows, what=str(queryset.model._meta.verbose_name_plural).capitalize())
        return {**page, self.items_attribute: rows}
