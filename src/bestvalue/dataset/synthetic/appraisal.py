"""Which options and savings are on the table? An invented appraisal of dog support, with savings that are not all they seem."""

from datetime import date
from pathlib import Path

import polars as pl

from bestvalue.dataset.synthetic.accounts import YEARS, CostCentre
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import appraisal

SERVICE, PRICE_YEAR, YEARS_AHEAD = "dog support", 2026, 10
THOUSAND = 100_000
"""A thousand pounds, in pence."""

OPTIONS = (
    # code, name, kind, capital, its project type, transition, running a year, cashable a year, non-cashable a year (thousand pounds)
    ("OPT-1", "Keep as it is", "keep", 0, None, 0, 3_100, 0, 0),
    ("OPT-2", "Share with a neighbouring force", "share", 400, "standard buildings", 350, 2_650, 120, 0),
    ("OPT-3", "Buy from a company", "outsource", 0, None, 500, 2_500, 200, 0),
    ("OPT-4", "Civilian trainers and kennel staff", "civilianise", 0, None, 220, 2_850, 0, 60),
    ("OPT-5", "One new kennel in place of two", "invest", 2_900, "non-standard buildings", 150, 2_600, 90, 40),
    ("OPT-6", "Stop", "stop", 0, None, 900, 0, 0, -1_800),
)
OTHERS = (
    # option, body, area, year and category, thousand pounds: what others than the force pay or gain
    ("OPT-2", "the neighbouring force", None, 0, "transition", 180),
    ("OPT-2", "the neighbouring force", None, 1, "cashable", -60),
    ("OPT-5", "the borough", "E09000006", 0, "capital", 150),
)
EFFECTS = (
    ("OPT-2", "Longer travel to the east of the city", "worse"),
    ("OPT-2", "Cover when one force has a large event", "better"),
    ("OPT-3", "Less say over training", "worse"),
    ("OPT-4", "Officers back on the street", "better"),
    ("OPT-5", "Better kennels for the dogs", "better"),
    ("OPT-6", "Searches wait for other means", "worse"),
)
CRITERIA = {"resilience": 0.30, "quality": 0.30, "public confidence": 0.25, "ease of change": 0.15}
SCORES = {
    "OPT-1": (50, 60, 60, 100),
    "OPT-2": (75, 60, 60, 45),
    "OPT-3": (40, 45, 40, 35),
    "OPT-4": (55, 65, 65, 60),
    "OPT-5": (65, 75, 70, 30),
    "OPT-6": (5, 10, 15, 50),
}

SAVINGS = (
    # name, owner, cost centre, subjective, resource, hours, claimed cashable, recurring, starts on, planned, realised (thousand pounds)
    ("Two kennels become one", "Head of operations", "Dog support", "premises", "contract", None, True, True, date(2025, 10, 1), 180, 95),
    ("Fewer vehicles", "Head of fleet", "Fleet", "transport", "contract", None, True, True, date(2025, 4, 1), 240, 240),
    (
        "One support post ends",
        "Head of human resources",
        "Human resources",
        "staff pay",
        "post",
        1_650,
        True,
        True,
        date(2025, 7, 1),
        62,
        45,
    ),
    (
        "Less overtime for planned searches",
        "Head of operations",
        "Territorial support",
        "overtime",
        "overtime",
        9_000,
        True,
        True,
        date(2025, 4, 1),
        410,
        130,
    ),
    (
        "Roster fits the demand",
        "Head of operations",
        "Territorial support",
        "overtime",
        "overtime",
        9_000,
        True,
        True,
        date(2025, 4, 1),
        410,
        130,
    ),
    (
        "Statements by tablet",
        "Head of information technology",
        "Hackney response",
        "officer pay",
        "officer time",
        22_000,
        True,
        True,
        date(2025, 6, 1),
        900,
        None,
    ),
    (
        "Shorter handover",
        "Head of local policing",
        "Croydon response",
        "officer pay",
        "officer time",
        5_000,
        False,
        True,
        date(2025, 9, 1),
        205,
        None,
    ),
    (
        "Sale of old radios",
        "Head of information technology",
        "Information technology",
        "supplies and services",
        "contract",
        None,
        True,
        False,
        date(2026, 1, 1),
        35,
        35,
    ),
)
REALLY_CASHABLE_RESOURCES = ("post", "overtime", "contract")

PRICES = (
    ("own force", "own", 3_100, None, 0),
    ("neighbouring force", "force", 2_650, "vehicles", 280),
    ("invented company A", "market", 2_150, "vehicles, kennels and cover at night", 690),
    ("invented company B", "market", 2_480, "cover at night", 310),
)


def write_appraisal(folder: Path, truth: Truth, centres: tuple[CostCentre, ...], *, seed: int) -> list[TableWriter]:
    """Write options, their flows, effects and scores, savings and provider prices."""
    options = write_table(
        appraisal.OPTIONS,
        folder,
        {
            "option_id": [code for code, *_ in OPTIONS],
            "service": [SERVICE] * len(OPTIONS),
            "option_name": [name for _, name, *_ in OPTIONS],
            "kind": [kind for _, _, kind, *_ in OPTIONS],
            "baseline": [kind == "keep" for _, _, kind, *_ in OPTIONS],
        },
    )
    effects = write_table(
        appraisal.OPTION_EFFECTS,
        folder,
        {
            "option_effect_id": [f"OE-{number:02d}" for number in range(1, len(EFFECTS) + 1)],
            "option_id": [option for option, _, _ in EFFECTS],
            "effect": [effect for _, effect, _ in EFFECTS],
            "direction": [direction for _, _, direction in EFFECTS],
        },
    )
    scored = [(option, criterion, score) for option, row in SCORES.items() for criterion, score in zip(CRITERIA, row, strict=True)]
    scores = write_table(
        appraisal.OPTION_SCORES,
        folder,
        {
            "option_id": [option for option, _, _ in scored],
            "criterion": [criterion for _, criterion, _ in scored],
            "score": [score for _, _, score in scored],
            "weight": [CRITERIA[criterion] for _, criterion, _ in scored],
        },
    )
    return [options, _write_flows(folder, seed), effects, scores, _write_savings(folder, truth, centres), _write_prices(folder)]


def _write_flows(folder: Path, seed: int) -> TableWriter:
    chance = stream(seed, "appraisal")
    rows: list[tuple[str, int, str, str | None, int]] = []
    for code, _, _, capital, project, transition, running, cashable, other in OPTIONS:
        rows += [(code, 0, "capital", project, capital * THOUSAND)] if capital else []
        rows += [(code, 0, "transition", None, transition * THOUSAND)] if transition else []
        for year in range(1, YEARS_AHEAD + 1):
            yearly = (("running", running), ("cashable", -cashable), ("non-cashable", -other))
            rows += [(code, year, category, None, amount * THOUSAND) for category, amount in yearly if amount]
    own = len(rows)
    rows += [
        (code, year, category, "standard buildings" if category == "capital" else None, amount * THOUSAND)
        for code, _, _, year, category, amount in OTHERS
    ]
    spread = [0.08 + 0.12 * float(chance.random()) for _ in rows]
    amounts = [row[4] for row in rows]
    return write_table(
        appraisal.OPTION_FLOWS,
        folder,
        {
            "option_flow_id": [f"OF-{number:04d}" for number in range(1, len(rows) + 1)],
            "option_id": [row[0] for row in rows],
            "year_number": [row[1] for row in rows],
            "category": [row[2] for row in rows],
            "project_type": [row[3] for row in rows],
            "borne_by": ["the force"] * own + [body for _, body, *_ in OTHERS],
            "area_id": [None] * own + [area for _, _, area, *_ in OTHERS],
            "amount_pence": amounts,
            "low_pence": [round(amount - abs(amount) * wide) for amount, wide in zip(amounts, spread, strict=True)],
            "high_pence": [round(amount + abs(amount) * wide * 1.5) for amount, wide in zip(amounts, spread, strict=True)],
            "price_year": [PRICE_YEAR] * len(rows),
        },
    )


def _write_savings(folder: Path, truth: Truth, centres: tuple[CostCentre, ...]) -> TableWriter:
    code = {centre.name: centre.code for centre in centres}
    ids = [f"SV-{number:02d}" for number in range(1, len(SAVINGS) + 1)]
    same_line: dict[tuple[str, str, int | None], str] = {}
    twice = []
    for saving, (_, _, centre, subjective, _, hours, *_) in zip(ids, SAVINGS, strict=True):
        twice.append(same_line.get((centre, subjective, hours)))
        same_line.setdefault((centre, subjective, hours), saving)
    planted = pl.DataFrame(
        {
            "saving_id": ids,
            "really_cashable": [row[4] in REALLY_CASHABLE_RESOURCES for row in SAVINGS],
            "counted_twice_with": pl.Series(twice, dtype=pl.String),
        }
    )
    truth.table(
        "savings", planted, means="Which savings release money from a budget line, and which is the same hours and line as another."
    )
    return write_table(
        appraisal.SAVINGS,
        folder,
        {
            "saving_id": ids,
            "saving_name": [row[0] for row in SAVINGS],
            "owner": [row[1] for row in SAVINGS],
            "cost_centre_id": [code[row[2]] for row in SAVINGS],
            "subjective": [row[3] for row in SAVINGS],
            "resource": [row[4] for row in SAVINGS],
            "hours_a_year": [row[5] for row in SAVINGS],
            "claimed_cashable": [row[6] for row in SAVINGS],
            "recurring": [row[7] for row in SAVINGS],
            "starts_on": [row[8] for row in SAVINGS],
            "planned_pence": [row[9] * THOUSAND for row in SAVINGS],
            "realised_pence": [None if row[10] is None else row[10] * THOUSAND for row in SAVINGS],
        },
    )


def _write_prices(folder: Path) -> TableWriter:
    return write_table(
        appraisal.PROVIDER_PRICES,
        folder,
        {
            "provider_price_id": [f"PP-{number:02d}" for number in range(1, len(PRICES) + 1)],
            "service": [SERVICE] * len(PRICES),
            "provider": [row[0] for row in PRICES],
            "provider_kind": [row[1] for row in PRICES],
            "financial_year": [YEARS[-1]] * len(PRICES),
            "volume": [52_000] * len(PRICES),
            "price_pence": [row[2] * THOUSAND for row in PRICES],
            "left_out": [row[3] for row in PRICES],
            "adjustment_pence": [row[4] * THOUSAND for row in PRICES],
        },
    )
