"""Changes to meetings and to what arises from them. One function a change, one entry of the ledger each."""

from bestvalue.record.meetings.changes.arising import add_action_arising, report_on_action
from bestvalue.record.meetings.changes.markings import mark_meeting
from bestvalue.record.meetings.changes.meetings import (
    add_item,
    call_meeting,
    call_off,
    decide_item,
    minute_item,
    record_attendance,
)

__all__ = [
    "add_action_arising",
    "add_item",
    "call_meeting",
    "call_off",
    "decide_item",
    "mark_meeting",
    "minute_item",
    "record_attendance",
    "report_on_action",
]
