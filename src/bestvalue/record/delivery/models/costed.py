"""What does it cost to do what is asked, what does it bring, and by what will anyone see that it worked?

The inspection of 2004 found a review whose "financial information ... was weak" (4.1.10): nobody could tell what a recommendation cost,
nor which part of its saving was money. So each has its cost in figures (once, a year, posts), its benefit (money that can be taken out
of the budget apart from what cannot), and a measure of success. None means that nobody knows; 0 is an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from django.db import models

from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.errors import RuleError

MOST_PENCE = 10**14 - 1
"""Below a million million pounds: more is a slip of the keyboard."""
MOST_POSTS = 10**6
MEASURE_LONGEST, UNIT_LONGEST = 200, 50
MONEY = ("one_off_cost_pence", "cost_a_year_pence", "cashable_a_year_pence")

NO_COST = models.Q(one_off_cost_pence=None, cost_a_year_pence=None, staffing_fte=None)
NO_BENEFIT = models.Q(cashable_a_year_pence=None, non_cashable_text="", saving_text="")
NOT_COSTED = NO_COST | NO_BENEFIT


@dataclass(frozen=True, kw_only=True)
class Costing:
    """What somebody says that it costs and brings.

    Args:
        cost_text: what it costs, in words.
        saving_text: what it saves, in words.
        one_off_cost_pence: what it costs once; from 0.
        cost_a_year_pence: what it costs each year; from 0.
        staffing_fte: full-time posts that it needs more (above 0) or fewer (below 0).
        cashable_a_year_pence: what can be taken out of the budget each year because of it; from 0.
        non_cashable_text: what it brings that is no money, in words.
        measure: by what anyone sees that it has worked: "share of bids answered in a week".
        measure_unit: unit of its values.
        baseline: its value today.
        target_value: its value when it has worked.
    """

    cost_text: str = ""
    saving_text: str = ""
    one_off_cost_pence: int | None = None
    cost_a_year_pence: int | None = None
    staffing_fte: Decimal | None = None
    cashable_a_year_pence: int | None = None
    non_cashable_text: str = ""
    measure: str = ""
    measure_unit: str = ""
    baseline: Decimal | None = None
    target_value: Decimal | None = None

    def checked(self) -> "Costing":
        """The same without blanks around its words, if its money is neither below nothing nor beyond reason and its measure can be read.

        Raises:
            RuleError: the message says which; `where` names the field.
        """
        for name in MONEY:
            pence = getattr(self, name)
            if pence is not None and not 0 <= pence <= MOST_PENCE:
                more = "Enter a saving as a saving, and a cost as a cost: neither is below nothing." if pence < 0 else "Check the number."
                raise RuleError(f"{pounds_words(pence)} is no amount that it can cost or save", where=name, next_step=more)
        if self.staffing_fte is not None and (abs(self.staffing_fte) >= MOST_POSTS or self.staffing_fte != round(self.staffing_fte, 2)):
            raise RuleError(
                f"{self.staffing_fte} is no number of posts", where="staffing_fte", next_step="Enter it with at most two decimals."
            )
        tidy = replace(self, **{field.name: getattr(self, field.name).strip() for field in fields(self) if field.type is str})
        tidy._check_measure()
        return tidy

    def _check_measure(self) -> None:
        valued = self.baseline is not None or self.target_value is not None
        if not self.measure and (self.measure_unit or valued):
            raise RuleError("A unit, a baseline and a target are those of a measure", where="measure", next_step="Enter what is measured.")
        if self.measure and not self.measure_unit:
            raise RuleError("The measure has no unit", where="measure_unit", next_step="Enter it, such as %, hours or bids.")
        for name, longest in (("measure", MEASURE_LONGEST), ("measure_unit", UNIT_LONGEST)):
            if len(getattr(self, name)) > longest:
                raise RuleError(f"It has more than {longest} characters", where=name, next_step="Say it shorter.")
        if self.measure and self.target_value is None:
            raise RuleError("The measure has no target", where="target_value", next_step="Enter the value that shows that it has worked.")


COSTING = tuple(field.name for field in fields(Costing))
"""The fields that tell what it costs and brings."""
UNKNOWN = Costing()
"""Nobody knows yet."""


class Costed(models.Model):
    """What it costs and brings; every figure may still be unknown."""

    cost_text = models.TextField(blank=True)
    saving_text = models.TextField(blank=True)
    one_off_cost_pence = models.PositiveBigIntegerField("one-off cost, in pence", null=True, blank=True)
    cost_a_year_pence = models.PositiveBigIntegerField("recurring cost a year, in pence", null=True, blank=True)
    # Posts are signed: a recommendation may need more of them, or fewer.
    staffing_fte = models.DecimalField("full-time posts more or fewer", max_digits=8, decimal_places=2, null=True, blank=True)
    cashable_a_year_pence = models.PositiveBigIntegerField("cashable saving a year, in pence", null=True, blank=True)
    non_cashable_text = models.TextField("benefit that is no money", blank=True, default="", db_default="")
    measure = models.CharField("measure of success", max_length=MEASURE_LONGEST, blank=True, default="", db_default="")
    measure_unit = models.CharField("unit of the measure", max_length=UNIT_LONGEST, blank=True, default="", db_default="")
    baseline = models.DecimalField("value of the measure today", max_digits=16, decimal_places=4, null=True, blank=True)
    target_value = models.DecimalField("value of the measure when it has worked", max_digits=16, decimal_places=4, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def costing(self) -> Costing:
        """All of it as one."""
        return Costing(**{name: getattr(self, name) for name in COSTING})

    @property
    def lacks(self) -> tuple[str, ...]:
        """What has not been said yet, in words; empty when it is costed, and its success can be seen."""
        costs = (self.one_off_cost_pence, self.cost_a_year_pence, self.staffing_fte)
        found = []
        if all(figure is None for figure in costs):
            found.append("a cost in figures")
        if self.cashable_a_year_pence is None and not self.non_cashable_text and not self.saving_text:
            found.append("a benefit")
        if not self.measure:
            found.append("a measure of success")
        return tuple(found)

    @property
    def is_costed(self) -> bool:
        """Whether it has a cost in figures and a benefit."""
        return not {"a cost in figures", "a benefit"} & set(self.lacks)

    @property
    def net_a_year_pence(self) -> int | None:
        """What it saves in money a year less what it costs a year; None where one of the two is unknown."""
        if self.cashable_a_year_pence is None or self.cost_a_year_pence is None:
            return None
        return self.cashable_a_year_pence - self.cost_a_year_pence

    @property
    def pays_back_after_years(self) -> Decimal | None:
        """After how many years its saving has paid for what it costs once; None where that cannot be said, or never comes."""
        net = self.net_a_year_pence
        if self.one_off_cost_pence is None or net is None or net <= 0:
            return None
        return Decimal(self.one_off_cost_pence) / Decimal(net)

    @property
    def figures_of_cost(self) -> tuple[str, ...]:
        """Each figure of the cost in words: "£12,000 once", "£3,400 a year", "2.5 full-time posts fewer"."""
        money = ((self.one_off_cost_pence, "once"), (self.cost_a_year_pence, "a year"))
        said = [f"{pounds_words(pence)} {when}" for pence, when in money if pence is not None]
        return (*said, *([] if self.staffing_fte is None else [posts_words(self.staffing_fte)]))

    @property
    def cost_words(self) -> str:
        """What it costs, the figures first and then what was said beside them; empty where nothing was."""
        return _told("; ".join(self.figures_of_cost), self.cost_text)

    @property
    def benefit_words(self) -> str:
        """What it brings: the money first, what is no money apart from it; empty where nothing was said."""
        cashable = "" if self.cashable_a_year_pence is None else f"{pounds_words(self.cashable_a_year_pence)} a year cashable"
        other = f"Not cashable: {self.non_cashable_text.strip()}" if self.non_cashable_text.strip() else ""
        return _told(cashable, self.saving_text, other)

    @property
    def measure_words(self) -> str:
        """The measure of success: "share of bids answered in time: from 71 to 85 %"; empty without one."""
        if not self.measure:
            return ""
        start = "from a value not known yet" if self.baseline is None else f"from {_plain(self.baseline)}"
        return f"{self.measure}: {start} to {_plain(self.target_value)} {self.measure_unit}".rstrip()


def costing_constraints(name: str) -> list[models.CheckConstraint]:
    """What the database itself holds of `Costing.checked`.

    Args:
        name: of the model, in small letters.
    """
    unmeasured = models.Q(measure="", measure_unit="", baseline=None, target_value=None)
    measured = ~models.Q(measure="") & ~models.Q(measure_unit="") & models.Q(target_value__isnull=False)
    return [models.CheckConstraint(condition=unmeasured | measured, name=f"{name}_measure_has_unit_and_target")]


def costs_together(rows: Sequence[Costed]) -> str:
    """What recommendations cost and release together, each sum over those for which it is known; empty where nothing is in figures."""
    known = [row for row in rows if row.one_off_cost_pence is not None or row.cost_a_year_pence is not None]
    cashable = [row.cashable_a_year_pence for row in rows if row.cashable_a_year_pence is not None]
    said = []
    if known:
        once = pounds_words(sum(row.one_off_cost_pence or 0 for row in known))
        a_year = pounds_words(sum(row.cost_a_year_pence or 0 for row in known))
        said.append(f"{len(known)} of {len(rows)} recommendations have a cost in pounds: together {once} once and {a_year} a year.")
    if cashable:
        together = pounds_words(sum(cashable))
        said.append(f"{len(cashable)} of {len(rows)} have a cashable saving in pounds: together {together} a year.")
    return " ".join(said)


def pounds_words(pence: int) -> str:
    """An amount to the penny; whole pounds without pence.

    Example:
        >>> pounds_words(1_200_000), pounds_words(5), pounds_words(-340_050)
        ('£12,000', '£0.05', '-£3,400.50')
    """
    whole, rest = divmod(abs(pence), PENCE_A_POUND)
    return f"{'-' if pence < 0 else ''}£{whole:,}{f'.{rest:02d}' if rest else ''}"


def posts_words(fte: Decimal) -> str:
    """Posts as words.

    Example:
        >>> posts_words(Decimal("2.50")), posts_words(Decimal("-1")), posts_words(Decimal(0))
        ('2.5 full-time posts more', '1 full-time post fewer', 'no post more or fewer')
    """
    if not fte:
        return "no post more or fewer"
    return f"{_plain(abs(fte))} full-time post{'' if abs(fte) == 1 else 's'} {'more' if fte > 0 else 'fewer'}"


def _told(*parts: str) -> str:
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def _plain(value: Decimal | None) -> str:
    return "a value not set" if value is None else f"{value.normalize():f}"
