"""Census tables of police force areas as characteristics: the share of residents in each ethnic group."""

import re

import polars as pl

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import only, texts
from bestvalue.dataset.readers.force_names import force_name
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reader, Reading

_COLUMN = re.compile(r"^Ethnic Group: (?P<group>[^:;]+); measures: Value$")
_EVERYBODY = r"^Ethnic Group: All categories: Ethnic group; measures: Value$"
CENSUS_YEAR = 2011
"""The layout is that of the 2011 census, and the file bears no year."""


def read_ethnic_groups(batch: TextRows, _time_zone: str) -> Reading:
    """One row a force and broad ethnic group, in per cent of residents; the finer groups would count the broad ones again."""
    everybody = next(name for name in batch.frame.columns if re.match(_EVERYBODY, name))
    groups = {name: found["group"] for name in batch.frame.columns if (found := _COLUMN.match(name))}
    forces = pl.Series([force_name(name) for name in texts(batch, "PFA16NM")], dtype=pl.String)
    everyone = batch.frame[everybody].cast(pl.Float64, strict=False)
    wide = pl.DataFrame(
        {
            "force_id": forces,
            SOURCE_ROW: pl.Series(range(batch.frame.height), dtype=pl.Int64()),
            **{
                f"{group} (% of residents)": 100 * batch.frame[name].cast(pl.Float64, strict=False) / everyone
                for name, group in groups.items()
            },
        }
    )
    rows = (
        wide.filter(pl.col("force_id").is_not_null())
        .unpivot(index=["force_id", SOURCE_ROW], variable_name="characteristic", value_name="value")
        .filter(pl.col("value").is_finite())
        .select("force_id", "characteristic", pl.lit(CENSUS_YEAR, pl.Int64).alias("year"), "value", SOURCE_ROW)
        .sort(SOURCE_ROW, maintain_order=True)
    )
    used = pl.Series(range(batch.frame.height), dtype=pl.Int64()).is_in(rows[SOURCE_ROW].unique().implode())
    reasons = pl.Series(["the row is no territorial force, or holds no figure"], dtype=pl.String()).new_from_index(0, batch.frame.height)
    return Reading(rows=rows, left_out=only(reasons, ~used))


CENSUS_ETHNIC_GROUPS = Reader(
    name="census-2011-ethnic-groups-by-force",
    version=1,
    title="Census 2011: ethnic groups by police force area",
    publisher="Office for National Statistics",
    needs=(("PFA16NM",), (_EVERYBODY,)),
    read=read_ethnic_groups,
    repeats="its force and group stand in an earlier row",
    table="force_characteristics",
    rules=(
        "Each broad ethnic group becomes a characteristic, in per cent of residents; the finer groups inside them are left out.",
        "These alone do not make places alike: add characteristics of poverty, density and households before using compare.peers.",
    ),
)
