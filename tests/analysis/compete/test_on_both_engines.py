from collections.abc import Iterator
from typing import Any

import pytest
from tests.spark import CLUSTER

from bestvalue.analysis.compete import appraisal, competition, costing, savings
from bestvalue.analysis.contract import Analysis, AnalysisSpec
from bestvalue.analysis.store import digest_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def on_a_cluster(force_data: Dataset) -> Iterator[Dataset]:
    engine = open_engine(CLUSTER)
    yield Dataset(force_data.tables, engine=engine, synthetic=True)
    engine.close()


@pytest.mark.parametrize(
    ("analysis", "spec"),
    [
        (costing.ANALYSIS, costing.Spec(draws=200)),
        (appraisal.ANALYSIS, appraisal.Spec(draws=1_000)),
        (savings.ANALYSIS, savings.Spec()),
        (competition.ANALYSIS, competition.Spec()),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_spark_cluster_gives_the_same_result_as_duckdb(
    analysis: Analysis[Any], spec: AnalysisSpec, force_data: Dataset, on_a_cluster: Dataset
) -> None:
    assert digest_of(analysis.run(on_a_cluster, spec)) == digest_of(analysis.run(force_data, spec))
