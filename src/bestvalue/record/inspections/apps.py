"""This part of the record as a Django app."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Inspections and published reports."""

    name = "bestvalue.record.inspections"
    label = "inspections"
    verbose_name = "Inspections and published reports"
