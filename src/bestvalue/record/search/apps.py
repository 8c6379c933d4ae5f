"""Search as a Django app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Full-text search over the record."""

    name = "bestvalue.record.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Keep the words up to date whenever a row that can be found is saved."""
        from bestvalue.record.search.keeping import watch  # noqa: PLC0415 - the models that it watches are there only now

        watch()
