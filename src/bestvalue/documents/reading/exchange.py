"""A read report as JSON for other programs, and the schema that documents it. Keys are the names of `structure.py`."""

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from bestvalue.documents.reading.structure import PublishedReport

SCHEMA_ID = "bestvalue/published-report/1"


def report_as_json(report: PublishedReport) -> dict[str, Any]:
    """The report as JSON types, with the two things that are read off its items: a judgement's first paragraph, a confidence in words."""
    found: dict[str, Any] = _plain(asdict(report))
    found["published_precision"] = report.published_precision
    for item, judgement in zip(found["judgements"], report.judgements, strict=True):
        item["paragraph"] = judgement.paragraph
    return {"schema": SCHEMA_ID, **found}


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what `report_as_json` gives."""
    schema = TypeAdapter(PublishedReport).json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["schema"] = {"const": SCHEMA_ID}
    schema["properties"]["published_precision"] = {"enum": ["day", "month", "year", None]}
    schema["required"] = ["schema", *schema["required"], "published_precision"]
    judgement = schema["$defs"]["Judgement"]
    judgement["properties"]["paragraph"] = {"type": "string", "description": "The first paragraph that states it."}
    judgement["required"].append("paragraph")
    return schema


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
