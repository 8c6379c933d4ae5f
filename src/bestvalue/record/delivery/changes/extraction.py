"""Checking what was read in a report: each recommendation is accepted, edited, split, merged or dismissed by a person."""

from collections.abc import Sequence

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.extracted import Worded, enter_extracted, note_check
from bestvalue.record.delivery.models import Recommendation, TakenFrom
from bestvalue.record.inspections.models import Checked, Extracted, ExtractedCheck, Paragraph, PublishedReport
from bestvalue.record.ledger import ledger


@transaction.atomic
def accept_extracted(
    extracted: Extracted, *, by: Person | None, number: str = "", text: str = "", paragraph: Paragraph | None = None, reason: str = ""
) -> Recommendation:
    """Accept what was read, as it is or corrected: it enters the register.

    Args:
        extracted: what was read.
        by: who checked it; None for the operator at the command line.
        number: the right number, where the reader's is wrong.
        text: the right words, where the reader's are wrong.
        paragraph: the paragraph that argues it, where the reader's is wrong.
        reason: what was wrong, if somebody wants to say it.

    Raises:
        RuleError: `by` may not check, it was checked already, or the number is in the register.
    """
    extracted = _held(extracted, by)
    worded = Worded(number=number.strip() or extracted.number, text=text.strip() or extracted.text)
    edited = worded != Worded(number=extracted.number, text=extracted.text) or (paragraph or extracted.paragraph) != extracted.paragraph
    note_check(extracted, Checked.ACCEPTED, by=by, reason=reason, edited=edited)
    made = enter_extracted(extracted, worded, paragraph=paragraph or extracted.paragraph, by=by)
    ledger.write(
        "extracted.accepted", target=made, by=by, payload={"number": made.number, "text": made.text, "edited": edited, "reason": reason}
    )
    return made


@transaction.atomic
def accept_all_extracted(report: PublishedReport, *, by: Person) -> list[Recommendation]:
    """Accept everything that waits of a report as it was read; somebody else imported it.

    Raises:
        RuleError: `by` may not check or imported it, nothing waits, or a number is in the register.
    """
    waiting = [_held(each, by) for each in Extracted.objects.filter(report=report).to_check().order_by("order")]
    if not waiting:
        raise RuleError("Nothing waits to be checked", where=report.title, next_step="Open the register.")
    made = []
    for each in waiting:
        note_check(each, Checked.ACCEPTED, by=by)
        made.append(enter_extracted(each, Worded(number=each.number, text=each.text), paragraph=each.paragraph, by=by))
    ledger.write("report.accepted", target=report, by=by, payload={"rows": [{"number": one.number, "text": one.text} for one in made]})
    return made


@transaction.atomic
def split_extracted(extracted: Extracted, *, parts: Sequence[Worded], by: Person) -> list[Recommendation]:
    """Split what was read into several recommendations: the reader took two for one.

    Raises:
        RuleError: `by` may not check, it was checked already, or there are fewer than two parts, or one says nothing.
    """
    extracted = _held(extracted, by)
    if len(parts) < 2 or any(not part.number.strip() or not part.text.strip() for part in parts):
        raise RuleError("A split has at least two parts with number and text", where="parts", next_step="Enter both parts.")
    note_check(extracted, Checked.SPLIT, by=by)
    made = [enter_extracted(extracted, part, paragraph=extracted.paragraph, by=by) for part in parts]
    listed = [{"number": one.number, "text": one.text} for one in made]
    ledger.write("extracted.split", target=extracted, by=by, payload={"parts": listed})
    return made


@transaction.atomic
def merge_extracted(extracted: Extracted, *, into: Extracted, by: Person) -> ExtractedCheck:
    """Merge what was read into another recommendation of the report: the reader took one for two.

    Raises:
        RuleError: `by` may not check, it was checked already, or the other is of another report, dismissed, split, or itself merged.
    """
    extracted = _held(extracted, by)
    if into.pk == extracted.pk or into.report_id != extracted.report_id:
        raise RuleError("It is merged into another recommendation of the report", where="into", next_step="Select another one.")
    if into.is_checked and into.check_made.outcome != Checked.ACCEPTED:
        raise RuleError(f"{into} was {into.check_made.outcome}", where="into", next_step="Select one that is in the register or to check.")
    made = note_check(extracted, Checked.MERGED, by=by, into=into)
    for taken in TakenFrom.objects.filter(extracted=into):
        TakenFrom.objects.create(recommendation=taken.recommendation, extracted=extracted)
    ledger.write("extracted.merged", target=extracted, by=by, payload={"into": into.number, "text": extracted.text})
    return made


@transaction.atomic
def dismiss_extracted(extracted: Extracted, *, reason: str, by: Person) -> ExtractedCheck:
    """Say that what was read is no recommendation. What it says stays in the record.

    Raises:
        RuleError: `by` may not check, it was checked already, or no reason is given.
    """
    extracted = _held(extracted, by)
    if not reason.strip():
        raise RuleError("It is dismissed with a reason", where="reason", next_step="Say what it is instead.")
    made = note_check(extracted, Checked.DISMISSED, by=by, reason=reason)
    ledger.write("extracted.dismissed", target=extracted, by=by, payload={"text": extracted.text, "reason": made.reason})
    return made


def _held(extracted: Extracted, by: Person | None) -> Extracted:
    held = (
        Extracted.objects.select_for_update(of=("self",))
        .select_related("report__issuer", "report__about", "paragraph")
        .get(pk=extracted.pk)
    )
    held.check_open_to(by)
    return held
