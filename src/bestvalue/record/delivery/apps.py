"""This part of the record as a Django app."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Recommendations and their delivery."""

    name = "bestvalue.record.delivery"
    label = "delivery"
    verbose_name = "Recommendations and their delivery"
