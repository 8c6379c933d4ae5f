"""Search as a Django app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Full-text search over the record."""

    name = "bestvalue.record.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Keep the words up to date whenever a row that can be found is saved."""
        # The models that they watch are there only now.
        from bestvalue.record.search import keeping, reading  # noqa: PLC0415

        keeping.watch()
        reading.watch()
