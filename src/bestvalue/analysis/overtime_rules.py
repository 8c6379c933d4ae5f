"""What does a police officer earn for overtime? The rules of Police Regulations 2003 as dated data, and their arithmetic.

Every rule is a field, so that a force whose local agreement differs, or a later determination, is data and not code.
Constables and sergeants are paid for overtime; inspectors and above are not.

Source: Police Regulations 2003 (SI 2003/527) regs. 25 and 26 with the Secretary of State's determinations in Annex G
(overtime) and Annex H (public holidays and rest days). What changed on 1 April 2012 came with the first Winsor report.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from bestvalue.errors import SpecError


@dataclass(frozen=True, kw_only=True)
class OvertimeRules:
    """The rules in force from one day on.

    Args:
        in_force_from: first day on which they hold.
        source: where they stand.
        unit_minutes: only completed units of this length are paid.
        dropped_minutes, dropped_occasions: overtime that was not told before the tour loses so many minutes on each of the
            first so many occasions in a week; below `dropped_minutes` it earns nothing on any occasion.
        due_notice_hours: notice of an earlier start that makes it an ordinary change of the roster.
        overtime_rate: times plain pay for overtime on a working day.
        rest_day_rate: the same on a rest day of which less than `rest_day_notice_days` clear days' notice was given; with
            more notice another rest day is given and nothing is paid.
        short_rest_day_rate, short_rest_day_notice_days: the higher rate below this notice.
        rest_day_least_minutes, follow_on_minutes: work on a rest day counts for at least so long, unless it follows on
            from a tour and lasts no longer than `follow_on_minutes`.
        recall_least_minutes: a recall between two tours counts for at least so long.
        public_holiday_rate, public_holiday_notice_days: double time; below this notice another day off as well.
    """

    in_force_from: date
    source: str
    unit_minutes: int = 15
    dropped_minutes: int = 30
    dropped_occasions: int = 4
    due_notice_hours: int = 8
    overtime_rate: Fraction = Fraction(4, 3)
    rest_day_rate: Fraction = Fraction(3, 2)
    rest_day_notice_days: int = 15
    short_rest_day_rate: Fraction = Fraction(3, 2)
    short_rest_day_notice_days: int = 0
    rest_day_least_minutes: int = 240
    follow_on_minutes: int = 60
    recall_least_minutes: int = 0
    public_holiday_rate: Fraction = Fraction(2)
    public_holiday_notice_days: int = 8


_FROM_2012 = OvertimeRules(
    in_force_from=date(2012, 4, 1), source="Police Regulations 2003, Annexes G and H as substituted from 1 April 2012"
)

POLICE_REGULATIONS = (
    replace(
        _FROM_2012,
        in_force_from=date(2003, 4, 1),
        source="Police Regulations 2003 (SI 2003/527) with Annexes G and H as first determined",
        short_rest_day_rate=Fraction(2),
        short_rest_day_notice_days=5,
        recall_least_minutes=240,
    ),
    _FROM_2012,
)
"""In order of date: until April 2012 a rest day at less than five days' notice was paid double, and a recall for at least four hours."""


def rules_on(day: date, rules: tuple[OvertimeRules, ...] = POLICE_REGULATIONS) -> OvertimeRules:
    """The rules that hold on a day.

    Raises:
        SpecError: the day is before the first rules.

    Example:
        >>> rules_on(date(2010, 1, 1)).recall_least_minutes, rules_on(date(2025, 1, 1)).recall_least_minutes
        (240, 0)
    """
    in_force = [one for one in rules if one.in_force_from <= day]
    if not in_force:
        raise SpecError(
            f"there are no overtime rules for {day}",
            where="duties",
            next_step=f"Leave out duties before {min(one.in_force_from for one in rules)}, or give the rules of that time.",
        )
    return max(in_force, key=lambda one: one.in_force_from)


def told_minutes(worked: int, rules: OvertimeRules) -> int:
    """Minutes paid for overtime that the officer was told of before the tour began: each completed unit.

    Example:
        >>> [told_minutes(worked, rules_on(date(2025, 1, 1))) for worked in (14, 15, 29, 30, 74)]
        [0, 15, 15, 30, 60]
    """
    return worked // rules.unit_minutes * rules.unit_minutes


def untold_minutes(worked: int, *, occasion: int, rules: OvertimeRules) -> int:
    """Minutes paid for casual overtime, of which the officer was not told before the tour began.

    Args:
        worked: completed minutes after the end of the tour.
        occasion: 1 for the first casual overtime of the week, and so on.
        rules: those of the day.

    Example: the same 50 minutes earn 15 on the fourth occasion of a week and 45 on the fifth.
        >>> [untold_minutes(50, occasion=occasion, rules=rules_on(date(2025, 1, 1))) for occasion in (1, 4, 5)]
        [15, 15, 45]
    """
    if worked < rules.dropped_minutes:
        return 0
    counted = worked - rules.dropped_minutes if occasion <= rules.dropped_occasions else worked
    return told_minutes(counted, rules)


def has_due_notice(*, told_at: datetime | None, starts_at: datetime, rules: OvertimeRules) -> bool:
    """Was an earlier start told in time? Eight hours before the new start; not told at all is not in time.

    Example:
        >>> start, rules = datetime(2025, 3, 4, 5), rules_on(date(2025, 3, 4))
        >>> [has_due_notice(told_at=datetime(2025, 3, 3, hour), starts_at=start, rules=rules) for hour in (21, 22)]
        [True, False]
    """
    return told_at is not None and starts_at - told_at >= timedelta(hours=rules.due_notice_hours)


def early_minutes(early: int, *, due_notice: bool, day_already_worked: bool, rules: OvertimeRules) -> int:
    """Minutes of overtime for a tour that begins early: only without due notice, on a day whose duty was done already.

    Example:
        >>> rules = rules_on(date(2025, 1, 1))
        >>> [early_minutes(120, due_notice=notice, day_already_worked=True, rules=rules) for notice in (False, True)]
        [120, 0]
    """
    return told_minutes(early, rules) if day_already_worked and not due_notice else 0


def recall_minutes(worked: int, rules: OvertimeRules) -> int:
    """Minutes paid for a recall between two tours.

    Example:
        >>> [recall_minutes(100, rules_on(date(year, 6, 1))) for year in (2010, 2025)]
        [240, 90]
    """
    return max(rules.recall_least_minutes, told_minutes(worked, rules))


def rest_day_minutes(worked: int, *, follows_on: bool, rules: OvertimeRules) -> int:
    """Minutes paid for work on a rest day: at least four hours, unless up to one hour follows on from a tour.

    Example: an hour after a night tour is an hour; a minute more is four hours.
        >>> [rest_day_minutes(worked, follows_on=True, rules=rules_on(date(2025, 1, 1))) for worked in (60, 61, 300)]
        [60, 240, 300]
    """
    if follows_on and worked <= rules.follow_on_minutes:
        return told_minutes(worked, rules)
    return max(rules.rest_day_least_minutes, told_minutes(worked, rules))


def clear_days(*, told_on: date, duty_on: date) -> int:
    """Days of notice: neither the day of telling nor the day of duty counts.

    Example:
        >>> clear_days(told_on=date(2025, 3, 1), duty_on=date(2025, 3, 17))
        15
    """
    return max(0, (duty_on - told_on).days - 1)


def rest_day_rate(*, notice_days: int, rules: OvertimeRules) -> Fraction:
    """Times plain pay for work on a rest day; 0 where the notice was long enough for another rest day instead.

    Example:
        >>> [str(rest_day_rate(notice_days=days, rules=rules_on(date(2025, 1, 1)))) for days in (0, 14, 15)]
        ['3/2', '3/2', '0']
    """
    if notice_days >= rules.rest_day_notice_days:
        return Fraction(0)
    return rules.short_rest_day_rate if notice_days < rules.short_rest_day_notice_days else rules.rest_day_rate


def public_holiday_day_off(*, notice_days: int, rules: OvertimeRules) -> bool:
    """Is another day off given on top of double time for work on a public holiday?

    Example:
        >>> [public_holiday_day_off(notice_days=days, rules=rules_on(date(2025, 1, 1))) for days in (7, 8)]
        [True, False]
    """
    return notice_days < rules.public_holiday_notice_days
