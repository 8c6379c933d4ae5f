"""Which way to run a service is worth most, over years, and how sure is that? By the method of the Green Book."""

from bestvalue.analysis.compete import appraisal_charts as charts
from bestvalue.analysis.compete import appraisal_statements as say
from bestvalue.analysis.compete.appraisal_case import Settings, appraise
from bestvalue.analysis.compete.appraisal_flows import services
from bestvalue.analysis.compete.appraisal_simulation import Correlations
from bestvalue.analysis.compete.appraisal_tables import tables
from bestvalue.analysis.compete.rates.discounting import STANDARD, edition_named
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


class Spec(AnalysisSpec):
    """Which service to appraise, and by which rates."""

    service: str = parameter("", title="Service", help="As in the table of options; every service when left empty.")
    edition: str = parameter(
        "", title="Edition", help='Edition of the discount rates, such as "Green Book 2026"; the latest when left empty.'
    )
    schedule: str = parameter(STANDARD, title="Rates", help="Schedule of that edition: standard, health or sensitivity.", advanced=True)
    price_year: int = parameter(
        0, title="Price year", help="Calendar year of the prices; the latest of the flows when 0.", unit="year", ge=0, le=2100
    )
    managed_share: float = parameter(
        0.0,
        title="Optimism bias managed",
        help="Share of the causes of optimism bias that is shown to be managed: 0 adds all of it.",
        unit="share (0 to 1)",
        ge=0,
        le=1,
    )
    draws: int = parameter(
        20_000, title="Draws", help="How often the estimates are drawn.", unit="draws", advanced=True, ge=1_000, le=1_000_000
    )
    confidence: float = parameter(
        0.90,
        title="Confidence",
        help="Level of the intervals: 0.9 means that 9 in 10 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.999,
    )
    correlation_inputs: float = parameter(
        0.2,
        title="Inputs alike",
        help="Correlation of the errors of different sorts of money.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0,
        le=1,
    )
    correlation_options: float = parameter(
        0.5,
        title="Options alike",
        help="Correlation of one sort of money between options.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0,
        le=1,
    )
    correlation_years: float = parameter(
        0.8,
        title="Years alike",
        help="Correlation of the years of one sort of money of one option.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0,
        le=1,
    )


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Appraise the options of one service, or of each.

    Raises:
        SpecError: there is no such service, edition or schedule, or the correlations are not in order.
        TableError: a service has no baseline or no money; a criterion has two weights.
        TableFaults: prices of a year that the price index does not cover.
    """
    settings = _settings(spec)
    known = services(dataset)
    if not known or (spec.service and spec.service not in known):
        raise SpecError(
            f"There are no options for {spec.service or 'any service'}",
            where="service",
            next_step=f"Choose one of: {', '.join(known)}." if known else "Fill in the table options.",
        )
    wanted = [spec.service] if spec.service else list(known)
    cases = []
    for number, service in enumerate(wanted):
        progress(0.05 + 0.9 * number / len(wanted), f"Appraising {service}")
        cases.append(appraise(dataset, service, settings))
    drawn: dict[str, Chart] = {}
    for number, case in enumerate(cases):
        end = "" if number == 0 else f"_{number + 1}"
        drawn[f"options{end}"] = charts.values(case, table="options")
        if len(case.flows.names) > 1 and case.tornado.height:
            drawn[f"tornado{end}"] = charts.tornado(case, table="tornado")
        beside = charts.beside_money(case, table="criteria")
        if beside is not None:
            drawn[f"criteria{end}"] = beside
    note = (settings.edition.note,) if settings.edition.note else ()
    return Answer(
        statements=tuple(statement for case in cases for statement in say.every(case)),
        tables=tables(cases),
        charts=drawn,
        caveats=(*say.CAVEATS, *note),
    )


def _settings(spec: Spec) -> Settings:
    edition = edition_named(spec.edition)
    if spec.schedule not in edition.schedules:
        raise SpecError(
            f"{edition.name} has no schedule {spec.schedule!r}",
            where="schedule",
            next_step=f"Choose one of: {', '.join(edition.schedules)}.",
        )
    return Settings(
        edition=edition,
        schedule=edition.schedules[spec.schedule],
        price_year=spec.price_year,
        managed_share=spec.managed_share,
        correlations=Correlations(inputs=spec.correlation_inputs, options=spec.correlation_options, years=spec.correlation_years),
        draws=spec.draws,
        confidence=spec.confidence,
        seed=spec.seed,
    )


ANALYSIS = Analysis(
    name="compete.appraisal",
    title="Appraisal of options",
    question="Which way to run a service is worth most over the years, what does that hang on, and what is not in the money?",
    needs=("options", "option_flows"),
    uses=("option_effects", "option_scores", "price_indices"),
    Spec=Spec,
    answer=answer,
)
