"""This part of the record as a Django app."""

from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    """Challenges to reviews, and the options that reviews considered."""

    name = "bestvalue.record.scrutiny"
    label = "scrutiny"
    verbose_name = "Scrutiny of reviews"

    def ready(self) -> None:
        """Let "Things I must do" know what this part knows of duties."""
        from bestvalue.record.scrutiny import duties  # noqa: F401, PLC0415 - its models are there only now
