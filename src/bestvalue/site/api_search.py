"""The part of the API that searches: the same rows, counts and snippets as the page."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from bestvalue.record.search.models import Kind
from bestvalue.record.search.searching import search
from bestvalue.site.api_access import person_or_403

router = Router()


class FoundOut(Schema):
    """A row that holds the words."""

    kind: Kind
    id: int
    heading: str
    snippet: str
    page: int | None = Field(default=None, description="The page of the PDF that the snippet stands on; null where it stands elsewhere.")


class ResultsOut(Schema):
    """What was found, best first, and how many rows of each kind there are among those that you see."""

    counts: dict[Kind, int]
    items: list[FoundOut]


@router.get("/search", response=ResultsOut)
def find(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    kind: Kind | None = None,
    page: Annotated[int, Query(ge=1, le=500)] = 1,
) -> dict[str, Any]:
    """Look for words in all that is kept of reviews, meetings and plans, in evidence and its files and results, and in reports."""
    person_or_403(request)
    results = search(q, user=request.user, kind=kind, first=(page - 1) * 20, most=20)
    return {
        "counts": results.counts,
        "items": [
            {
                "kind": row.kind,
                "id": row.row,
                "heading": row.heading,
                "snippet": "".join(piece.text for piece in row.snippet),
                "page": row.page,
            }
            for row in results.rows
        ],
    }
