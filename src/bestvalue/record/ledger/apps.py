"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The audit ledger."""

    name = "bestvalue.record.ledger"
    label = "ledger"
    verbose_name = "Audit ledger"
