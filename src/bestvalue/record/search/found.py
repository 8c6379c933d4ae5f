"""What can be found: of each kind its rows, who sees them, and how a row becomes a heading and its words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.record.bodies.models import User
from bestvalue.record.delivery.models import Action, Recommendation, Update
from bestvalue.record.discussion.models import Comment
from bestvalue.record.inspections.models import Paragraph, PublishedReport
from bestvalue.record.meetings.models import ActionArising, AgendaItem
from bestvalue.record.reviews.models import Aim, Decision, Evidence, Finding, Review
from bestvalue.record.scrutiny.models import Challenge, Option
from bestvalue.record.search.file_words import words_of_newest
from bestvalue.record.search.models import Kind
from bestvalue.record.search.texts import PAGE

Said: TypeAlias = tuple[str, str]
Seen: TypeAlias = models.QuerySet[Any]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A kind of row that is found.

    Args:
        model: its rows.
        said: the heading and the words of one.
        seen_by: the rows that somebody sees: the question that their pages, files and exports ask as well.
        beside: what its words are read from beside it, for all rows at once when every entry is made anew.
    """

    model: type[models.Model]
    said: Callable[[Any], Said]
    seen_by: Callable[[User | AnonymousUser], Seen]
    beside: tuple[str, ...] = ()


def _marked_withdrawn(heading: str, row: Evidence | Finding) -> str:
    return f"{heading} (withdrawn)" if row.is_withdrawn else heading


def _evidence(row: Evidence) -> Said:
    stated = " ".join(settings.WORKSPACE.store.statements_of(row.result_digest)) if row.result_digest else ""
    # A form feed begins a page of a file, and nothing else.
    notes = f"{row.notes} {row.withdrawn_because} {stated}".replace(PAGE, " ")
    return _marked_withdrawn(str(row), row), f"{notes} {row.file_name} {words_of_newest(row)}"


def _recommendation(row: Recommendation) -> Said:
    return row.reference, f"{row.text} {row.body_text} {row.report_title} {row.cost_words} {row.benefit_words} {row.measure_words}"


def _challenge(row: Challenge) -> Said:
    return f"{row.reference} {row.challenger}", " ".join([row.text, *(step.text for step in row.steps.all())])


def _option(row: Option) -> Said:
    said = [row.text, row.cost, row.effect, row.question.text, *(decision.reason for decision in row.decisions.all())]
    return f"Option {row.reference}", " ".join(said)


def _aim(row: Aim) -> Said:
    return f"Aim {row.number}", f"{row.text} {row.as_measured} {row.withdrawn_because}"


def _decision(row: Decision) -> Said:
    return str(row), f"{row.get_outcome_display() if row.outcome else ''} {row.minute} {row.reason}"


def _item(row: AgendaItem) -> Said:
    minute = row.minute
    return f"{row.meeting}, item {row.number}", f"{row.text} {minute.text if minute else ''}"


def _arising(row: ActionArising) -> Said:
    return f"Action arising {row.reference}", " ".join([row.what, *(step.note for step in row.steps.all())])


def _action(row: Action) -> Said:
    return row.reference, f"{row.what} {row.why} {row.how} {row.target} {row.measure}"


def _update(row: Update) -> Said:
    return f"{row}: {(row.action or row.recommendation).reference}", row.text


def _comment(row: Comment) -> Said:
    return f"Comment of {row.at.day} {row.at:%B %Y}", row.text


SOURCES: Mapping[Kind, Source] = {
    Kind.REVIEW: Source(
        model=Review,
        said=lambda row: (row.title, f"{row.service} {row.summary} {row.context} {row.method}"),
        seen_by=lambda user: Review.objects.visible_to(user),
    ),
    Kind.AIM: Source(model=Aim, said=_aim, seen_by=lambda user: Aim.objects.visible_to(user)),
    Kind.FINDING: Source(
        model=Finding,
        said=lambda row: (_marked_withdrawn(f"Finding {row.reference}", row), f"{row.text} {row.withdrawn_because}"),
        seen_by=lambda user: Finding.objects.visible_to(user),
    ),
    Kind.RECOMMENDATION: Source(model=Recommendation, said=_recommendation, seen_by=lambda user: Recommendation.objects.visible_to(user)),
    Kind.EVIDENCE: Source(
        model=Evidence,
        said=_evidence,
        seen_by=lambda user: Evidence.objects.visible_to(user),
        beside=("files__scans", "files__file_text"),
    ),
    Kind.CHALLENGE: Source(model=Challenge, said=_challenge, seen_by=lambda user: Challenge.objects.visible_to(user), beside=("steps",)),
    Kind.OPTION: Source(model=Option, said=_option, seen_by=lambda user: Option.objects.visible_to(user), beside=("question", "decisions")),
    Kind.DECISION: Source(model=Decision, said=_decision, seen_by=lambda user: Decision.objects.visible_to(user), beside=("body",)),
    Kind.MINUTE: Source(
        model=AgendaItem, said=_item, seen_by=lambda user: AgendaItem.objects.visible_to(user), beside=("meeting__body", "minutes")
    ),
    Kind.ARISING: Source(
        model=ActionArising, said=_arising, seen_by=lambda user: ActionArising.objects.visible_to(user), beside=("meeting", "steps")
    ),
    Kind.ACTION: Source(model=Action, said=_action, seen_by=lambda user: Action.objects.visible_to(user), beside=("recommendation",)),
    Kind.UPDATE: Source(
        model=Update,
        said=_update,
        # An update says of its recommendation how it stands: who sees that, reads it.
        seen_by=lambda user: Update.objects.filter(recommendation__in=Recommendation.objects.visible_to(user)),
        beside=("recommendation", "action__recommendation"),
    ),
    Kind.COMMENT: Source(model=Comment, said=_comment, seen_by=lambda user: Comment.objects.visible_to(user)),
    Kind.PARAGRAPH: Source(
        model=Paragraph,
        said=lambda row: (f"Paragraph {row.number}", row.text),
        seen_by=lambda user: Paragraph.objects.filter(report__in=PublishedReport.objects.visible_to(user)),
    ),
}
"""Every kind that is found. A kind that is added here needs its page in site/pages/search.py, and nothing else."""
