"""Changes to a review."""

from bestvalue.record.reviews.changes.aims import add_aim, edit_aim, withdraw_aim
from bestvalue.record.reviews.changes.decisions import ask_for_decision, take_decision
from bestvalue.record.reviews.changes.edits import change_citations, edit_evidence, edit_finding, edit_review, edit_strand
from bestvalue.record.reviews.changes.evidence import add_evidence, add_file_version, add_finding, grade_evidence
from bestvalue.record.reviews.changes.markings import (
    add_to_group,
    make_group,
    mark,
    note_exported,
    note_read,
    take_out_of_group,
)
from bestvalue.record.reviews.changes.publication import confirm_version, propose_version, refuse_version
from bestvalue.record.reviews.changes.review import add_part, add_strand, start_review
from bestvalue.record.reviews.changes.withdrawals import withdraw_evidence, withdraw_finding, withdraw_strand

__all__ = [
    "add_aim",
    "add_evidence",
    "add_file_version",
    "add_finding",
    "add_part",
    "add_strand",
    "add_to_group",
    "ask_for_decision",
    "change_citations",
    "confirm_version",
    "edit_aim",
    "edit_evidence",
    "edit_finding",
    "edit_review",
    "edit_strand",
    "grade_evidence",
    "make_group",
    "mark",
    "note_exported",
    "note_read",
    "propose_version",
    "refuse_version",
    "start_review",
    "take_decision",
    "take_out_of_group",
    "withdraw_aim",
    "withdraw_evidence",
    "withdraw_finding",
    "withdraw_strand",
]
