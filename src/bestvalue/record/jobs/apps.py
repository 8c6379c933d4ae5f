"""This part of the record as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background jobs."""

    name = "bestvalue.record.jobs"
    label = "jobs"
    verbose_name = "Background jobs"
