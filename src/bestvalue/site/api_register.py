"""The part of the API about what enters the register: by hand, from what was read in a report, and from findings that ask for something."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.changes.extraction import accept_extracted, dismiss_extracted, merge_extracted, split_extracted
from bestvalue.record.delivery.extracted import Worded
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.tracker.taking_in import MOST_BY_ONE
from bestvalue.record.inspections.changes import dismiss
from bestvalue.record.inspections.models import Candidate, Extracted
from bestvalue.site.api_access import REFUSALS, AddedOut, Key, person_or_403

router = Router(tags=["register"])
MOST_ROWS = 1000
Number = Field(max_length=80)


class EnteredIn(Schema):
    """A recommendation to enter; who is to act by the key of the body."""

    number: str = Number
    text: str
    kind: Kind = Kind.RECOMMENDATION
    asked_of: Key | None = None


class EnterIn(Schema):
    """Recommendations of a report that is not in the library; its issuer by the key of the body."""

    issuer: Key
    report_title: str = Field(max_length=180)
    made_on: date | None = None
    rows: list[EnteredIn] = Field(min_length=1, max_length=MOST_ROWS)


class TakeUpIn(Schema):
    """Whether a finding that asks for something joins the register or is set aside, and why."""

    taken_up: bool
    reason: str


class ExtractedOut(Schema):
    """What was read in a report, and how sure the reader is; without an outcome somebody has to check it."""

    id: int
    report: str = Field(alias="report.slug")
    number: str
    text: str
    page: int | None
    confidence: str
    outcome: str | None

    @staticmethod
    def resolve_outcome(row: Extracted) -> str | None:
        """What a person made of it."""
        return str(row.check_made.outcome) if row.is_checked else None


class AcceptIn(Schema):
    """What is right where the reader was wrong; empty where it was right."""

    number: str = Field("", max_length=80)
    text: str = ""
    reason: str = ""


class PartIn(Schema):
    """One of the recommendations that the reader took for one."""

    number: str = Number
    text: str


class SplitIn(Schema):
    """The recommendations that the reader took for one."""

    parts: list[PartIn] = Field(max_length=20)


class MergeIn(Schema):
    """The recommendation, by its key, of which this is a part."""

    into: Key


class ReasonIn(Schema):
    """Why."""

    reason: str


@router.post("/register-entries", response={201: list[AddedOut], **REFUSALS})
def enter(request: HttpRequest, entered: EnterIn) -> Status[list[AddedOut]]:
    """Enter recommendations of a report by hand; all of them or none."""
    person = person_or_403(request)
    if len(entered.rows) > MOST_BY_ONE:
        raise RuleError(
            f"{len(entered.rows)} rows at once need two people",
            where="rows",
            next_step=f"Enter at most {MOST_BY_ONE}, or bring them in as a tracker on the site, which another person confirms.",
        )
    bodies = {row.asked_of: get_object_or_404(Body, pk=row.asked_of) for row in entered.rows if row.asked_of is not None}
    made = changes.enter_recommendations(
        get_object_or_404(Body, pk=entered.issuer),
        report_title=entered.report_title,
        made_on=entered.made_on,
        rows=[
            changes.Entered(
                number=row.number, text=row.text, kind=row.kind, asked_of=bodies[row.asked_of] if row.asked_of is not None else None
            )
            for row in entered.rows
        ],
        by=person,
    )
    return Status(201, [AddedOut(id=one.pk, reference=one.reference) for one in made])


@router.post("/report-candidates/{candidate_id}/decision", response={201: AddedOut, **REFUSALS})
def decide_candidate(request: HttpRequest, candidate_id: Key, decided: TakeUpIn) -> Status[AddedOut]:
    """Take up a finding that asks for something although its report recommends nothing, or set it aside."""
    person = person_or_403(request)
    found = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("report", "paragraph"), pk=candidate_id)
    if decided.taken_up:
        made = changes.take_up(found, reason=decided.reason, on=timezone.localdate(), by=person)
        return Status(201, AddedOut(id=made.pk, reference=made.reference))
    return Status(201, AddedOut(id=dismiss(found, reason=decided.reason, by=person).pk, reference=found.paragraph.number))


@router.get("/reports/{slug}/extracted", response=list[ExtractedOut])
def extracted(request: HttpRequest, slug: str) -> object:
    """What was read in a report, in its order."""
    person_or_403(request)
    return Extracted.objects.visible_to(request.user).filter(report__slug=slug).select_related("report", "check_made").order_by("order")


@router.post("/extracted/{extracted_id}/acceptance", response={201: AddedOut, **REFUSALS})
def accept(request: HttpRequest, extracted_id: Key, said: AcceptIn) -> Status[AddedOut]:
    """Accept what was read into the register, as it is or corrected."""
    person, found = person_or_403(request), _extracted(request, extracted_id)
    made = accept_extracted(found, number=said.number, text=said.text, reason=said.reason, by=person)
    return Status(201, AddedOut(id=made.pk, reference=made.reference))


@router.post("/extracted/{extracted_id}/split", response={201: list[AddedOut], **REFUSALS})
def split(request: HttpRequest, extracted_id: Key, said: SplitIn) -> Status[list[AddedOut]]:
    """Split what was read: the reader took several for one."""
    person, found = person_or_403(request), _extracted(request, extracted_id)
    made = split_extracted(found, parts=[Worded(number=part.number, text=part.text) for part in said.parts], by=person)
    return Status(201, [AddedOut(id=one.pk, reference=one.reference) for one in made])


@router.post("/extracted/{extracted_id}/merger", response={201: AddedOut, **REFUSALS})
def merge(request: HttpRequest, extracted_id: Key, said: MergeIn) -> Status[AddedOut]:
    """Merge what was read into another: the reader took one for several."""
    person, found = person_or_403(request), _extracted(request, extracted_id)
    into = _extracted(request, said.into)
    merge_extracted(found, into=into, by=person)
    return Status(201, AddedOut(id=into.pk, reference=into.number))


@router.post("/extracted/{extracted_id}/dismissal", response={201: AddedOut, **REFUSALS})
def dismiss_read(request: HttpRequest, extracted_id: Key, why: ReasonIn) -> Status[AddedOut]:
    """Say that what was read is no recommendation."""
    person, found = person_or_403(request), _extracted(request, extracted_id)
    dismiss_extracted(found, reason=why.reason, by=person)
    return Status(201, AddedOut(id=found.pk, reference=found.number))


def _extracted(request: HttpRequest, key: int) -> Extracted:
    rows = Extracted.objects.visible_to(request.user).select_related("report__issuer", "report__about", "paragraph", "check_made")
    return get_object_or_404(rows, pk=key)
