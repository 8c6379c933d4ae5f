"""This part of the record as a Django app."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Inspections of a review or a service against a framework, from planning to the published report."""

    name = "bestvalue.record.assessment"
    label = "assessment"
    verbose_name = "Inspections"
