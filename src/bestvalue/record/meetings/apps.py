"""This part of the record as a Django app."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings of bodies, with agenda, attendance, minutes and actions arising."""

    name = "bestvalue.record.meetings"
    label = "meetings"
    verbose_name = "Meetings of bodies"
