"""What does the synthetic force spend, and who serves whom inside it? Cost centres, ledger and support links.

The true full costs are worked out here by solving the reciprocal equations exactly: support centres serve each other in
circles, so that no step-down order gives them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.establishment import Establishment
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.synthetic.workforce import DUTY_KINDS, Duties, Staff
from bestvalue.dataset.tables import finance

YEARS = tuple(f"{year}/{(year + 1) % 100:02d}" for year in range(period.FIRST_DAY.year, period.DAY_AFTER.year))
GROWTH = 1.03
"""Growth of spending from one year to the next."""

PRICE_GROWTH, PRICE_INDEX = 1.02, "GDP deflator"
"""Growth of prices, of an invented index of that name: so that real spending grows by 1.03 / 1.02 a year."""

PAID_HOURS_A_YEAR = 2_080
OVERTIME_SIXTHS, REST_DAY_SIXTHS, PUBLIC_HOLIDAY_SIXTHS = 8, 9, 12
"""Sixths of an hour's pay for an hour: time and a third, time and a half on a rest day, double on a public holiday."""

FORCE_DAY_STARTS = 7 * period.HOUR
"""Rest days and public holidays run from seven in the morning."""

SPECIALIST = ("Homicide", "Organised crime", "Sexual offences", "Intelligence")
SUPPORT_CENTRES = {
    "Human resources": "people employed",
    "Finance": "invoices",
    "Information technology": "user accounts",
    "Estates": "square metres",
    "Fleet": "vehicles",
    "Training": "training days",
    "Forensics": "examinations",
    "Custody": "detainee hours",
}
OVERHEAD_CENTRES = ("Command", "Professional standards", "Communications", "Authority and audit")
DRIVER_A_PERSON = {
    "people employed": 1.0,
    "invoices": 3.5,
    "user accounts": 1.1,
    "square metres": 9.0,
    "vehicles": 0.2,
    "training days": 4.0,
    "examinations": 0.6,
    "detainee hours": 12.0,
}

OTHER_SPENDING = {"premises": 0.09, "transport": 0.05, "supplies and services": 0.07, "third party": 0.02}
"""Against pay."""

INCOME_SHARE = -0.03
OVERTIME_BUDGET_SHARE = {"local": 0.90, "support": 0.60}
"""Budget for overtime against what it comes to: too low where support units live on it."""

INVESTIGATION_SHARE, SPECIALIST_STAFF_SHARE = 0.30, 0.04
SUPPORT_STAFF_SHARE, OVERHEAD_STAFF_SHARE = 0.02, 0.005
"""Staff of each of the other cost centres, against the staff of the pool in the same borough, or of all pools."""

OTHER_STAFF_HOUR_PENCE = 3_600


@dataclass(frozen=True, kw_only=True)
class CostCentre:
    """One cost centre, with what it spends in the last year: pence by subjective."""

    code: str
    name: str
    layer: str
    pool: int | None
    borough: int | None
    objective: str
    people: int
    outturn: dict[str, int]


def account(staff: Staff, duties: Duties, establishment: Establishment, *, seed: int) -> tuple[CostCentre, ...]:
    """Every cost centre and its outturn of the last year; pools come first, in their order."""
    chance = stream(seed, "accounts")
    people = np.bincount(staff.pool, minlength=len(establishment.pools))
    pay = np.bincount(staff.pool, weights=staff.hour_pence, minlength=len(people)).astype(np.int64) * PAID_HOURS_A_YEAR
    overtime = np.zeros(len(people), dtype=np.int64)
    np.add.at(overtime, staff.pool[duties.staff], duties.paid_minutes * staff.hour_pence[duties.staff] * _sixths(duties) // (60 * 6))
    centres: list[CostCentre] = []
    for number, pool in enumerate(establishment.pools):
        objective = "Local policing" if pool.borough is not None else "Operational support"
        lines = {"officer pay": int(pay[number]), "overtime": int(overtime[number])}
        centres.append(_centre(len(centres), pool.name, "direct", number, pool.borough, objective, int(people[number]), lines, chance))
    for name, layer, borough, objective, share in _others():
        size = max(1, round(share * int(people[borough] if borough is not None else people.sum())))
        subjective = "staff pay" if layer != "direct" else "officer pay"
        lines = {subjective: size * OTHER_STAFF_HOUR_PENCE * PAID_HOURS_A_YEAR, "overtime": size * int(chance.integers(20_000, 60_000))}
        centres.append(_centre(len(centres), name, layer, None, borough, objective, size, lines, chance))
    return tuple(centres)


def _sixths(duties: Duties) -> NDArray[np.int64]:
    """Rate of pay for the overtime of each duty, in sixths."""
    rostered = duties.kind == DUTY_KINDS.index("rostered")
    begins = np.where(rostered, duties.planned_end, duties.started)
    holidays = [period.day_number(day) for day in period.LAST_YEAR_PUBLIC_HOLIDAYS]
    on_holiday = np.isin((begins - FORCE_DAY_STARTS) // period.DAY, holidays)
    ordinary = np.where(duties.kind == DUTY_KINDS.index("rest day"), REST_DAY_SIXTHS, OVERTIME_SIXTHS)
    return np.where(on_holiday, PUBLIC_HOLIDAY_SIXTHS, ordinary)


def pool_centres(establishment: Establishment) -> list[str]:
    """The code of each pool's cost centre."""
    return [_code(number) for number in range(len(establishment.pools))]


def write_accounts(
    folder: Path, truth: Truth, centres: tuple[CostCentre, ...], establishment: Establishment, *, seed: int
) -> list[TableWriter]:
    """Write cost_centres, ledger, control_totals, support_links and price_indices."""
    written = write_table(
        finance.COST_CENTRES,
        folder,
        {
            "cost_centre_id": [centre.code for centre in centres],
            "cost_centre_name": [centre.name for centre in centres],
            "layer": [centre.layer for centre in centres],
            "pool_id": [None if centre.pool is None else establishment.pools[centre.pool].pool_id for centre in centres],
            "area_id": [None if centre.borough is None else BOROUGHS[centre.borough].code for centre in centres],
            "objective": [centre.objective for centre in centres],
        },
    )
    ledger = _ledger(centres, seed)
    links = _links(centres, seed)
    totals = ledger.group_by("financial_year").agg(pl.col("budget_pence").sum(), pl.col("outturn_pence").sum()).sort("financial_year")
    truth.table(
        "full_costs",
        full_costs(centres, links),
        means="Direct, support and overhead cost of each direct cost centre in the last year, by the reciprocal method; income left out.",
    )
    return [
        written,
        write_table(finance.LEDGER, folder, ledger.to_dict(as_series=False)),
        write_table(finance.CONTROL_TOTALS, folder, totals.to_dict(as_series=False)),
        write_table(finance.SUPPORT_LINKS, folder, links.to_dict(as_series=False)),
        _write_prices(folder),
    ]


def _write_prices(folder: Path) -> TableWriter:
    return write_table(
        finance.PRICE_INDICES,
        folder,
        {
            "index_name": [PRICE_INDEX] * len(YEARS),
            "financial_year": list(YEARS),
            "index_level": [round(100 * PRICE_GROWTH ** (number - len(YEARS) + 1), 6) for number in range(len(YEARS))],
            "source": ["invented for this data set"] * len(YEARS),
        },
    )


def spent(centre: CostCentre) -> int:
    """Pence that a centre spent in the last year, before its income."""
    return sum(pence for pence in centre.outturn.values() if pence > 0)


def full_costs(centres: tuple[CostCentre, ...], links: pl.DataFrame) -> pl.DataFrame:
    """Direct, support and overhead cost of each direct centre, in pence, unrounded.

    Support: x = d + A x, with A the share of each support centre's work that goes to each other centre. Overhead, with the
    support that it uses, is spread in proportion to direct cost.
    """
    index = {centre.code: number for number, centre in enumerate(centres)}
    direct = np.array([spent(centre) for centre in centres], dtype=np.float64)
    share = np.zeros((len(centres), len(centres)))
    for source, target, _, quantity in links.iter_rows():
        share[index[target], index[source]] = quantity
    used = share.sum(axis=0)
    share[:, used > 0] /= used[used > 0]
    loaded = np.linalg.solve(np.eye(len(centres)) - share, direct)
    layer = np.array([centre.layer for centre in centres])
    serving, overhead = layer == "direct", layer == "sustaining overhead"
    spread = direct[serving] / direct[serving].sum() * loaded[overhead].sum()
    return pl.DataFrame(
        {
            "cost_centre_id": [centre.code for centre in centres if centre.layer == "direct"],
            "direct_pence": direct[serving],
            "support_pence": loaded[serving] - direct[serving],
            "overhead_pence": spread,
        }
    )


def _others() -> list[tuple[str, str, int | None, str, float]]:
    """Name, layer, borough, objective and relative staff of the cost centres that are no pool's."""
    return [
        *[(f"{borough.name} investigation", "direct", n, "Investigations", INVESTIGATION_SHARE) for n, borough in enumerate(BOROUGHS)],
        *[(name, "direct", None, "Investigations", SPECIALIST_STAFF_SHARE) for name in SPECIALIST],
        *[(name, "business support", None, "Support functions", SUPPORT_STAFF_SHARE) for name in SUPPORT_CENTRES],
        *[(name, "sustaining overhead", None, "Central costs", OVERHEAD_STAFF_SHARE) for name in OVERHEAD_CENTRES],
    ]


def _code(number: int) -> str:
    return f"CC-{number + 1:03d}"


def _centre(
    number: int,
    name: str,
    layer: str,
    pool: int | None,
    borough: int | None,
    objective: str,
    people: int,
    pay: dict[str, int],
    chance: np.random.Generator,
) -> CostCentre:
    base = sum(pay.values())
    other = {subjective: round(base * share * float(np.exp(chance.normal(0, 0.15)))) for subjective, share in OTHER_SPENDING.items()}
    income = {"income": round(base * INCOME_SHARE * float(np.exp(chance.normal(0, 0.3))))}
    return CostCentre(
        code=_code(number),
        name=name,
        layer=layer,
        pool=pool,
        borough=borough,
        objective=objective,
        people=people,
        outturn={**pay, **other, **income},
    )


def _ledger(centres: tuple[CostCentre, ...], seed: int) -> pl.DataFrame:
    chance = stream(seed, "ledger")
    rows = []
    for back, year in zip(range(len(YEARS) - 1, -1, -1), YEARS, strict=True):
        for centre in centres:
            for subjective, pence in centre.outturn.items():
                noise = float(np.exp(chance.normal(0, 0.01))) if back else 1.0
                outturn = round(pence / GROWTH**back * noise) if back else pence
                rows.append((year, centre.code, subjective, round(outturn * _budgeted(centre, subjective, chance)), outturn))
    frame = pl.DataFrame(rows, schema=["financial_year", "cost_centre_id", "subjective", "budget_pence", "outturn_pence"], orient="row")
    return frame.with_columns(ledger_line_id=pl.Series([f"L-{number:06d}" for number in range(1, len(frame) + 1)]))


def _budgeted(centre: CostCentre, subjective: str, chance: np.random.Generator) -> float:
    """Budget against outturn."""
    if subjective == "overtime":
        return OVERTIME_BUDGET_SHARE["support" if centre.objective == "Operational support" else "local"]
    return float(np.exp(chance.normal(0, 0.015)))


def _links(centres: tuple[CostCentre, ...], seed: int) -> pl.DataFrame:
    """Each support centre serves every other centre by its driver; detainees and examinations come from those who serve the public."""
    chance = stream(seed, "support links")
    driver = {centre.code: SUPPORT_CENTRES[centre.name] for centre in centres if centre.layer == "business support"}
    rows: list[tuple[str, str, str, float]] = []
    for source, counted in driver.items():
        for centre in centres:
            only_direct = counted in ("examinations", "detainee hours")
            if centre.code == source or (only_direct and centre.layer != "direct"):
                continue
            quantity = centre.people * DRIVER_A_PERSON[counted] * float(np.exp(chance.normal(0, 0.25)))
            rows.append((source, centre.code, counted, round(quantity, 1)))
    return pl.DataFrame(rows, schema=["from_cost_centre_id", "to_cost_centre_id", "driver", "quantity"], orient="row")
