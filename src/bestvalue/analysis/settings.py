"""From text to a spec: what was typed after --set, or into a form, with errors that a person can act on."""

import difflib
import json
import types
from collections.abc import Mapping
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bestvalue.analysis.contract import AnalysisSpec
from bestvalue.errors import SpecError

S = TypeVar("S", bound=AnalysisSpec)


def parse_settings(spec: type[S], values: Mapping[str, Any]) -> S:
    """A spec from parameters by name; a text is read as what the parameter is.

    Args:
        spec: the spec of the analysis.
        values: by parameter; a text for a list has commas between its items, or is a JSON list.

    Raises:
        SpecError: an unknown parameter, or a value of the wrong kind or out of bounds.
    """
    for name in values:
        if name not in spec.model_fields:
            near = difflib.get_close_matches(name, spec.model_fields, n=1, cutoff=0.5)
            listed = ", ".join(spec.model_fields)
            raise SpecError(
                f"There is no parameter {name!r}", where=name, next_step=f"Did you mean {near[0]}?" if near else f"There are: {listed}."
            )
    read = {name: _read(value, spec.model_fields[name]) for name, value in values.items()}
    try:
        return spec.model_validate(read)
    except ValidationError as cause:
        raise _explained(cause, spec) from cause


def _read(value: Any, field: FieldInfo) -> Any:
    """A text as JSON would have it: lists split, an empty text as nothing where nothing is allowed."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text == "" and _takes(field.annotation, type(None)):
        return None
    if _takes(field.annotation, tuple) or _takes(field.annotation, list):
        if text.startswith("["):
            try:
                return json.loads(text)
            except json.JSONDecodeError:
                return [text]
        return [item.strip() for item in text.split(",") if item.strip()]
    return text


def _takes(annotation: Any, kind: type) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_takes(part, kind) for part in get_args(annotation))
    return annotation is kind or get_origin(annotation) is kind


def _explained(cause: ValidationError, spec: type[AnalysisSpec]) -> SpecError:
    first = cause.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    field = spec.model_fields.get(name)
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    found = f" (found {first['input']!r})" if name else ""
    return SpecError(
        f"{field.title if field and field.title else name or 'The parameters'}: {message}{found}",
        where=name,
        next_step=f"{field.description}" if field and field.description else "",
    )
