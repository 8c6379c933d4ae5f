"""Keeping the words up to date: whenever a row that can be found is saved, in the same transaction.

The apps whose rows are found lie below this one and do not know of it; so it watches what they save. A row that is saved in bulk says
nothing of it: paragraphs come with their report, and are read when the report is there.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save

from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.inspections.models import Paragraph, PublishedReport
from bestvalue.record.reviews.models import Evidence, Finding, Review
from bestvalue.record.scrutiny.models import Challenge, ChallengeStep, Option, OptionDecision
from bestvalue.record.search.file_words import words_of_newest
from bestvalue.record.search.models import Entry, Kind
from bestvalue.record.search.texts import PAGE

LONGEST_HEADING = 300


def _evidence(row: Evidence) -> tuple[str, str]:
    # A form feed begins a page of a file, and nothing else.
    return str(row), f"{row.notes.replace(PAGE, ' ')} {row.file_name} {words_of_newest(row)}"


def _challenge(row: Challenge) -> tuple[str, str]:
    return f"{row.reference} {row.challenger}", " ".join([row.text, *row.steps.values_list("text", flat=True)])


def _option(row: Option) -> tuple[str, str]:
    said = [row.text, row.cost, row.effect, row.question.text, *row.decisions.values_list("reason", flat=True)]
    return f"Option {row.reference}", " ".join(said)


FOUND: Mapping[Kind, tuple[type[models.Model], Callable[[Any], tuple[str, str]]]] = {
    Kind.REVIEW: (Review, lambda row: (row.title, f"{row.service} {row.summary} {row.context} {row.method}")),
    Kind.FINDING: (Finding, lambda row: (f"Finding {row.reference}", row.text)),
    Kind.RECOMMENDATION: (
        Recommendation,
        lambda row: (
            row.reference,
            f"{row.text} {row.body_text} {row.report_title} {row.cost_words} {row.benefit_words} {row.measure_words}",
        ),
    ),
    Kind.EVIDENCE: (Evidence, _evidence),
    Kind.CHALLENGE: (Challenge, _challenge),
    Kind.OPTION: (Option, _option),
    Kind.PARAGRAPH: (Paragraph, lambda row: (f"Paragraph {row.number}", row.text)),
}
"""Of each kind that is found: its model, and how a row becomes a heading and its words."""


BESIDE: Mapping[Kind, tuple[str, ...]] = {Kind.EVIDENCE: ("files__scans", "files__file_text")}
"""What the words of a row are read from beside it: for all rows at once when every entry is made anew."""


def watch() -> None:
    """Keep the words of every row from now on."""
    for kind, (model, _) in FOUND.items():
        if kind is not Kind.PARAGRAPH:
            post_save.connect(partial(_saved, kind), sender=model, weak=False, dispatch_uid=f"search-{kind}")
    post_save.connect(_challenge_followed, sender=ChallengeStep, dispatch_uid="search-challenge-step")
    post_save.connect(_option_decided, sender=OptionDecision, dispatch_uid="search-option-decision")
    post_save.connect(_report_imported, sender=PublishedReport, dispatch_uid="search-report")


def keep(kind: Kind, row: models.Model) -> None:
    """Write the words of a row."""
    heading, words = FOUND[kind][1](row)
    Entry.objects.update_or_create(
        kind=kind, row=row.pk, defaults={"heading": heading[:LONGEST_HEADING].replace("\x00", ""), "words": words.replace("\x00", "")}
    )


@transaction.atomic
def rebuild() -> int:
    """Make every entry anew from the record.

    Returns:
        How many there are.
    """
    Entry.objects.all().delete()
    made = [
        Entry(kind=kind, row=row.pk, heading=heading[:LONGEST_HEADING].replace("\x00", ""), words=words.replace("\x00", ""))
        for kind, (model, words_of_row) in FOUND.items()
        for row in model._default_manager.prefetch_related(*BESIDE.get(kind, ()))
        for heading, words in [words_of_row(row)]
    ]
    return len(Entry.objects.bulk_create(made, batch_size=500))


def _saved(kind: Kind, *, instance: models.Model, **_rest: Any) -> None:
    keep(kind, instance)


def _challenge_followed(*, instance: ChallengeStep, **_rest: Any) -> None:
    keep(Kind.CHALLENGE, instance.challenge)


def _option_decided(*, instance: OptionDecision, **_rest: Any) -> None:
    keep(Kind.OPTION, instance.option)


def _report_imported(*, instance: PublishedReport, **_rest: Any) -> None:
    # Its paragraphs are saved after it, in the same transaction.
    transaction.on_commit(partial(_keep_paragraphs, instance.pk))


def _keep_paragraphs(report: int) -> None:
    there = Entry.objects.filter(kind=Kind.PARAGRAPH, row__in=Paragraph.objects.filter(report=report).values("pk")).values("row")
    missing = Paragraph.objects.filter(report=report).exclude(pk__in=there)
    Entry.objects.bulk_create(
        (Entry(kind=Kind.PARAGRAPH, row=row.pk, heading=f"Paragraph {row.number}", words=row.text.replace("\x00", "")) for row in missing),
        batch_size=500,
    )
