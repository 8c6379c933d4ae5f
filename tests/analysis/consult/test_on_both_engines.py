"""The same results on DuckDB and on a Spark cluster."""

from pathlib import Path
from typing import Any

import pytest
from tests.analysis.consult.conftest import Survey
from tests.spark import CLUSTER

from bestvalue.analysis.consult import coding, estimates, questionnaire, reliability, sampling, validity, weighting, who_was_not_heard
from bestvalue.analysis.contract import Analysis
from bestvalue.analysis.store import digest_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine

ASKED: tuple[tuple[Analysis[Any], dict[str, Any]], ...] = (
    (coding.ANALYSIS, {"bootstraps": 100}),
    (estimates.ANALYSIS, {"questions": ("TRUST1", "SAFETY7")}),
    (questionnaire.ANALYSIS, {}),
    (reliability.ANALYSIS, {"bootstraps": 50, "ordinal": False}),
    (sampling.ANALYSIS, {}),
    (validity.ANALYSIS, {"graded": False}),
    (weighting.ANALYSIS, {}),
    (who_was_not_heard.ANALYSIS, {}),
)


@pytest.mark.slow
def test_every_analysis_says_the_same_on_both_engines(survey: Survey, tmp_path: Path) -> None:
    engine = open_engine(CLUSTER)
    try:
        cluster = Dataset(survey.dataset.tables, engine=engine, synthetic=True)
        for analysis, given in ASKED:
            spec = analysis.Spec(**given)
            assert digest_of(analysis.run(cluster, spec)) == digest_of(analysis.run(survey.dataset, spec)), analysis.name
    finally:
        engine.close()
