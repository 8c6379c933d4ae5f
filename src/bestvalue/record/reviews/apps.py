"""This part of the record as a Django app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews."""

    name = "bestvalue.record.reviews"
    label = "reviews"
    verbose_name = "Reviews"
