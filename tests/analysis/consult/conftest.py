"""Surveys to test on: small ones made by hand, and that of the synthetic force with its planted truths."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bestvalue.analysis.consult.answers import Answers, Floats, Item, answers_from
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.survey import draw_sample, write_survey
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.synthetic.words import write_words
from bestvalue.dataset.tables import TABLES

SEED = 5


@dataclass(frozen=True, kw_only=True)
class Survey:
    """The survey of a synthetic force, and what is planted in it."""

    dataset: Dataset
    truth: dict[str, Any]
    folder: Path


@pytest.fixture(scope="package")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survey]:
    folder = tmp_path_factory.mktemp("survey")
    sample = draw_sample(scale=0.5, seed=SEED)
    truth = Truth(folder)
    write_survey(folder, truth, sample, seed=SEED)
    write_words(folder, truth, sample, seed=SEED)
    pl.DataFrame(
        [{"area_id": one.code, "area_name": one.name, "area_group": one.group, "resident_population": one.residents} for one in BOROUGHS],
        schema=TABLES["areas"].schema,
    ).write_parquet(folder / "areas.parquet")
    engine = LocalEngine()
    names = (
        "areas",
        "survey_frame",
        "survey_margins",
        "survey_sample",
        "survey_items",
        "survey_answers",
        "open_answers",
        "codebook",
        "coded_segments",
    )
    tables = {name: checked(folder, name) for name in names}
    planted = (
        json.loads((folder / "_truth" / "survey.json").read_text())
        if (folder / "_truth").is_dir()
        else json.loads(next(folder.rglob("survey.json")).read_text())
    )
    yield Survey(dataset=Dataset(tables, engine=engine, synthetic=True), truth=planted, folder=folder)
    engine.close()


def checked(folder: Path, name: str) -> CheckedTable:
    path = folder / f"{name}.parquet"
    return CheckedTable(name=name, parquet=path, digest=name, rows=pl.scan_parquet(path).select(pl.len()).collect().item(), source="a test")


MakeDataset = Callable[..., Dataset]


@pytest.fixture
def tables_of(tmp_path: Path) -> Iterator[MakeDataset]:
    """Make a dataset of tables given as rows; columns not given are empty."""
    engine = LocalEngine()

    def make(**tables: Sequence[dict[str, Any]]) -> Dataset:
        for name, rows in tables.items():
            pl.DataFrame(list(rows), schema=TABLES[name].schema).write_parquet(tmp_path / f"{name}.parquet")
        return Dataset({name: checked(tmp_path, name) for name in tables}, engine=engine)

    yield make
    engine.close()


def item_rows(*names: str, scale: str = "trust", lowest: int = 1, highest: int = 5, reverse: Sequence[str] = ()) -> list[dict[str, Any]]:
    return [
        {
            "item_id": name,
            "wording": f"Words of {name}",
            "scale_name": scale,
            "lowest": lowest,
            "highest": highest,
            "reversed": name in reverse,
        }
        for name in names
    ]


def answer_rows(scores: Floats, names: Sequence[str], *, asked: int = 1) -> list[dict[str, Any]]:
    return [
        {"respondent_id": f"R{person:04d}", "item_id": name, "round": asked, "answer": None if np.isnan(score) else int(score)}
        for person, row in enumerate(scores)
        for name, score in zip(names, row, strict=True)
    ]


def answers_of(scores: Floats, *, highest: int = 5) -> Answers:
    names = [f"Q{number}" for number in range(scores.shape[1])]
    items = [Item(item_id=name, wording=name, scale="one", lowest=1, highest=highest, reversed=False) for name in names]
    return answers_from(pl.DataFrame(answer_rows(scores, names)), items)


def likert(chance: np.random.Generator, *, people: int, loadings: Sequence[float], factor: Floats | None = None) -> Floats:
    """Answers 1 to 5 made by one factor with these loadings on hidden normal answers."""
    loading = np.asarray(loadings)
    common = chance.standard_normal(people) if factor is None else factor
    hidden = common[:, None] * loading + chance.standard_normal((people, len(loading))) * np.sqrt(1 - loading**2)
    return 1.0 + np.searchsorted([-1.3, -0.5, 0.3, 1.2], hidden)
