"""This part of the record as a Django app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews."""

    name = "bestvalue.record.reviews"
    label = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        """Let "Things I must do" know what this part knows of duties."""
        from bestvalue.record.reviews import duties  # noqa: F401, PLC0415 - its models are there only now
