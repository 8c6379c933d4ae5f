"""From what was read in a report to what stands in the register: one to one, several from one, one from several."""

from django.db import models

from bestvalue.record.delivery.models.recommendation import Recommendation
from bestvalue.record.inspections.models import Extracted


class TakenFrom(models.Model):
    """A recommendation of the register was made from this part of a report, which a person checked."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="taken_from")
    extracted = models.ForeignKey(Extracted, on_delete=models.PROTECT, related_name="taken_as")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["recommendation", "extracted"], name="taken_from_once")]

    def __str__(self) -> str:
        return f"{self.recommendation.key} from {self.extracted}"
