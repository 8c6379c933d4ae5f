"""This part of the record as a Django app."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Programmes of reviews."""

    name = "bestvalue.record.programme"
    label = "programme"
    verbose_name = "Programmes of reviews"
