"""What an action costs and saves, by financial year, planned against realised."""

from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models.action import Action


class MoneyKind(models.TextChoices):
    """What kind of money it is."""

    COST = "cost", "Cost"
    CASHABLE = "cashable", "Saving that frees money"
    NON_CASHABLE = "non-cashable", "Saving that frees time or quality, not money"


class Basis(models.TextChoices):
    """Whether it was planned or has come true."""

    PLANNED = "planned", "Planned"
    REALISED = "realised", "Realised"


class Money(models.Model):
    """Pounds of one kind in one financial year, named by the calendar year in which it begins. Rows are added; the newest counts."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="money")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=MoneyKind.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    pence = models.PositiveBigIntegerField()
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["year", "kind", "basis", "id"]
        verbose_name_plural = "money"
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=MoneyKind.values), name="money_kind_known"),
            models.CheckConstraint(condition=models.Q(basis__in=Basis.values), name="money_basis_known"),
            models.CheckConstraint(condition=models.Q(year__range=(1999, 2199)), name="money_year_sound"),
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} {self.get_kind_display().lower()} of {self.action.reference} in {self.year_words}"

    @property
    def year_words(self) -> str:
        """The financial year: "2026/27"."""
        return f"{self.year}/{(self.year + 1) % 100:02}"


def check_money(*, year: int, basis: Basis, on_year: int) -> None:
    """Refuse money that came true in a year that has not begun.

    Args:
        year: calendar year in which the financial year begins.
        basis: planned or realised.
        on_year: the financial year of today.

    Raises:
        RuleError: it is realised in the future.
    """
    if basis is Basis.REALISED and year > on_year:
        raise RuleError(f"The year {year} has not begun", where="year", next_step="Enter it as planned.")
