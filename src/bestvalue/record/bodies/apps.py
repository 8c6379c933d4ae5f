"""This part of the record as a Django app."""

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """Bodies and people."""

    name = "bestvalue.record.bodies"
    label = "bodies"
    verbose_name = "Bodies and people"
