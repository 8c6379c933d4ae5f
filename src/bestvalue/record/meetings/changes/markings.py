"""Changes to who may read a meeting: its agenda, its minutes, who was there and what arose are read, or not, as a whole."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.meetings.models import Meeting
from bestvalue.record.reviews.models import Marking, NeedToKnowGroup
from bestvalue.record.row_versions import check_as_read


@transaction.atomic
def mark_meeting(
    meeting: Meeting,
    *,
    marking: Marking,
    by: Person,
    group: NeedToKnowGroup | None = None,
    descriptor: str = "",
    handling: str = "",
    reason: str = "",
    read: Mapping[str, Any] | None = None,
) -> Meeting:
    """Mark a meeting anew. A member who reads it may raise its marking; to lower it takes a reason.

    Args:
        meeting: which.
        marking: its marking from now on.
        by: a member of the body; of the group too, where it is sensitive.
        group: who may read what is sensitive: of a review that comes before the body.
        descriptor: what kind of sensitivity it is: "PERSONAL DATA".
        handling: what whoever reads it must keep to.
        reason: why; needed where the marking is lowered.
        read: its marking as it was read; None where nobody else can have marked it meanwhile.

    Raises:
        RuleError: `by` may not, no group is named, it is not for this body or `by` is not in it, or a reason is missing.
        EditedMeanwhileError: somebody else marked it since.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
    mine = {"marking": marking, "group": group, "descriptor": descriptor.strip(), "handling": handling.strip()}
    check_as_read(meeting, read=read, mine=mine)
    meeting.check_markable(marking=marking, group=group, reason=reason, by=by)
    before = meeting.full_marking
    meeting.marking, meeting.group, meeting.descriptor, meeting.handling = marking, group, descriptor.strip(), handling.strip()
    meeting.save()
    ledger.write(
        "meeting.marked",
        target=meeting,
        by=by,
        payload={
            "from": before,
            "to": meeting.full_marking,
            "group": group and group.pk,
            "handling": meeting.handling,
            "reason": reason.strip(),
        },
    )
    return meeting
