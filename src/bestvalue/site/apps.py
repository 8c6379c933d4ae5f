"""The site as a Django app: its templates, static files and the table of its cache."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Pages, forms and API."""

    name = "bestvalue.site"
    label = "site"
    verbose_name = "Site"
