"""This part of the record as a Django app."""

from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    """Surveys, their answers, and the consultation log."""

    name = "bestvalue.record.consultation"
    label = "consultation"
    verbose_name = "Consultation"
