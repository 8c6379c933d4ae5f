"""This part of the record as a Django app."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """The register of good practice, over our reviews and the reports of others."""

    name = "bestvalue.record.practice"
    label = "practice"
    verbose_name = "Good practice"
