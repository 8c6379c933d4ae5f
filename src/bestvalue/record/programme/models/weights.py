"""How much each criterion counts in a programme: a dated series with reasons, never an overwritten field."""

from django.db import models

from bestvalue.record.bodies.models import Person
from bestvalue.record.programme.models.programme import Programme


class Weighting(models.Model):
    """The weights of a programme from a moment on. The newest counts; the earlier ones stay with their reasons."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="weightings")
    risk = models.PositiveSmallIntegerField()
    cost = models.PositiveSmallIntegerField()
    public_concern = models.PositiveSmallIntegerField()
    performance = models.PositiveSmallIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(risk__gt=0) | models.Q(cost__gt=0) | models.Q(public_concern__gt=0) | models.Q(performance__gt=0),
                name="weighting_counts_something",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="weighting_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"Risk {self.risk}, cost {self.cost}, public concern {self.public_concern}, performance {self.performance}"
