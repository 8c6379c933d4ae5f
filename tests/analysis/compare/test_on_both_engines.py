from collections.abc import Iterator
from typing import Any

import pytest
from tests.spark import CLUSTER

from bestvalue.analysis.compare import frontier, funnel, indicators, peers, profile, rank, trend
from bestvalue.analysis.contract import Analysis, AnalysisSpec
from bestvalue.analysis.store import digest_of
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def on_a_cluster(comparison: Dataset) -> Iterator[Dataset]:
    engine = open_engine(CLUSTER)
    yield Dataset(comparison.tables, engine=engine, synthetic=True)
    engine.close()


@pytest.mark.parametrize(
    ("analysis", "spec"),
    [
        (indicators.ANALYSIS, indicators.Spec()),
        (peers.ANALYSIS, peers.Spec(resamples=200)),
        (rank.ANALYSIS, rank.Spec(draws=1000)),
        (funnel.ANALYSIS, funnel.Spec()),
        (trend.ANALYSIS, trend.Spec()),
        (frontier.ANALYSIS, frontier.Spec(replicates=100)),
        (profile.ANALYSIS, profile.Spec(draws=1000)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_spark_cluster_gives_the_same_result_as_duckdb(
    analysis: Analysis[Any], spec: AnalysisSpec, comparison: Dataset, on_a_cluster: Dataset
) -> None:
    assert digest_of(analysis.run(on_a_cluster, spec)) == digest_of(analysis.run(comparison, spec))
