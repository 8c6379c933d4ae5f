"""What does each answer stand for, so that those who answered speak for everybody, and what does that cost?"""

from bestvalue.analysis.consult import weighting_statements as say
from bestvalue.analysis.consult.weighting_tables import chart, tables
from bestvalue.analysis.consult.weights import WeightingSpec, weigh
from bestvalue.analysis.contract import Analysis, Answer, Progress
from bestvalue.dataset.dataset import Dataset


class Spec(WeightingSpec):
    """Margins, response classes and bounds."""


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Make the weights and say what they do.

    Raises:
        SpecError: nobody answered, a weight is not above zero, or no margin fits the sample.
    """
    progress(0.1, "Weighting the people who answered")
    made = weigh(dataset, spec)
    progress(0.8, "Comparing with the margins")
    shown = tables(made)
    return Answer(
        statements=(say.base(made), *say.cost(made), *say.fit(made, shown["margins"].rows), *say.response(made), *say.limits(made, spec)),
        tables=shown,
        charts={"margins": chart(shown["margins"].rows)},
        caveats=say.CAVEATS,
    )


ANALYSIS = Analysis(
    name="consult.weighting",
    title="Weights of the survey",
    question="What does each answer stand for, so that those who answered speak for everybody, and what does that cost?",
    needs=("survey_sample", "survey_margins"),
    uses=("areas",),
    Spec=Spec,
    answer=answer,
)
