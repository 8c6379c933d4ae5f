"""What a recommendation costs and brings, as the API takes it and tells it: money in pence, None for what nobody knows."""

from decimal import Decimal

from ninja import Field, Schema

from bestvalue.record.delivery.models import COSTING, MOST_PENCE, Costing
from bestvalue.site.api_access import Short

Pence = Field(None, ge=0, le=MOST_PENCE)
Figure = Field(None, max_digits=16, decimal_places=4)


class CostingIn(Schema):
    """What it costs and brings. A measure comes with its unit and its target; posts are above 0 where more are needed."""

    cost_text: str = ""
    saving_text: str = ""
    one_off_cost_pence: int | None = Pence
    cost_a_year_pence: int | None = Pence
    staffing_fte: Decimal | None = Field(None, max_digits=8, decimal_places=2)
    cashable_a_year_pence: int | None = Pence
    non_cashable_text: str = ""
    measure: Short = ""
    measure_unit: str = Field("", max_length=50)
    baseline: Decimal | None = Figure
    target_value: Decimal | None = Figure

    def costing(self) -> Costing:
        """The same for the record."""
        return Costing(**{name: getattr(self, name) for name in COSTING})


class CostingOut(Schema):
    """What it costs and brings, and what of that nobody has said."""

    cost_text: str
    saving_text: str
    one_off_cost_pence: int | None
    cost_a_year_pence: int | None
    staffing_fte: Decimal | None
    cashable_a_year_pence: int | None
    non_cashable_text: str
    measure: str
    measure_unit: str
    baseline: Decimal | None
    target_value: Decimal | None
    lacks: list[str]
