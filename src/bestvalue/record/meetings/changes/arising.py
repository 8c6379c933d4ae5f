"""Changes to the actions that arise from meetings."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.meetings.models import ActionArising, AgendaItem, ArisingStep, Became, Meeting, check_arising


@transaction.atomic
def add_action_arising(meeting: Meeting, *, what: str, who: Person, due: date, by: Person, item: AgendaItem | None = None) -> ActionArising:
    """Record that somebody is to do something by a day. It shows at the next meetings, and in their list, until it has ended.

    Args:
        meeting: which said so.
        what: what is to be done.
        who: the one person who is to do it; need not be a member.
        due: by which day.
        by: a member of the body.
        item: the item of the agenda that it comes from.

    Raises:
        RuleError: `by` is no member, the meeting has not been held, or something is missing or does not fit.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
    check_arising(meeting, what=what, due=due, item=item, by=by)
    action = ActionArising.objects.create(
        meeting=meeting, item=item, number=meeting.actions.count() + 1, what=what.strip(), who=who, first_due=due, added_by=by
    )
    ledger.write(
        "action_arising.added", target=action, by=by, payload={"meeting": meeting.pk, "what": action.what, "who": who.pk, "due": due}
    )
    return action


@transaction.atomic
def report_on_action(action: ActionArising, *, step: Became, on: date, note: str, by: Person, due: date | None = None) -> ArisingStep:
    """Say that an action is done, carried over or dropped. What was said before stays.

    Args:
        action: which.
        step: what became of it.
        on: the day on which that was.
        note: what was done, or why not.
        by: whoever is to do it, or a member of the body.
        due: the day to which it is carried over.

    Raises:
        RuleError: `by` may not, it has ended, or something is missing or does not fit.
    """
    action = ActionArising.objects.select_for_update(of=("self",)).select_related("meeting__body", "who").get(pk=action.pk)
    action.check_reportable(step=step, on=on, today=timezone.localdate(), note=note, due=due, by=by)
    reported = ArisingStep.objects.create(action=action, step=step, on=on, note=note.strip(), due=due, by=by)
    ledger.write("action_arising.reported", target=action, by=by, payload={"step": step, "on": on, "note": reported.note, "due": due})
    return reported
