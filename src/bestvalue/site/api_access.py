"""Whose request to the API is it, and how a fault is answered."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from ninja.parser import Parser
from pydantic import Field

from bestvalue.record.bodies.models import Person, person_of

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
