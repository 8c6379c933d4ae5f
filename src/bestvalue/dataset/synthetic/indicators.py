"""Which indicators do the invented forces publish?"""

from dataclasses import dataclass


@dataclass(frozen=True)  # by place, not by keyword: the indicators below read as a table
class Indicator:
    """One indicator: `level` is its usual quotient, `deprived` the effect of one sigma of hard-pressed households on its logarithm."""

    name: str
    numerator: str
    denominator: str
    sort: str
    multiplier: float
    better: str
    level: float
    deprived: float
    change: float
    definition: str
    theme: str = "results"
    outlier_gap: float | None = None


# fmt: off
INDICATORS = (
    Indicator("Recorded crime per 1,000 residents", "recorded crimes", "resident population", "rate",
              1_000, "lower", 0.085, 0.15, 0.01, "All crimes recorded in the year.", "demand"),
    Indicator("Violence per 1,000 residents", "violent crimes", "resident population", "rate",
              1_000, "lower", 0.030, 0.18, 0.03, "Crimes of violence against the person.", "demand"),
    Indicator("Burglary per 1,000 households", "burglaries of homes", "households", "rate",
              1_000, "lower", 0.012, 0.12, -0.05, "Burglaries of homes.", "demand"),
    Indicator("Robbery per 100,000 residents", "robberies", "resident population", "rate",
              100_000, "lower", 0.0009, 0.35, -0.01, "Robberies of persons and businesses.", "demand"),
    Indicator("Crimes solved", "crimes solved", "recorded crimes", "proportion",
              1, "higher", 0.16, -0.04, -0.02, "Crimes with a charge, caution or other sanction.", "results"),
    Indicator("Emergency calls answered in 10 seconds", "calls answered in 10 seconds", "emergency calls", "proportion",
              1, "higher", 0.86, -0.01, 0.0, "Of all emergency calls.", "results"),
    Indicator("Immediate calls reached in time", "incidents reached in time", "immediate incidents", "proportion",
              1, "higher", 0.84, -0.01, 0.0, "Within 15 minutes in towns, 20 elsewhere.", "results"),
    Indicator("Complaints per 1,000 staff", "complaints", "people employed", "rate",
              1_000, "lower", 0.090, 0.05, 0.02, "Complaints recorded by the force.", "results"),
    Indicator("Officers per 1,000 residents", "officers", "resident population", "rate",
              1_000, "neither", 0.0024, 0.10, 0.01, "Full-time equivalents at the year's end.", "workforce"),
    Indicator("Spending per head (pounds)", "net spending (pounds)", "resident population", "ratio",
              1, "neither", 235.0, 0.08, 0.03, "Net revenue spending, cash prices.", "spending", 1.0),
    Indicator("Sickness days per officer", "days lost", "officers", "ratio",
              1, "lower", 10.5, 0.02, 0.01, "Working days lost to sickness.", "workforce"),
    Indicator("Satisfied victims", "satisfied victims", "victims asked", "proportion",
              1, "higher", 0.72, -0.02, -0.01, "Satisfied with the whole of the service.", "results"),
)
# fmt: on
