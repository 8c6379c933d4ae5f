"""The part of the API that changes what a record says: If-Match names the version that was read, and nobody overwrites another.

Each kind of record that can be edited is read and written at one address; the answer to a reading carries the version as its ETag.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field, create_model

from bestvalue.record.bodies import changes as bodies
from bestvalue.record.bodies.models import Body, BodyKind, Person
from bestvalue.record.delivery import changes as delivery
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.record.programme import changes as programme
from bestvalue.record.programme.models import CandidateService
from bestvalue.record.reviews import changes as reviews
from bestvalue.record.reviews.models import Aim, Direction, Evidence, Finding, FourC, Review, Strand, Tone
from bestvalue.record.row_versions import EditedMeanwhileError, Versioned
from bestvalue.site.api_access import EMAIL, FaultOut, Key, Short, fault_of, person_or_403
from bestvalue.site.api_costing import CostingIn
from bestvalue.site.pages.things import note_reading

router = Router(tags=["edits"])
Figure = Field(None, max_digits=16, decimal_places=4)


class EditedOut(Schema):
    """The version that the record has now; the next change of it names this one."""

    id: int
    version: int


class DifferenceOut(Schema):
    """A field that somebody else changed meanwhile: what was read, what it says now, and what was sent."""

    field: str
    before: Any
    theirs: Any
    mine: Any


class MetOut(FaultOut):
    """Somebody else changed the same; send again with this version, and with the fields that you still want to write."""

    version: int
    differences: list[DifferenceOut]


class ReviewEdit(Schema):
    """Fields of a review to write; what is left out stays."""

    title: Short = ""
    service: Short = ""
    summary: str = ""
    context: str = ""
    method: str = ""


class AimEdit(Schema):
    """Fields of an aim to write; what is left out stays."""

    text: str = ""
    measure: Short = ""
    unit: str = Field("", max_length=50)
    baseline: Decimal | None = Figure
    target: Decimal | None = Figure
    direction: Direction | None = None
    due: date | None = None


class StrandEdit(Schema):
    """Fields of a strand to write; what is left out stays."""

    name: Short = ""
    question: str = ""


class FindingEdit(Schema):
    """Fields of a finding to write; what is left out stays."""

    text: str = ""
    tone: Tone = Tone.NEGATIVE


class EvidenceEdit(Schema):
    """Fields of evidence to write; what is left out stays. Strands by their numbers, all of them."""

    title: Short = ""
    notes: str = ""
    four_cs: list[FourC] = []
    effective_date: date = date.min
    strands: list[int] = []


class RecommendationEdit(CostingIn):
    """Fields of a recommendation to write; what is left out stays. Who is to act by the key of the body."""

    text: str = ""
    addressed_body: Key | None = None


class ActionEdit(Schema):
    """Fields of an action to write; what is left out stays."""

    what: str = ""
    why: str = ""
    how: str = ""
    target: str = ""
    measure: Short = ""
    measure_unit: str = Field("", max_length=50)
    baseline: Decimal | None = Figure
    target_value: Decimal | None = Figure


class LeadEdit(Schema):
    """Who leads an action, by their key, and when it begins; what is left out stays."""

    lead: Key | None = None
    starts: date | None = None


class BodyEdit(Schema):
    """Fields of a body to write; what is left out stays."""

    name: Short = ""
    short_name: str = Field("", max_length=50)
    kind: BodyKind = BodyKind.UNIT


class PersonEdit(Schema):
    """Fields of a person to write; what is left out stays."""

    name: Short = ""
    email: str = Field("", max_length=254, pattern=EMAIL)


class CandidateEdit(Schema):
    """Fields of a candidate service to write; what is left out stays."""

    service: Short = ""
    case: str = ""


def _as_sent(request: HttpRequest, row: Any, said: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - most kinds need neither
    return said


def _strands(request: HttpRequest, row: Evidence, said: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - whoever sees a review sees its strands
    if "four_cs" in said:
        said["four_cs"] = [four_c for four_c in FourC if four_c in said["four_cs"]]
    if "strands" in said:
        said["strands"] = [get_object_or_404(row.review.strands, number=number) for number in dict.fromkeys(said["strands"])]
    return said


def _named(name: str, rows: Callable[[Any], Any]) -> Callable[[HttpRequest, Any, dict[str, Any]], dict[str, Any]]:
    def prepare(request: HttpRequest, row: Any, said: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - the key alone says which
        if said.get(name) is not None:
            said[name] = get_object_or_404(rows(request.user), pk=said[name])
        return said

    return prepare


def _direction(request: HttpRequest, row: Aim, said: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - only the field is turned
    return said | ({"direction": said["direction"] or ""} if "direction" in said else {})


@dataclass(frozen=True, kw_only=True)
class Editable:
    """A kind of record that can be edited.

    Args:
        path: its address below the API, without the key.
        words: what one is called.
        find: the rows of this kind that a user sees.
        said: the fields.
        change: makes the change.
        prepare: turns what was sent into what the change takes.
        told: what a field holds, where that is not the value itself.
    """

    path: str
    words: str
    find: Callable[[Any], Any]
    said: type[Schema]
    change: Callable[..., Model]
    prepare: Callable[[HttpRequest, Any, dict[str, Any]], dict[str, Any]] = _as_sent
    told: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


EDITABLE = (
    Editable(
        path="reviews/{row_id}",
        words="a review",
        find=lambda user: Review.objects.visible_to(user),
        said=ReviewEdit,
        change=reviews.edit_review,
    ),
    Editable(
        path="aims/{row_id}",
        words="an aim",
        find=lambda user: Aim.objects.visible_to(user),
        said=AimEdit,
        change=reviews.edit_aim,
        prepare=_direction,
        told={"direction": lambda value: value or None},
    ),
    Editable(
        path="strands/{row_id}",
        words="a strand",
        find=lambda user: Strand.objects.filter(review__in=Review.objects.visible_to(user)),
        said=StrandEdit,
        change=reviews.edit_strand,
    ),
    Editable(
        path="findings/{row_id}",
        words="a finding",
        find=lambda user: Finding.objects.visible_to(user),
        said=FindingEdit,
        change=reviews.edit_finding,
    ),
    Editable(
        path="evidence/{row_id}",
        words="evidence",
        find=lambda user: Evidence.objects.visible_to(user),
        said=EvidenceEdit,
        change=reviews.edit_evidence,
        prepare=_strands,
        told={"strands": lambda strands: sorted(strands.values_list("number", flat=True))},
    ),
    Editable(
        path="recommendations/{row_id}",
        words="a recommendation that nobody has answered",
        find=lambda user: Recommendation.objects.visible_to(user),
        said=RecommendationEdit,
        change=delivery.edit_recommendation,
        prepare=_named("addressed_body", lambda user: Body.objects.all()),  # noqa: ARG005 - who is who, everyone with a place sees
    ),
    Editable(
        path="actions/{row_id}",
        words="an action",
        find=lambda user: Action.objects.visible_to(user),
        said=ActionEdit,
        change=delivery.edit_action,
    ),
    Editable(
        path="actions/{row_id}/lead",
        words="who leads an action and when it begins",
        find=lambda user: Action.objects.visible_to(user).select_related("lead"),
        said=LeadEdit,
        change=delivery.change_lead,
        prepare=_named("lead", lambda user: Person.objects.visible_to(user)),
    ),
    Editable(
        path="bodies/{row_id}",
        words="a body",
        find=lambda user: Body.objects.all(),  # noqa: ARG005 - who is who, everyone with a place sees
        said=BodyEdit,
        change=bodies.edit_body,
    ),
    Editable(
        path="people/{row_id}",
        words="a person",
        find=lambda user: Person.objects.visible_to(user),
        said=PersonEdit,
        change=bodies.edit_person,
    ),
    Editable(
        path="candidates/{row_id}",
        words="a candidate service",
        find=lambda user: CandidateService.objects.visible_to(user),
        said=CandidateEdit,
        change=programme.edit_candidate,
    ),
)
"""Everything that can be edited; what is only ever added (statuses, decisions, steps, updates) cannot be overwritten."""
ANSWERS: dict[int | frozenset[int], Any] = {200: EditedOut, 400: FaultOut, 409: FaultOut, 412: MetOut, 428: FaultOut}


def version_read(request: HttpRequest) -> int | None:
    """The version that If-Match names; None where there is none.

    Raises:
        HttpError: 400, it is no version of ours.
    """
    named = request.headers.get("If-Match", "").strip()
    if not named:
        return None
    number = named.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise HttpError(400, "If-Match names the version that was read, a whole number")
    return int(number)


def edit(
    request: HttpRequest, response: HttpResponse, row: Versioned, mine: Mapping[str, Any], *, change: Callable[..., Model], **more: Any
) -> Any:
    """Make a change of a record at the version that was read; 412 where somebody else changed the same, 428 without a version."""
    person, version = person_or_403(request), version_read(request)
    if version is None:
        next_step = 'Read the record, and send its version: If-Match: "3".'
        return Status(428, fault_of(428, what="The version that was read is not named", where="If-Match", next_step=next_step))
    try:
        edited: Any = change(row, version=version, mine=mine, by=person, **more)
    except EditedMeanwhileError as met:
        return Status(412, _met(met))
    response.headers["ETag"] = f'"{edited.row_version}"'
    return {"id": edited.pk, "version": edited.row_version}


def _met(met: EditedMeanwhileError) -> dict[str, Any]:
    told = [
        {"field": one.field, "before": _plain(one.before), "theirs": _plain(one.theirs), "mine": _plain(one.mine)}
        for one in met.differences
    ]
    fault = fault_of(412, what=met.what, where=met.where, next_step=met.next_step)
    return {**fault, "version": met.version, "differences": told}


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _reader(kind: Editable) -> Callable[..., Any]:
    def read(request: HttpRequest, response: HttpResponse, row_id: Key) -> dict[str, Any]:
        person = person_or_403(request)
        row: Any = get_object_or_404(kind.find(request.user), pk=row_id)
        note_reading(row, by=person)
        response.headers["ETag"] = f'"{row.row_version}"'
        said = {name: kind.told.get(name, _plain)(getattr(row, name)) for name in kind.said.model_fields}
        return {"id": row.pk, "version": row.row_version, **said}

    read.__name__ = f"read_{_name_of(kind)}"
    read.__doc__ = f"Read {kind.words}, with the version that a change of it names in If-Match; the ETag is the same."
    return read


def _writer(kind: Editable) -> Callable[..., Any]:
    def write(request: HttpRequest, response: HttpResponse, row_id: Key, said: Any) -> Any:
        row = get_object_or_404(kind.find(request.user), pk=row_id)
        mine = kind.prepare(request, row, said.model_dump(exclude_unset=True))
        return edit(request, response, row, mine, change=kind.change)

    write.__name__ = f"edit_{_name_of(kind)}"
    write.__annotations__["said"] = kind.said
    write.__doc__ = f"Change {kind.words}. The header If-Match names the version that was read."
    return write


def _name_of(kind: Editable) -> str:
    return kind.path.replace("/{row_id}", "").replace("/", "_")


def _told(kind: Editable) -> Any:
    fields: dict[str, Any] = {name: (one.annotation | None, None) for name, one in kind.said.model_fields.items()}  # type: ignore[operator]  # a field always has its type
    name = kind.said.__name__.removesuffix("Edit")
    return create_model(f"{name}Said", __base__=Schema, id=(int, ...), version=(int, ...), **fields)


for _kind in EDITABLE:
    router.get(f"/{_kind.path}", response=_told(_kind), operation_id=f"read_{_name_of(_kind)}")(_reader(_kind))
    router.patch(f"/{_kind.path}", response=ANSWERS, operation_id=f"edit_{_name_of(_kind)}")(_writer(_kind))
