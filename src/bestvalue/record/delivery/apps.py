"""This part of the record as a Django app."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Recommendations and their delivery."""

    name = "bestvalue.record.delivery"
    label = "delivery"
    verbose_name = "Recommendations and their delivery"

    def ready(self) -> None:
        """Let "Things I must do" know what this part knows of duties."""
        from bestvalue.record.delivery import duties  # noqa: F401, PLC0415 - its models are there only now
