"""This part of the record as a Django app."""

from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    """Challenges to reviews, and the options that reviews considered."""

    name = "bestvalue.record.scrutiny"
    label = "scrutiny"
    verbose_name = "Scrutiny of reviews"
