"""Changes to the programme."""

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, BodyKind, Person, Role
from bestvalue.record.ledger import ledger
from bestvalue.record.programme.models import Programme


@transaction.atomic
def start_programme(*, title: str, year: int, authority: Body, by: Person | None, reviews_a_year: int = 2) -> Programme:
    """Start an authority's programme of a year.

    Raises:
        RuleError: `by` is no programme manager, the body is no authority, or it has a programme of that year.
    """
    if by is not None and not by.holds(Role.PROGRAMME_MANAGER):
        raise RuleError(f"{by} may not start a programme", where=title, next_step="Ask a programme manager.")
    if authority.kind != BodyKind.AUTHORITY:
        raise RuleError(f"{authority} is not an authority", where=title, next_step="Name the authority that commissions the reviews.")
    if Programme.objects.filter(authority=authority, year=year).exists():
        raise RuleError(f"{authority} has a programme for {year} already", where=title, next_step="Add the review to that programme.")
    programme = Programme.objects.create(title=title, year=year, authority=authority, reviews_a_year=reviews_a_year)
    ledger.write("programme.started", target=programme, by=by, payload={"title": title, "year": year})
    return programme
