"""Taking a workbook in: every change of it or none, each by the same rules as on the site, and one entry of the ledger for all."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import Fault, RuleError, TableFaults
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.changes.edits import ACTION as ACTION_WORDS
from bestvalue.record.delivery.models import COSTING, FileKind, ImportedFile, RecommendationQuerySet
from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.applying import Sayings
from bestvalue.record.delivery.workbook.compare import Change, Difference, compare
from bestvalue.record.delivery.workbook.read import in_order, read_book
from bestvalue.record.delivery.workbook.rows import Names, book_of
from bestvalue.record.ledger import ledger

MINE, THEIRS = "mine", "theirs"
"""What is chosen of a conflict: what the workbook says, or what somebody else wrote meanwhile."""
CORRECT = "Correct the workbook and bring it back again: nothing was written."


class LookAgainError(RuleError):
    """The register changed since somebody looked at what a workbook would change."""


@transaction.atomic
def take_workbook(
    content: bytes,
    *,
    name: str,
    listed: RecommendationQuerySet,
    choices: Mapping[str, str],
    on: date,
    by: Person,
    seen: str = "",
) -> ImportedFile:
    """Make the changes that a workbook brings.

    Args:
        content: of the file.
        name: of the file.
        listed: the recommendations that whoever brings it may see.
        choices: of each conflict, by its name, `MINE` or `THEIRS`.
        on: today.
        by: who brings it: every rule asks whether they may.
        seen: digest of the difference that was confirmed; empty where nobody looked.

    Raises:
        TableError: it is no workbook of this register.
        TableFaults: a row has a fault, breaks a rule, or a conflict is not decided. Nothing is written then.
        LookAgainError: what would be written is not what was seen.
    """
    now = book_of(listed, on=on)
    difference = compare(read_book(content, name=name), now)
    if seen and difference.digest != seen:
        raise LookAgainError("The register changed since you looked", next_step="Look through the changes again: they are shown anew.")
    open_ones = [one for one in difference.conflicts if choices.get(one.name) not in (MINE, THEIRS)]
    faults = [*difference.faults, *(_undecided(one, name) for one in open_ones)]
    if faults:
        raise TableFaults(faults, total=len(faults), where=name, next_step=CORRECT)
    wanted = [one for one in difference.changes if not one.is_conflict or choices[one.name] == MINE]
    with ledger.gathered() as entries:
        broken = _make(wanted, now.names, file=name, on=on, by=by)
    if broken:
        raise TableFaults(broken, total=len(broken), where=name, next_step=CORRECT)
    sha256 = hashlib.sha256(content).hexdigest()
    taken = ImportedFile.objects.create(kind=FileKind.WORKBOOK, name=name, sha256=sha256, changes=len(wanted), at=timezone.now(), by=by)
    ledger.write("workbook.taken_in", target=taken, by=by, payload={"file": name, "sha256": sha256, "rows": entries})
    return taken


def difference_of(content: bytes, *, name: str, listed: RecommendationQuerySet, on: date) -> Difference:
    """What a workbook would change. Nothing is written.

    Raises:
        TableError: it is no workbook of this register.
    """
    return compare(read_book(content, name=name), book_of(listed, on=on))


def rehearse(content: bytes, *, name: str, listed: RecommendationQuerySet, on: date, by: Person) -> Difference:
    """What a workbook would change, with the rules that it would break: its changes are made, and all of them taken back.

    Conflicts are left as the register has them.

    Raises:
        TableError: it is no workbook of this register.
    """
    now = book_of(listed, on=on)
    difference = compare(read_book(content, name=name), now)
    if difference.faults or not difference.changes:
        return difference
    wanted = [one for one in difference.changes if not one.is_conflict]
    with transaction.atomic(), ledger.gathered():
        broken = _make(wanted, now.names, file=name, on=on, by=by)
        transaction.set_rollback(True)
    return replace(difference, broken=broken)


def _make(wanted: Sequence[Change], names: Names, *, file: str, on: date, by: Person) -> list[Fault]:
    """Make the changes in an order in which none waits for another; gather what breaks a rule."""
    recommendations = {str(one.pk): one for one in names.recommendations.values()}
    actions = {str(one.pk): one for one in names.actions.values()}
    sayings = Sayings(names=names, recommendations=recommendations, actions=actions, on=on, by=by)
    broken: list[Fault] = []
    for make, change in _in_turn(sayings, wanted):
        try:
            with transaction.atomic():
                make(change)
        except RuleError as rule:
            broken.append(_broken(rule, change, file))
    return in_order(broken)


def _in_turn(sayings: Sayings, wanted: Sequence[Change]) -> Iterator[tuple[Callable[[Change], None], Change]]:
    """Who owns it before its dates move, what it says before it is answered, what no longer waits before what waits anew."""
    turns: Sequence[tuple[str, tuple[str, ...], Callable[[Change], None]]] = (
        (layout.RECOMMENDATIONS.name, ("owned",), sayings.own),
        (layout.RECOMMENDATIONS.name, (*COSTING, "success"), sayings.word_recommendation),
        (layout.RECOMMENDATIONS.name, ("status",), sayings.stand),
        (layout.ACTIONS.name, ("",), sayings.add_action),
        (layout.ACTIONS.name, ACTION_WORDS, sayings.word_action),
        (layout.ACTIONS.name, ("lead", "starts"), sayings.lead),
        (layout.ACTIONS.name, ("waits_for",), sayings.wait_no_longer),
        (layout.ACTIONS.name, ("waits_for",), sayings.wait),
        (layout.ACTIONS.name, ("state",), sayings.progress),
        (layout.UPDATES.name, ("",), sayings.update),
        (layout.DATES.name, ("",), sayings.move_date),
    )
    for sheet, units, make in turns:
        chosen = [one for one in wanted if one.sheet == sheet and one.unit in units]
        for change in sorted(chosen, key=lambda one: one.after.get("on", "")):
            yield make, change


def _undecided(change: Change, file: str) -> Fault:
    return Fault(
        what="somebody else changed it too",
        file=f"{file}, sheet {change.sheet}",
        row=change.number,
        column=change.heading,
        next_step="Choose between theirs and yours.",
    )


def _broken(rule: RuleError, change: Change, file: str) -> Fault:
    return Fault(what=rule.what, file=f"{file}, sheet {change.sheet}", row=change.number, column=change.heading, next_step=rule.next_step)
