"""This part of the record as a Django app."""

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    """Comments and tags on anything."""

    name = "bestvalue.record.discussion"
    label = "discussion"
    verbose_name = "Comments and tags"
