"""What an appraisal says, in sentences that a board can read."""

from collections.abc import Sequence

import polars as pl

from bestvalue.analysis.compete import appraisal_beside_statements as beside
from bestvalue.analysis.compete.appraisal_case import Case
from bestvalue.analysis.compete.appraisal_flows import CATEGORIES
from bestvalue.analysis.compete.appraisal_value import input_words, order_of
from bestvalue.analysis.compete.rates.optimism import managed, optimism_source, project_types
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "Values are differences from the baseline. An option that is not on the list cannot be the best.",
    "Cash and value are added up: a non-cashable gain pays no bill. The table of values by sort of money keeps them apart.",
    "The simulation varies the estimates that were given. It does not know what nobody thought of.",
    "Scores on criteria are judgements; they stand beside the money and are not added to it.",
)


def base(case: Case) -> str:
    """What was appraised, as words."""
    flows, settings = case.flows, case.settings
    return (
        f"{flows.rows.height} flows of {len(flows.names)} options for {flows.service} over {flows.horizon_years} years, "
        f"{flows.price_year} prices, {settings.edition.name}, {settings.schedule.name} rates"
    )


def best(case: Case) -> Statement:
    """Which option is worth most, and by how much."""
    flows, found, place = case.flows, case.value, case.best
    baseline = flows.names[0]
    settings = case.settings
    frame = f"For {flows.service}, over {flows.horizon_years} years in {flows.price_year} prices, discounted by the {settings.edition.name} ({percent(float(settings.schedule.rates(1)[1]))} falling with time)"
    if place == 0:
        second = order_of(found)[1] if len(flows.names) > 1 else 0
        figure = _npsv(case, second)
        return Statement(
            text=f"{frame}, no option is worth more than {baseline}; the nearest is {flows.names[second]}, {_signed(figure)}.",
            figures=(figure,),
        )
    figure = _npsv(case, place)
    others = [_npsv(case, option) for option in order_of(found) if option not in (0, place)]
    listed = "; ".join(
        f"{figure_.name.removeprefix('value of ').removesuffix(' against the baseline')} {_signed(figure_)}" for figure_ in others
    )
    rest = f" The others: {listed}." if listed else ""
    return Statement(
        text=f"{frame}, {flows.names[place]} is worth most: {_signed(figure)} against {baseline}.{_returns(case, place)}{rest}",
        figures=(figure, *others),
    )


def likely(case: Case) -> Statement:
    """How often each option is best when the estimates vary."""
    flows, seen = case.flows, case.outcome
    order = sorted(range(len(flows.names)), key=lambda place: -seen.best_share[place])[:3]
    said = f"{case.settings.draws:,} draws with correlated estimates; {base(case)}"
    figures = tuple(
        Figure(
            name=f"share of draws in which {flows.names[place]} is worth most",
            value=float(seen.best_share[place]),
            unit="share",
            base=said,
            base_count=case.settings.draws,
        )
        for place in order
    )
    listed = ", ".join(f"{flows.names[place]} in {percent(float(seen.best_share[place]))}" for place in order if seen.best_share[place] > 0)
    better = "; ".join(f"{flows.names[place]} in {percent(float(seen.better_share[place]))}" for place in range(1, len(flows.names)))
    return Statement(
        text=f"When all estimates vary together ({case.settings.draws:,} draws), worth most are {listed} of them; worth more than {flows.names[0]}: {better}.",
        figures=figures,
    )


def cash_alone(case: Case) -> tuple[Statement, ...]:
    """Whether cash alone, without the value of time and quality that stays, says the same."""
    place = CATEGORIES.index("non-cashable")
    other = case.value.present[:, place]
    if not other.any():
        return ()
    cash = case.value.npsv + (other - other[0])
    first, names = int(cash.argmax()), case.flows.names
    figure = Figure(name=f"value of {names[first]} in cash alone", value=float(cash[first]) / PENCE_A_POUND, unit="pounds", base=base(case))
    same = "the same option" if first == case.best else f"not {names[case.best]}"
    return (
        Statement(
            text=f"In cash alone, without gains and losses that no budget shows, {names[first]} is worth most ({pounds(float(cash[first]))} against {names[0]}): {same}.",
            figures=(figure,),
        ),
    )


def switching(case: Case) -> tuple[Statement, ...]:
    """How wrong the estimates of the preferred option may be before it is preferred no more."""
    if case.best == 0:
        return ()
    name = case.flows.names[case.best]
    rows = case.switching.filter((pl.col("option") == name) & pl.col("change").is_between(-1, 3)).sort(pl.col("change").abs())
    if rows.height == 0:
        return (
            Statement(
                text=f"No single sort of money, however wrong within -100% to +300%, makes {name} worth no more than {case.flows.names[0]}.",
                figures=(_npsv(case, case.best),),
            ),
        )
    shown = rows.group_by("against", maintain_order=True).head(2)
    figures = tuple(
        Figure(
            name=f"change of {row['category']} of {name} that makes it worth no more than {row['against']}",
            value=row["change"],
            unit="share",
            base=base(case),
        )
        for row in shown.iter_rows(named=True)
    )
    parts = [
        f"{row['category']} {'costs' if row['present_pence'] > 0 else 'gains'} {_change(row['change'])} ({'than the baseline' if row['against'] == 'baseline' else 'than ' + row['against']})"
        for row in shown.iter_rows(named=True)
    ]
    return (
        Statement(text=f"{name} is worth more until one of these changes, all else as estimated: {'; '.join(parts)}.", figures=figures),
    )


def widest(case: Case) -> tuple[Statement, ...]:
    """Which estimate matters most."""
    place = case.best or (order_of(case.value)[1] if len(case.flows.names) > 1 else 0)
    rows = case.tornado.filter(pl.col("option") == case.flows.names[place])
    if rows.height == 0:
        return ()
    row = rows.row(0, named=True)
    figures = tuple(
        Figure(
            name=f"value of {case.flows.names[place]} at the {end} end of {input_words(row['input'], baseline=case.flows.names[0])}",
            value=row[f"{end}_pence"] / PENCE_A_POUND,
            unit="pounds",
            base=base(case),
        )
        for end in ("low", "high")
    )
    return (
        Statement(
            text=f"What matters most for {case.flows.names[place]} is {input_words(row['input'], baseline=case.flows.names[0])}: from its low to its high estimate the value goes from {pounds(row['low_pence'])} to {pounds(row['high_pence'])}.",
            figures=figures,
        ),
    )


def optimism(case: Case) -> tuple[Statement, ...]:
    """What was added for optimism bias, by type of project."""
    raised = case.flows.rows.filter(pl.col("uplift") > 0)
    found = []
    if raised.height:
        types = project_types()
        kinds = raised.select("project_type", "uplift").unique().sort("project_type")
        added = float((raised["amount"] - raised["estimate"]).sum())
        share = case.settings.managed_share
        figures = tuple(
            Figure(
                name=f"optimism bias of {kind}", value=managed(types[kind].upper, managed_share=share), unit="share", base=optimism_source()
            )
            for kind in kinds["project_type"]
        )
        listed = ", ".join(f"{kind} {percent(figure.value)}" for kind, figure in zip(kinds["project_type"], figures, strict=True))
        below = [kind for kind in kinds["project_type"] if managed(types[kind].upper, managed_share=share) < types[kind].lower]
        warns = f" That is below what well-managed projects come to for {', '.join(below)}." if below else ""
        text = f"Optimism bias adds {pounds(added)}: {listed}, with {percent(share) if share else 'none'} of its causes managed.{warns} Source: {optimism_source()}."
        found.append(Statement(text=text, figures=figures))
    bare = case.flows.rows.filter((pl.col("category") == "capital") & pl.col("project_type").is_null())
    if bare.height:
        ids = ", ".join(bare["option_flow_id"].head(10).to_list())
        found.append(
            Statement(
                kind="limit", text=f"{bare.height} flows of capital name no type of project, so no optimism bias is added to them: {ids}."
            )
        )
    return tuple(found)


def long_horizon(case: Case) -> tuple[Statement, ...]:
    """The same by the rates that are required beside the standard ones for a long horizon."""
    if case.sensitivity is None:
        return ()
    other, place = case.sensitivity, case.best
    figure = Figure(
        name=f"value of {case.flows.names[place]} by the sensitivity rates",
        value=float(other.npsv[place]) / PENCE_A_POUND,
        unit="pounds",
        base=base(case),
    )
    first = int(other.npsv.argmax())
    same = "the order does not change at the top" if first == place else f"then {case.flows.names[first]} is worth most"
    return (
        Statement(
            text=f"The horizon is over {case.settings.edition.sensitivity_over_years} years, so the rates of the sensitivity schedule are to be shown too: by them {case.flows.names[place]} is worth {pounds(float(other.npsv[place]))}; {same}.",
            figures=(figure,),
        ),
    )


def without_range(case: Case) -> tuple[Statement, ...]:
    """How many estimates came without a range."""
    bare = int((~case.flows.rows["ranged"]).sum())
    if bare == 0:
        return ()
    return (
        Statement(
            kind="limit",
            text=f"{bare} of {case.flows.rows.height} flows have no low and high estimate: the simulation takes them for certain, and its intervals are too narrow.",
        ),
    )


def every(case: Case) -> Sequence[Statement]:
    """All statements of one service, the answer first."""
    return (
        best(case),
        likely(case),
        *cash_alone(case),
        *switching(case),
        *widest(case),
        *beside.criteria(case),
        *beside.borne(case),
        *long_horizon(case),
        *optimism(case),
        *beside.unpriced(case),
        *without_range(case),
    )


def _npsv(case: Case, place: int) -> Figure:
    settings = case.settings
    return Figure(
        name=f"value of {case.flows.names[place]} against the baseline",
        value=float(case.value.npsv[place]) / PENCE_A_POUND,
        unit="pounds",
        base=base(case),
        low=float(case.outcome.low[place]) / PENCE_A_POUND,
        high=float(case.outcome.high[place]) / PENCE_A_POUND,
        confidence=settings.confidence,
    )


def _signed(figure: Figure) -> str:
    low, high = figure.low or 0.0, figure.high or 0.0
    return f"{pounds(figure.value * PENCE_A_POUND)} ({pounds(low * PENCE_A_POUND)} to {pounds(high * PENCE_A_POUND)})"


def _returns(case: Case, place: int) -> str:
    ratio, back = case.value.ratio(place), case.value.discounted_payback_years[place]
    if ratio is None:
        return " It costs nothing to change to."
    years = (
        "does not pay back within the horizon" if back is None else f"pays back in year {back}" if back else "costs nothing before it gains"
    )
    return f" Each pound that the change costs brings {plain(ratio)} back, and it {years}."


def _change(share: float) -> str:
    return f"rise by {percent(share)}" if share > 0 else f"fall by {percent(-share)}"
