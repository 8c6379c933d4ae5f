"""The site as a Django app: its templates, static files and the table of its cache."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Pages, forms and API."""

    name = "bestvalue.site"
    label = "site"
    verbose_name = "Site"

    def ready(self) -> None:
        """Write down who comes in and who is refused."""
        from bestvalue.site.security_log import watch  # noqa: PLC0415 - the sign-in is there only now

        watch()
