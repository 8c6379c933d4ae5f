"""The settings of a run in words: what was asked, for whoever reads the answer."""

from collections.abc import Mapping
from typing import Any


def settings_in_words(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The parameters of a run: the label of each, and its value with its unit."""
    properties = schema.get("properties", {})
    return tuple((properties.get(name, {}).get("title", name), _value(value, properties.get(name, {}))) for name, value in spec.items())


def _value(value: Any, about: Mapping[str, Any]) -> str:
    if value is None or value in ("", []):
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    unit = about.get("unit", "none")
    if unit.startswith("share") and isinstance(value, int | float):
        return f"{value:.0%}" if round(value, 2) == value else f"{value:.1%}"
    return words if unit in ("none", "") else f"{words} {unit}"
