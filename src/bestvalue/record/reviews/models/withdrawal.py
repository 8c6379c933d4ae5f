"""What a review withdraws: it stays where it is with the day, the reason and who withdrew it, and is not worked on any more.

Nothing that something else refers to is ever deleted.
"""

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person


class Withdrawable(models.Model):
    """Something that can be withdrawn with a reason."""

    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        return self.withdrawn_on is not None

    def check_standing(self) -> None:
        """Refuse to work on what was withdrawn.

        Raises:
            RuleError: the message says when and why.
        """
        if self.withdrawn_on is not None:
            kind = str(self._meta.verbose_name)
            raise RuleError(
                f"The {kind} “{self}” was withdrawn on {self.withdrawn_on.day} {self.withdrawn_on:%B %Y}: {self.withdrawn_because}",
                where=kind,
                next_step="Choose one that stands, or add another.",
            )


def withdrawal_constraint(name: str) -> models.CheckConstraint:
    """The rule of a withdrawal that the database itself holds, for a model of this name: day, reason and person, or none of them."""
    return models.CheckConstraint(
        condition=models.Q(withdrawn_on=None, withdrawn_because="", withdrawn_by=None)
        | models.Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~models.Q(withdrawn_because=""),
        name=f"{name}_withdrawn_with_reason",
    )
