"""What the site keeps for itself, beside the record: how often somebody asked in this minute."""

from django.db import models


class RequestCount(models.Model):
    """How many requests with a limit somebody made within the present minute. No part of the record: it may be emptied at any time."""

    who = models.CharField(max_length=200, primary_key=True)
    times = models.PositiveIntegerField()
    ends_at = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.who}: {self.times}"
