"""What the counts of demand say, in sentences that a board can read."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from bestvalue.analysis.challenge.demand_change import MONTHS_FOR_TREND, Step, Trend
from bestvalue.analysis.challenge.demand_cube import Cube
from bestvalue.analysis.challenge.demand_outlook import MONTHS_FOR_FORECAST, Outlook
from bestvalue.analysis.challenge.demand_pattern import half_of_demand
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.forecasting import MONTHS_FOR_SEASON, MONTHS_TO_TEST
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "These are incidents as recorded. What is not reported is not here, and a change in recording looks like a change in demand.",
    "Numbers of incidents are not the work that they make: how long each takes is another question.",
    "An interval says how far chance and ordinary variation reach. It does not allow for a change of law, policy or events.",
)

CALENDAR = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
NAMED_AT_MOST = 3
"""More names than this make a sentence into a table, and the table is there."""


def base(cube: Cube) -> str:
    """What was counted, as words."""
    first, last = cube.span
    return f"{cube.incidents:,} incidents, {_day(first)} to {_day(last)}"


def how_many(cube: Cube) -> Statement:
    """How many incidents there were, and how many a day."""
    first, last = cube.span
    days = (last - first).days + 1
    text = f"{cube.incidents:,} incidents were recorded from {_day(first)} to {_day(last)}: {plain(cube.incidents / days)} a day."
    if cube.rows != cube.incidents:
        text += f" The source gives counts: they stand in {cube.rows:,} rows."
    figures = (
        Figure(name="incidents", value=cube.incidents, unit="incidents", base=base(cube), base_count=cube.incidents),
        Figure(name="incidents a day", value=cube.incidents / days, unit="incidents a day", base=base(cube), base_count=cube.incidents),
    )
    return Statement(text=text, figures=figures)


def busiest_areas(cube: Cube, areas: pl.DataFrame, confidence: float) -> tuple[Statement, ...]:
    """Which areas have most, most for their residents, and how much has no known place."""
    placed = areas.filter(pl.col("area_id") != "")
    found = []
    if placed.height > 1:
        top = placed.row(0, named=True)
        share = Figure(name=f"share of {top['area']}", value=top["share"], unit="share", base=base(cube), base_count=cube.incidents)
        a_day = _figure(
            f"incidents a day in {top['area']}", top["a_day"], "incidents a day", base(cube), top["low"], top["high"], confidence
        )
        found.append(
            Statement(
                text=f"{top['area']} has most incidents of {placed.height} areas: {percent(top['share'])} of all, {_interval(a_day)} a day.",
                figures=(share, a_day),
            )
        )
        ranked = placed.filter(pl.col("a_year_per_1000_residents").is_not_null()).sort("a_year_per_1000_residents", descending=True)
        if ranked.height > 1:
            found.append(_most_for_residents(ranked))
    unknown = areas.filter(pl.col("area_id") == "")
    if placed.height == 0:
        found.append(Statement(kind="limit", text="Where demand falls cannot be said: the source gives no area."))
    elif unknown.height:
        share = Figure(
            name="share without a known place", value=unknown["share"][0], unit="share", base=base(cube), base_count=cube.incidents
        )
        found.append(
            Statement(
                text=f"{percent(share.value)} of incidents ({unknown['incidents'][0]:,}) have no known area; they are counted as such.",
                figures=(share,),
            )
        )
    return tuple(found)


def _most_for_residents(ranked: pl.DataFrame) -> Statement:
    rows = (ranked.row(0, named=True), ranked.row(-1, named=True))
    most, least = (
        Figure(
            name=f"incidents a year per 1,000 residents in {row['area']}",
            value=row["a_year_per_1000_residents"],
            unit="incidents a year per 1,000 residents",
            base=f"{row['incidents']:,} incidents in {row['area']}",
            base_count=row["incidents"],
        )
        for row in rows
    )
    text = (
        f"For its residents {rows[0]['area']} has most, {plain(most.value)} a year per 1,000, and {rows[1]['area']} fewest, {plain(least.value)}. "
        "Visitors are not counted among residents."
    )
    return Statement(text=text, figures=(most, least))


def grades(cube: Cube, table: pl.DataFrame) -> tuple[Statement, ...]:
    """How the incidents divide by grade; nothing where the source has none."""
    if table.height < 2:
        return ()
    shares = tuple(
        Figure(name=f"share graded {row['grade']}", value=row["share"], unit="share", base=base(cube), base_count=cube.incidents)
        for row in table.iter_rows(named=True)
    )
    listed = ", ".join(f"{row['grade']} {percent(row['share'])}" for row in table.iter_rows(named=True))
    return (Statement(text=f"By grade: {listed}.", figures=shares),)


def no_hours(cube: Cube) -> Statement:
    """The source does not know the hour."""
    finest, asked = ("date", "At what hour") if cube.of_fineness("day") else ("month", "When in the week")
    return Statement(
        kind="limit",
        text=f"{asked} demand falls cannot be said: the source gives only the {finest} of each incident. "
        "A command-and-control extract with times would answer it.",
    )


def some_without_hours(cube: Cube) -> tuple[Statement, ...]:
    """Part of the rows do not know their hour."""
    without = cube.incidents - cube.of_fineness("hour")
    if without == 0:
        return ()
    return (
        Statement(
            kind="limit",
            text=f"{without:,} of {cube.incidents:,} incidents have a date or a month but no hour; they are in every count but those by hour.",
        ),
    )


def peak_hours(cube: Cube, hours: pl.DataFrame, confidence: float) -> tuple[Statement, ...]:
    """The busiest and the quietest hour of the week, and how concentrated demand is."""
    known = hours.filter(pl.col("weeks") > 0)
    timed = cube.of_fineness("hour")
    said = f"{timed:,} incidents whose hour is known, over {max(known['weeks'])} weeks"
    top, least = (known.sort("an_hour", "hour_of_week", descending=[down, False]).row(0, named=True) for down in (True, False))
    busiest, quietest = (
        _figure(f"incidents an hour, {_hour(row)}", row["an_hour"], "incidents an hour", said, row["low"], row["high"], confidence)
        for row in (top, least)
    )
    found = [
        Statement(
            text=f"The busiest hour of the week is {_hour(top)} with {_interval(busiest)} incidents; the quietest is {_hour(least)} with {_interval(quietest)}.",
            figures=(busiest, quietest),
        )
    ]
    if known.height == hours.height:
        half = half_of_demand(hours)
        share = Figure(name="hours that hold half of the demand", value=half, unit="hours of 168", base=said, base_count=timed)
        found.append(
            Statement(text=f"Half of the demand falls in {half} of the week's 168 hours; spread evenly it would be 84.", figures=(share,))
        )
    return tuple(found)


def peak_days(cube: Cube, days: pl.DataFrame, confidence: float) -> tuple[Statement, ...]:
    """The busiest and the quietest day of the week, once every day has come more than once."""
    if days["high"].null_count():
        return ()
    said = f"{cube.of_fineness('day', 'hour'):,} incidents whose day is known, over {max(days['weeks'])} weeks"
    top, least = (days.sort("a_day", descending=down).row(0, named=True) for down in (True, False))
    busiest, quietest = (
        _figure(f"incidents on a {row['weekday']}", row["a_day"], "incidents a day", said, row["low"], row["high"], confidence)
        for row in (top, least)
    )
    text = f"The busiest day of the week is {top['weekday']} with {_interval(busiest)} incidents; the quietest is {least['weekday']} with {_interval(quietest)}."
    return (Statement(text=text, figures=(busiest, quietest)),)


def left_out(cut: Sequence[date]) -> str:
    """Which months are cut off by the edge of the data."""
    if not cut:
        return ""
    return f"Left out because the data begin or end inside them: {', '.join(_month(month) for month in cut)}."


def too_short_for_trend(series: pl.DataFrame, weeks: pl.DataFrame) -> Statement:
    """Too few months to tell trend from season."""
    reach = f"{series.height} whole months" if series.height else f"{weeks.height} whole weeks"
    return Statement(
        kind="limit",
        text=f"Trend, season and lasting changes cannot be told apart: there are {reach}, and it takes {MONTHS_FOR_TREND} months, two of each.",
    )


def trend(series: pl.DataFrame, found: Trend, steps_found: Sequence[Step], confidence: float) -> Statement:
    """The yearly change."""
    said = _months(series)
    figure = _figure("change a year", found.a_year, "share", said, found.low, found.high, confidence)
    aside = ", lasting steps set aside" if steps_found else ""
    if found.low <= 0 <= found.high:
        text = f"No trend can be told from ordinary variation: {_change(figure)} a year{aside}, season taken out ({said})."
    else:
        text = (
            f"Demand {'rises' if found.a_year > 0 else 'falls'} by {_change(figure, bare=True)} a year{aside}, season taken out ({said})."
        )
    return Statement(text=text, figures=(figure,))


def steps(series: pl.DataFrame, found: Sequence[Step], confidence: float) -> tuple[Statement, ...]:
    """Lasting changes of the whole, or that there are none."""
    if not found:
        none = Figure(name="lasting steps found", value=0, unit="steps", base=_months(series), base_count=series.height)
        return (
            Statement(
                text=f"No lasting step in the level of all demand stands out from ordinary variation ({_months(series)}).", figures=(none,)
            ),
        )
    return tuple(
        Statement(
            text=f"From {_month(step.month)} demand is lastingly {'higher' if step.size > 0 else 'lower'} by {_change(figure, bare=True)}; "
            f"chance alone would show such a step {_odds(step.p)}.",
            figures=(figure,),
        )
        for step in found
        for figure in [_figure(f"step in {_month(step.month)}", step.size, "share", _months(series), step.low, step.high, confidence)]
    )


def steps_inside(
    series: pl.DataFrame, found: Mapping[str, Sequence[tuple[str, Step]]], names: Mapping[str, str], confidence: float
) -> tuple[Statement, ...]:
    """The largest lasting changes of single kinds and areas."""
    largest = sorted(
        ((named(dimension, name, names), step) for dimension, group in found.items() for name, step in group),
        key=lambda pair: (-abs(pair[1].size), pair[0]),
    )[:NAMED_AT_MOST]
    if not largest:
        return ()
    figures = tuple(
        _figure(f"step of {name} in {_month(step.month)}", step.size, "share", _months(series), step.low, step.high, confidence)
        for name, step in largest
    )
    listed = "; ".join(f"{name} {_change(figure)} from {_month(step.month)}" for (name, step), figure in zip(largest, figures, strict=True))
    return (Statement(text=f"The largest lasting changes inside the whole: {listed}.", figures=figures),)


def season(series: pl.DataFrame, table: pl.DataFrame, confidence: float) -> Statement:
    """The highest and the lowest calendar month."""
    high, low = (table.sort("index", descending=down).row(0, named=True) for down in (True, False))
    figures = tuple(
        _figure(
            f"{CALENDAR[row['calendar_month'] - 1]} against the average month",
            row["index"] - 1,
            "share",
            _months(series),
            row["low"] - 1,
            row["high"] - 1,
            confidence,
        )
        for row in (high, low)
    )
    text = (
        f"Over the year {CALENDAR[high['calendar_month'] - 1]} is highest, {_change(figures[0])} against the average month, "
        f"and {CALENDAR[low['calendar_month'] - 1]} lowest, {_change(figures[1])}."
    )
    return Statement(text=text, figures=figures)


def growth(tables: Mapping[str, pl.DataFrame], names: Mapping[str, str], confidence: float) -> tuple[Statement, ...]:
    """What grew and shrank most in the last year, where it is more than chance."""
    rows = [
        (named(dimension, row["name"], names), row)
        for dimension, table in tables.items()
        for row in table.filter(pl.col("p") <= 1 - confidence).iter_rows(named=True)
    ]
    rows.sort(key=lambda pair: (-abs(pair[1]["change"]), pair[0]))
    if not rows:
        looked = sum(table.height for table in tables.values())
        if looked == 0:
            return ()
        none = Figure(name="changes beyond chance", value=0, unit="changes", base=f"{looked} areas, grades and kinds", base_count=looked)
        return (
            Statement(
                text=f"Against a year before, none of {looked} areas, grades and kinds has changed by more than chance would give.",
                figures=(none,),
            ),
        )
    shown = rows[: 2 * NAMED_AT_MOST]
    figures = tuple(
        _figure(
            f"change of {name} in a year",
            row["change"],
            "share",
            f"{row['before']:,} and {row['after']:,} incidents",
            row["low"],
            row["high"],
            confidence,
        )
        for name, row in shown
    )
    listed = "; ".join(f"{name} {_change(figure)}" for (name, _), figure in zip(shown, figures, strict=True))
    more = f"; {len(rows) - len(shown)} more are in the tables" if len(rows) > len(shown) else ""
    return (Statement(text=f"Against the same months a year before: {listed}{more}.", figures=figures),)


def no_forecast(series: pl.DataFrame) -> Statement:
    """Too little to forecast from."""
    if series.height >= MONTHS_FOR_FORECAST:
        return Statement(
            kind="limit",
            text="No forecast: there are months without any incident, and so few cannot be forecast by month. Count a wider area, or more kinds.",
        )
    return Statement(
        kind="limit",
        text=f"No forecast: there are {series.height} whole months, and it takes at least {MONTHS_FOR_FORECAST}; "
        f"{MONTHS_FOR_SEASON + MONTHS_TO_TEST} for one with a season in it. Load {MONTHS_FOR_FORECAST - series.height} more months.",
    )


def forecast(series: pl.DataFrame, seen: Outlook) -> tuple[Statement, ...]:
    """What the first and the last whole financial year ahead are expected to bring."""
    said = f"{_months(series)}; model: {seen.result.model}"
    whole = seen.years.filter(pl.col("months_forecast") == 12)
    if whole.height == 0:
        last = seen.months.row(-1, named=True)
        figure = _figure(
            f"incidents in {_month(last['month'])}", last["forecast"], "incidents", said, last["low_95"], last["high_95"], 0.95
        )
        return (Statement(text=f"In {_month(last['month'])} {_interval(figure)} incidents are to be expected.", figures=(figure,)),)
    rows = [whole.row(0, named=True)] + ([whole.row(-1, named=True)] if whole.height > 1 else [])
    figures = tuple(
        _figure(f"incidents in {row['year']}", row["incidents"], "incidents", said, row["low_95"], row["high_95"], 0.95) for row in rows
    )
    listed = ", and ".join(f"{_interval(figure)} in {row['year']}" for row, figure in zip(rows, figures, strict=True))
    return (Statement(text=f"If things go on as they have, {listed} incidents are to be expected.", figures=figures),)


def accuracy(seen: Outlook) -> Statement:
    """How far off such forecasts were on the past."""
    best, result = seen.result.scores[0], seen.result
    said = f"{best.months} forecast months from {result.origins} earlier starts"
    figures = (
        Figure(name="mean miss as a share of what came", value=best.wape, unit="share", base=said, base_count=best.months),
        Figure(name="error against repeating the past", value=best.against_repeating, unit="ratio", base=said, base_count=best.months),
        Figure(name="share inside the 95% interval", value=result.covered[0.95], unit="share", base=said, base_count=best.months),
        Figure(name="share inside the 80% interval", value=result.covered[0.80], unit="share", base=said, base_count=best.months),
    )
    simple = "last year" if result.seasonal else "the last month"
    if best.against_repeating < 1:
        verdict = f"{percent(1 - best.against_repeating)} less than repeating {simple} would have"
    else:
        verdict = f"and nothing did better than repeating {simple}"
    return Statement(
        text=f"Made on the past, such forecasts missed by {percent(best.wape)} on average, {verdict}; the 95% intervals held {percent(result.covered[0.95])} and the 80% intervals {percent(result.covered[0.80])} of the time ({said}).",
        figures=figures,
    )


def cut_short(series: pl.DataFrame, seen: Outlook, years: int) -> tuple[Statement, ...]:
    """How far ahead the forecast was tested, and where it had to stop."""
    if seen.months.height < 12 * years:
        return (
            Statement(
                kind="limit",
                text=f"The forecast stops after {seen.months.height} months and knows no season: {series.height} whole months are behind it, "
                f"and {MONTHS_FOR_SEASON + MONTHS_TO_TEST} are needed to look {years} years ahead.",
            ),
        )
    if seen.result.tested_ahead < seen.months.height:
        return (
            Statement(
                kind="limit",
                text=f"The history is long enough to test forecasts up to {seen.result.tested_ahead} months ahead; beyond, the intervals are extrapolated.",
            ),
        )
    return ()


def named(dimension: str, name: str, names: Mapping[str, str]) -> str:
    """A category with the word for what it is, for the middle of a sentence."""
    words = {"area_id": "{}", "grade": "incidents graded {}", "kind": "{}"}
    return words[dimension].format(bare(dimension, name, names))


def bare(dimension: str, name: str, names: Mapping[str, str]) -> str:
    """A category's own name."""
    if dimension == "area_id":
        return names.get(name, name) or "place not known"
    return name or ("kind not said" if dimension == "kind" else "grade not said")


def _figure(name: str, value: float, unit: str, said: str, low: float | None, high: float | None, confidence: float) -> Figure:
    return Figure(name=name, value=value, unit=unit, base=said, low=low, high=high, confidence=confidence if low is not None else None)


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return plain(figure.value)
    return f"{plain(figure.value)} ({plain(figure.low)} to {plain(figure.high)})"


def _change(figure: Figure, *, bare: bool = False) -> str:
    """A share as a change: "+3.1% (+2.0% to +4.2%)", or bare where a verb gives the direction: "3.1% (2.0% to 4.2%)"."""
    low, high = figure.low or 0.0, figure.high or 0.0
    if bare:
        near, far = sorted((abs(low), abs(high)))
        return f"{percent(abs(figure.value))} ({percent(near)} to {percent(far)})"
    signed = [("+" if value > 0 else "") + percent(value) for value in (figure.value, low, high)]
    return f"{signed[0]} ({signed[1]} to {signed[2]})"


def _odds(p: float) -> str:
    return "fewer than 1 time in 100" if p < 0.01 else f"{p * 100:.0f} times in 100"


def _months(series: pl.DataFrame) -> str:
    return f"{series.height} whole months, {_month(series['month'][0])} to {_month(series['month'][-1])}"


def _month(month: date) -> str:
    return f"{CALENDAR[month.month - 1]} {month.year}"


def _day(day: date) -> str:
    return f"{day.day} {CALENDAR[day.month - 1]} {day.year}"


def _hour(row: Mapping[str, object]) -> str:
    start = int(str(row["hour"]))
    return f"{row['weekday']} {start:02d}:00 to {(start + 1) % 24:02d}:00"
