"""Keeping the words up to date: whenever a row that can be found is saved, in the same transaction.

The apps whose rows are found lie below this one and do not know of it; so it watches what they save. A row that is saved in bulk says
nothing of it: paragraphs come with their report, and are read when the report is there.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save

from bestvalue.record.inspections.models import Paragraph, PublishedReport
from bestvalue.record.meetings.models import ArisingStep, Minute
from bestvalue.record.scrutiny.models import ChallengeStep, OptionDecision
from bestvalue.record.search.found import SOURCES
from bestvalue.record.search.models import Entry, Kind

LONGEST_HEADING = 300

PARTS: Mapping[type[models.Model], tuple[Kind, str]] = {
    ChallengeStep: (Kind.CHALLENGE, "challenge"),
    OptionDecision: (Kind.OPTION, "option"),
    Minute: (Kind.MINUTE, "item"),
    ArisingStep: (Kind.ARISING, "action"),
}
"""Rows whose words are found with those of another: the kind of that one, and the field that leads to it."""


def watch() -> None:
    """Keep the words of every row from now on."""
    for kind, source in SOURCES.items():
        if kind is not Kind.PARAGRAPH:
            post_save.connect(partial(_saved, kind), sender=source.model, weak=False, dispatch_uid=f"search-{kind}")
    for part, (kind, leads_to) in PARTS.items():
        post_save.connect(
            partial(_part_saved, kind, leads_to), sender=part, weak=False, dispatch_uid=f"search-part-{part._meta.label_lower}"
        )
    post_save.connect(_report_imported, sender=PublishedReport, dispatch_uid="search-report")


def keep(kind: Kind, row: models.Model) -> None:
    """Write the words of a row; where nothing was kept yet, those of every row."""
    heading, words = SOURCES[kind].said(row)
    kept, created = Entry.objects.update_or_create(
        kind=kind, row=row.pk, defaults={"heading": heading[:LONGEST_HEADING].replace("\x00", ""), "words": words.replace("\x00", "")}
    )
    if created and not Entry.objects.exclude(pk=kept.pk).exists():
        rebuild()  # a workspace from before its rows were kept so


@transaction.atomic
def rebuild() -> int:
    """Make every entry anew from the record.

    Returns:
        How many there are.
    """
    Entry.objects.all().delete()
    made = [
        Entry(kind=kind, row=row.pk, heading=heading[:LONGEST_HEADING].replace("\x00", ""), words=words.replace("\x00", ""))
        for kind, source in SOURCES.items()
        for row in source.model._default_manager.prefetch_related(*source.beside)
        for heading, words in [source.said(row)]
    ]
    return len(Entry.objects.bulk_create(made, batch_size=500))


def _saved(kind: Kind, *, instance: models.Model, **_rest: Any) -> None:
    keep(kind, instance)


def _part_saved(kind: Kind, leads_to: str, *, instance: models.Model, **_rest: Any) -> None:
    # Read anew: what the caller holds in memory was read before this part was added.
    keep(kind, SOURCES[kind].model._default_manager.get(pk=getattr(instance, f"{leads_to}_id")))


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
