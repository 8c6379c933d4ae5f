"""This part of the record as a Django app."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings of bodies, with agenda, attendance, minutes and actions arising."""

    name = "bestvalue.record.meetings"
    label = "meetings"
    verbose_name = "Meetings of bodies"

    def ready(self) -> None:
        """Let "Things I must do" know what this part knows of duties."""
        from bestvalue.record.meetings import duties  # noqa: F401, PLC0415 - its models are there only now
