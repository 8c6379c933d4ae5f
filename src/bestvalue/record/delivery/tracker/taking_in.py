"""Taking a tracker in: what its rows would change, by the key of each recommendation, and then all of it at once.

A row of which the register knows the issuer, report and number is an update of that recommendation, never a second one. What a tracker
cannot decide here (completion, an agreed date) is told beside the row, and not written.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from bestvalue.errors import Fault, RuleError, TableFaults
from bestvalue.record.bodies.changes import add_person
from bestvalue.record.bodies.models import Body, Person, body_named
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status, settable_after
from bestvalue.record.delivery.models import FileKind, ImportedFile, Recommendation, RecommendationQuerySet, TrackerMapping, WaitingFile
from bestvalue.record.delivery.tracker.fields import NEW, Answers
from bestvalue.record.delivery.tracker.grid import read_grid
from bestvalue.record.delivery.tracker.rows import TrackerRow, tracker_rows
from bestvalue.record.inspections.models import DECIDERS
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.chain import canonical_json
from bestvalue.record.two_people import check_second_person

NOTHING_LEFT = (Status.COMPLETE, Status.CLOSED, Status.WITHDRAWN, Status.NOT_ACCEPTED)
"""What ended elsewhere needs no action here, whatever day the tracker has for it."""
NOT_SAID = "The tracker does not say."
MOST_BY_ONE = 10
"""More rows than this, and a second person confirms them: whoever makes a few changes could make them by hand, each on its page."""
CORRECT = "Correct the tracker, or leave these rows out: nothing was written."


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one row would change.

    Args:
        number: of the row.
        about: the recommendation in words.
        is_new: it joins the register.
        said: what would be other: heading, before, after.
        notes: what the tracker says and cannot decide here.
    """

    number: int
    about: str
    is_new: bool
    said: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TrackerDifference:
    """What a tracker would change.

    Args:
        told: rows that change something, or have something to note.
        unchanged: how many rows say what the register says.
        faults: what is wrong in the others.
    """

    told: Sequence[Told]
    unchanged: int
    faults: Sequence[Fault]

    @property
    def rows_written(self) -> int:
        """How many rows would write something."""
        return sum(bool(one.said) for one in self.told)

    @property
    def needs_two(self) -> bool:
        """Whether a second person must confirm it."""
        return self.rows_written > MOST_BY_ONE

    @property
    def sha256(self) -> str:
        """Digest of everything that it would change and leave out."""
        told = [[one.number, one.about, one.is_new, one.said, one.notes] for one in self.told]
        left = [[fault.row, fault.what] for fault in self.faults]
        return hashlib.sha256(canonical_json({"told": told, "left": left, "unchanged": self.unchanged}).encode()).hexdigest()

    @property
    def rows_out(self) -> int:
        """How many rows cannot be taken in; one may have several faults."""
        return len({fault.row for fault in self.faults})


def check_may_take(by: Person) -> None:
    """Refuse whoever may not bring recommendations into the register.

    Raises:
        RuleError: `by` is no manager, lead or board member.
    """
    if not by.holds(*DECIDERS):
        raise RuleError(f"{by} may not bring a tracker in", next_step="Ask a project or programme manager.")


@transaction.atomic
def take_tracker(
    content: bytes,
    *,
    name: str,
    answers: Answers,
    listed: RecommendationQuerySet,
    leave_out: bool,
    on: date,
    by: Person,
    proposed: WaitingFile | None = None,
) -> ImportedFile:
    """Write what a tracker says, and remember how it was read.

    Args:
        content: of the file.
        name: of the file.
        answers: how it is to be read.
        listed: the recommendations that whoever brings it may see.
        leave_out: rows with a fault are left out; else one fault keeps all of it out.
        on: today.
        by: who brings it; or who confirms what another brought.
        proposed: what another person proposed; needed for more than `MOST_BY_ONE` rows.

    Raises:
        TableError: the file cannot be read.
        TableFaults: a row has a fault or breaks a rule, and may not be left out.
        RuleError: `by` may not bring one, or so many rows need a second person, or they are not what was proposed.
    """
    check_may_take(by)
    proposed = None if proposed is None else _held(proposed)
    with ledger.gathered() as entries:
        difference = _go_through(content, name=name, answers=answers, listed=listed, on=on, by=by)
        if difference.faults and not leave_out:
            raise TableFaults(difference.faults, total=len(difference.faults), where=name, next_step=CORRECT)
        if difference.needs_two or proposed is not None:
            _check_by_two(difference, proposed, name=name, by=by)
    _remember(answers, by=by)
    sha256, written = hashlib.sha256(content).hexdigest(), difference.rows_written
    taken = ImportedFile.objects.create(
        kind=FileKind.TRACKER, name=name, source=answers.source, sha256=sha256, changes=written, at=timezone.now(), by=by
    )
    left_out = [str(one) for one in difference.faults]
    payload = {"file": name, "sha256": sha256, "source": answers.source, "rows": entries, "left_out": left_out}
    brought_by = proposed.person_id if proposed else None
    ledger.write("tracker.taken_in", target=taken, by=by, payload={**payload, "proposed_by": brought_by})
    return taken


@transaction.atomic
def propose_tracker(waiting: WaitingFile, *, difference: TrackerDifference, leave_out: bool, by: Person) -> WaitingFile:
    """Ask another person to confirm a tracker of many rows. What it would change is held by its digest.

    Args:
        waiting: the tracker.
        difference: what `by` saw that it would change.
        leave_out: rows with a fault are left out.
        by: who brought it.

    Raises:
        TableFaults: a row has a fault, and may not be left out.
        RuleError: `by` may not bring one, or it does not wait any more.
    """
    check_may_take(by)
    waiting = _held(waiting)
    if difference.faults and not leave_out:
        raise TableFaults(difference.faults, total=len(difference.faults), where=waiting.name, next_step=CORRECT)
    waiting.proposed_at, waiting.proposal_sha256 = timezone.now(), difference.sha256
    waiting.leave_out, waiting.refused = leave_out, ""
    waiting.save()
    said = {"file": waiting.name, "sha256": hashlib.sha256(waiting.bytes).hexdigest(), "changes": difference.sha256}
    ledger.write("tracker.proposed", target=by, by=by, payload={**said, "rows": difference.rows_written})
    return waiting


@transaction.atomic
def refuse_tracker(waiting: WaitingFile, *, reason: str, by: Person) -> WaitingFile:
    """Refuse a tracker that another person proposed. It goes back to them with the reason.

    Raises:
        RuleError: `by` may not bring one or proposed it, it is not proposed or does not wait any more, or no reason is given.
    """
    check_may_take(by)
    waiting = _held(waiting)
    check_second_person(by, proposed_by=waiting.person_id, act="A tracker of many rows", where=waiting.name)
    if waiting.proposed_at is None or not reason.strip():
        raise RuleError("A tracker that is proposed is refused with a reason", where="reason", next_step="Say what must change.")
    waiting.proposed_at, waiting.refused = None, f"{by}: {reason.strip()}"
    waiting.save()
    said = {"file": waiting.name, "sha256": hashlib.sha256(waiting.bytes).hexdigest(), "reason": reason.strip()}
    ledger.write("tracker.refused", target=by, by=by, payload={**said, "proposed_by": waiting.person_id})
    return waiting


def rehearse_tracker(
    content: bytes, *, name: str, answers: Answers, listed: RecommendationQuerySet, on: date, by: Person
) -> TrackerDifference:
    """What a tracker would change: it is taken in, and all of it taken back.

    Raises:
        TableError: the file cannot be read.
    """
    with transaction.atomic():
        with ledger.gathered():
            difference = _go_through(content, name=name, answers=answers, listed=listed, on=on, by=by)
        transaction.set_rollback(True)
    return difference


def remembered(source: str) -> Answers | None:
    """How the tracker of a source was read the last time; None for a source that is new."""
    mapping = TrackerMapping.objects.filter(source__iexact=source.strip()).first()
    return Answers(**mapping.answers) if mapping else None


def _held(waiting: WaitingFile) -> WaitingFile:
    """A tracker that waits, as it is now: of two who answer it at once, the second finds what the first made of it.

    Raises:
        RuleError: it was forgotten, or taken in.
    """
    held = WaitingFile.objects.select_for_update().filter(pk=waiting.pk).first()
    if held is None:
        raise RuleError("The tracker does not wait any more", where=waiting.name, next_step="See in the register what became of it.")
    return held


def _check_by_two(difference: TrackerDifference, proposed: WaitingFile | None, *, name: str, by: Person) -> None:
    if proposed is None or proposed.proposed_at is None:
        raise RuleError(
            f"{difference.rows_written} rows at once need two people", where=name, next_step="Propose them, and ask another to confirm."
        )
    check_second_person(by, proposed_by=proposed.person_id, act="A tracker of many rows", where=name)
    if difference.sha256 != proposed.proposal_sha256:
        raise RuleError(
            "What it would change is not what was proposed: the register changed since, or you may not read all of it",
            where=name,
            next_step="Ask whoever brought it to look again and propose it anew, or somebody who reads all of it to confirm.",
        )


def _remember(answers: Answers, *, by: Person) -> None:
    known = TrackerMapping.objects.filter(source__iexact=answers.source).first()
    mapping = known or TrackerMapping(source=answers.source)
    mapping.answers, mapping.by, mapping.at = answers.as_json(), by, timezone.now()
    if known is not None:
        mapping.row_version += 1
    mapping.save()


def _go_through(content: bytes, *, name: str, answers: Answers, listed: RecommendationQuerySet, on: date, by: Person) -> TrackerDifference:
    grid = read_grid(content, name=name, sheet=answers.sheet)
    read = tracker_rows(grid, answers)
    writer = _Writer(answers=answers, on=on, by=by, known=_known(listed))
    told, faults, place = [], list(read.faults), f"{name}, sheet {grid.sheet}" if grid.sheet else name
    for row in read.rows:
        try:
            with transaction.atomic():
                told.append(writer.write(row))
        except RuleError as rule:
            writer.forget()
            faults.append(Fault(what=rule.what, file=place, row=row.number, next_step=rule.next_step))
    moved = [one for one in told if one.said or one.notes]
    faults.sort(key=lambda fault: fault.row or 0)
    return TrackerDifference(told=moved, unchanged=len(told) - len(moved), faults=faults)


Key = tuple[int, str, str]


def _known(listed: RecommendationQuerySet) -> dict[Key, Recommendation]:
    """The recommendations of the register by issuer, report and number; a report answers to its slug and to its title."""
    found: dict[Key, Recommendation] = {}
    rows = listed.order_by("pk").select_related("issuer", "review__programme", "published_report").prefetch_related("ownerships__lead")
    for one in rows.prefetch_related("statuses", "actions", "updates"):
        title = one.published_report.title if one.published_report else ""
        for slug in {one.report_slug, slugify(title)} - {""}:
            found[(one.issuer_id, slug, one.number)] = one
    return found


@dataclass(kw_only=True)
class _Writer:
    """Writes rows one after the other; remembers whom and what it recorded on the way."""

    answers: Answers
    on: date
    by: Person
    known: dict[Key, Recommendation]
    _bodies: dict[str, Body] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)

    def write(self, row: TrackerRow) -> Told:
        issuer = self._body(row.issuer)
        if issuer is None:
            raise RuleError("Nothing says who made it", next_step="Say who made all of them.")
        key = (issuer.pk, slugify(row.report), row.key)
        present = self.known.get(key)
        is_new = present is None
        said: list[tuple[str, str, str]] = []
        notes: list[str] = []
        if present is None:
            present = self._enter(issuer, row, said)
        else:
            self._word(present, row, said, notes)
            self._stand(present, row, said, notes)
        self._own(present, row, said, notes)
        self._plan(present, row, said, notes)
        self._comment(present, row, said)
        return Told(number=row.number, about=f"{issuer}, {row.report}, {row.key}", is_new=is_new, said=tuple(said), notes=tuple(notes))

    def forget(self) -> None:
        """Forget whom and what a row recorded that was taken back."""
        self._bodies.clear()
        self._people.clear()

    def _enter(self, issuer: Body, row: TrackerRow, said: list[tuple[str, str, str]]) -> Recommendation:
        entered = changes.Entered(number=row.key, text=row.text, kind=row.kind, asked_of=self._body(row.asked_of))
        (made,) = changes.enter_recommendations(issuer, report_title=row.report, made_on=row.made_on, rows=[entered], by=self.by)
        said.append(("What is asked", "", row.text))
        said.append(("Kind", "", Kind(row.kind).label))
        if row.status not in (None, Status.MADE):
            stood = Status(row.status)
            changes.begin_at(made, status=stood, source=self.answers.source, on=row.status_on or row.made_on or self.on, by=self.by)
            said.append(("Status", "", stood.label))
        return made

    def _word(self, found: Recommendation, row: TrackerRow, said: list[tuple[str, str, str]], notes: list[str]) -> None:
        if row.text == found.text:
            return
        try:
            changes.edit_recommendation(found, version=found.row_version, mine={"text": row.text}, by=self.by)
        except RuleError as rule:
            notes.append(f"The tracker words it otherwise, and it keeps its wording here: {rule.what.lower()}")
        else:
            said.append(("What is asked", found.text, row.text))

    def _stand(self, found: Recommendation, row: TrackerRow, said: list[tuple[str, str, str]], notes: list[str]) -> None:
        newest = max(found.statuses.all(), key=lambda status: (status.on, status.pk))
        present = Status(newest.status)
        if row.status is None or row.status is present:
            return
        if row.status not in settable_after(present):
            notes.append(
                f"The tracker says “{row.status.label}”, and here it stands at “{present.label}”: "
                "what does not just follow is requested by the lead and decided by the owning body, here."
            )
            return
        on, note = max(row.status_on or self.on, newest.on), f"According to {self.answers.source}. {row.comment}".strip()
        changes.set_status(found, status=row.status, on=on, note=note, by=self.by)
        said.append(("Status", present.label, row.status.label))

    def _own(self, found: Recommendation, row: TrackerRow, said: list[tuple[str, str, str]], notes: list[str]) -> None:
        present, named, lead = found.ownership, self._body(row.owner), self._person(row.lead)
        if present and named and named.pk != present.body_id:
            notes.append(f"The tracker says that {named} owns it, and here {present.body} does: it is handed over by a transfer, here.")
            return
        if lead is None or (present and present.lead_id == lead.pk):
            return
        body = named or (present.body if present else None)
        if body is None:
            notes.append(f"{lead} leads it in the tracker, which does not say which body owns it: say so here.")
            return
        on = max(self.on, present.on) if present else self.on
        cycle, sponsor = (present.cycle_days, present.sponsor) if present else (91, None)
        reason = f"According to {self.answers.source}."
        changes.own(found, body=body, lead=lead, sponsor=sponsor, cycle_days=cycle, on=on, reason=reason, by=self.by)
        said.append(("Owned and led by", f"{present.body}, {present.lead}" if present else "", f"{body}, {lead}"))

    def _plan(self, found: Recommendation, row: TrackerRow, said: list[tuple[str, str, str]], notes: list[str]) -> None:
        if row.due is None:
            return
        planned = list(found.actions.all())
        if planned:
            agreed = planned[0].agreed_date
            if len(planned) == 1 and agreed != row.due:
                notes.append(
                    f"The tracker says that it is due on {row.due:%d %B %Y}, and here {agreed:%d %B %Y} is agreed: "
                    "an agreed date moves by a decision of the owning body with its cause, here."
                )
            return
        if row.status in NOTHING_LEFT:
            return
        lead = self._person(row.lead) or found.lead
        if lead is None:
            notes.append(f"It is due on {row.due:%d %B %Y}, and nobody leads it: add the action here.")
            return
        why = f"According to {self.answers.source}."
        what = row.action or row.text
        changes.add_action(found, what=what, why=why, how=NOT_SAID, target=NOT_SAID, lead=lead, original_date=row.due, by=self.by)
        said.append(("Action", "", f"{what} (due {row.due:%d %B %Y})"))

    def _comment(self, found: Recommendation, row: TrackerRow, said: list[tuple[str, str, str]]) -> None:
        text = f"According to {self.answers.source}: {row.comment}"
        if not row.comment or any(update.text == text for update in found.updates.all()):
            return
        changes.pass_on_comment(found, text=row.comment, source=self.answers.source, on=self.on, by=self.by)
        said.append(("Comment", "", row.comment))

    def _body(self, meant: str) -> Body | None:
        if meant and meant not in self._bodies:
            kind, _, name = meant.partition(":")
            self._bodies[meant] = body_named(name) if kind == NEW else Body.objects.get(pk=int(meant))
        return self._bodies.get(meant)

    def _person(self, meant: str) -> Person | None:
        if meant and meant not in self._people:
            kind, _, name = meant.partition(":")
            self._people[meant] = _person_named(name, by=self.by) if kind == NEW else Person.objects.get(pk=int(meant))
        return self._people.get(meant)


def _person_named(name: str, *, by: Person) -> Person:
    return Person.objects.filter(name__iexact=name).order_by("pk").first() or add_person(name=name, by=by)


def answers_of(kept: Mapping[str, object]) -> Answers:
    """Answers as they were kept with a file that waits."""
    return Answers(**kept)  # type: ignore[arg-type]  # kept by `as_json`, whose names these are
