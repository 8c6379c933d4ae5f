"""Telling people by mail: one mail a person, however much there is to tell."""

from collections.abc import Sequence
from itertools import groupby

from django.core.mail import send_mail
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.changes.notices import mark_sent
from bestvalue.record.delivery.models import Notice


def send_notices(*, by: Person | None) -> int:
    """Send what nobody has been told yet.

    A mail is marked as sent after it left: a machine that stops in between sends it again, rather than never.

    Returns:
        How many mails left.
    """
    sent = 0
    for person, listed in groupby(list(Notice.objects.unsent()), key=lambda notice: notice.person):
        notices = list(listed)
        send_mail(subject=_subject(notices), message=_text(person, notices), from_email=None, recipient_list=[person.email])
        mark_sent(person, notices=notices, at=timezone.now(), by=by)
        sent += 1
    return sent


def _subject(notices: Sequence[Notice]) -> str:
    return "1 thing needs you" if len(notices) == 1 else f"{len(notices)} things need you"


def _text(person: Person, notices: Sequence[Notice]) -> str:
    # References alone: whatever is marked as sensitive stays behind the sign-in, and so does everything else.
    lines = "\n".join(f"- {notice.words}" for notice in notices)
    return f"{person.name},\n\n{lines}\n\nSign in to see what it is about and to answer.\n"
