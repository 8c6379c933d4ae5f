"""Changes to inspections, by their stage: planning and fieldwork, grading, drafting, factual accuracy, publication."""

from bestvalue.record.assessment.changes.accuracy import comment, dispose, say_nothing_further, send_draft
from bestvalue.record.assessment.changes.drafting import add_paragraph, reword, start_report
from bestvalue.record.assessment.changes.fieldwork import answer_request, ask_for_document, plan_interview, record_interview
from bestvalue.record.assessment.changes.grading import confirm_override, grade, override, share_grades
from bestvalue.record.assessment.changes.planning import appoint, plan_inspection, start_fieldwork, withdraw
from bestvalue.record.assessment.changes.publication import propose_publication, publish

__all__ = [
    "add_paragraph",
    "answer_request",
    "appoint",
    "ask_for_document",
    "comment",
    "confirm_override",
    "dispose",
    "grade",
    "override",
    "plan_inspection",
    "plan_interview",
    "propose_publication",
    "publish",
    "record_interview",
    "reword",
    "say_nothing_further",
    "send_draft",
    "share_grades",
    "start_fieldwork",
    "start_report",
    "withdraw",
]
