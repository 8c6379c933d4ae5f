"""A form for any analysis, made from its Spec: adding an analysis adds its form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField

from bestvalue.analysis.contract import AnalysisSpec
from bestvalue.analysis.settings import parse_settings
from bestvalue.errors import SpecError
from bestvalue.site.forms.dates import DatePartsField

NO_UNIT = ("", "none")


class SpecForm(forms.Form):
    """The parameters of one analysis. A field left empty takes the default that the analysis has for it."""

    def __init__(self, *args: Any, spec: type[AnalysisSpec], **options: Any) -> None:
        super().__init__(*args, **options)
        self.spec = spec
        schema = spec.model_json_schema()
        self.properties = {name: _resolved(found, schema) for name, found in schema.get("properties", {}).items()}
        for name, found in self.properties.items():
            self.fields[name] = _field(name, found)

    @property
    def main_fields(self) -> list[BoundField]:
        """What most people set."""
        return [self[name] for name, found in self.properties.items() if not found.get("advanced")]

    @property
    def advanced_fields(self) -> list[BoundField]:
        """What stands under "More settings"."""
        return [self[name] for name, found in self.properties.items() if found.get("advanced")]

    @property
    def advanced_has_errors(self) -> bool:
        """Whether "More settings" must be open, because something in it is wrong."""
        return any(field.errors for field in self.advanced_fields)

    @property
    def settings(self) -> dict[str, Any]:
        """What was filled in, by parameter."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    def clean(self) -> dict[str, Any]:
        """What the fields cannot see: rules between parameters, which the Spec itself holds."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                parse_settings(self.spec, self.settings)
            except SpecError as wrong:
                self.add_error(wrong.where if wrong.where in self.fields else None, wrong.what)
        return cleaned


def initial_of(values: Mapping[str, Any], spec: type[AnalysisSpec]) -> dict[str, Any]:
    """What the form of a spec begins with, from values as a kept result or an address has them; what is not set is left out."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple) and "enum" not in _items(spec, name) else value
        for name, value in values.items()
        if name in spec.model_fields and value is not None
    }


def _items(spec: type[AnalysisSpec], name: str) -> Mapping[str, Any]:
    schema = spec.model_json_schema()
    items: Mapping[str, Any] = _resolved(schema["properties"][name], schema).get("items", {})
    return items


def _resolved(found: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A property with its reference followed, and with "or nothing" taken as not required."""
    merged = dict(found)
    for alternative in found.get("anyOf", ()):
        if alternative.get("type") != "null":
            merged = {**alternative, **merged, "optional": True}
    if "$ref" in merged:
        merged = {**schema["$defs"][merged["$ref"].rpartition("/")[2]], **merged}
    return merged


def _field(name: str, found: Mapping[str, Any]) -> forms.Field:
    label = found.get("title") or name.replace("_", " ").capitalize()
    common: dict[str, Any] = {"label": label, "help_text": _hint(found), "required": False, "initial": found.get("default")}
    match found.get("type"):
        case "boolean":
            return forms.BooleanField(**common)
        case "integer" | "number" as kind:
            return _number(found, common, whole=kind == "integer")
        case "array":
            return _several(found, common)
        case _ if "result_of" in found:
            return _kept_result(found, common)
        case _ if "enum" in found or "const" in found:
            choices = [(str(value), str(value)) for value in found.get("enum", [found.get("const")])]
            return forms.ChoiceField(**common, choices=[("", "Not set"), *choices] if found.get("optional") else choices)
        case _ if found.get("format") == "date":
            return DatePartsField(**{**common, "help_text": f"{common['help_text']} For example, 27 3 2026.".strip()}, what=label.lower())
        case _:
            return forms.CharField(**common, max_length=found.get("maxLength", 200))


def _kept_result(found: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:
    """A choice among the stored results of another analysis, the newest first."""
    kept = settings.WORKSPACE.store.kept_of(found["result_of"])
    choices = [("", "None"), *((one.digest, f"{one.made_at:%-d %B %Y, %H:%M} ({one.digest[:8]})") for one in kept)]
    none = "" if kept else f" None is kept yet: run {found['result_of']} first."
    return forms.ChoiceField(**{**common, "help_text": f"{common['help_text']}{none}"}, choices=choices)


def _number(found: Mapping[str, Any], common: dict[str, Any], *, whole: bool) -> forms.Field:
    unit = found.get("unit", "")
    attrs = {"class": "govuk-input--width-5", "inputmode": "numeric" if whole else "decimal", "step": "1" if whole else "any"}
    widget = forms.NumberInput(attrs=attrs if unit in NO_UNIT else {**attrs, "unit": unit})
    label = common["label"]
    messages = {
        "invalid": f"{label} must be a {'whole number' if whole else 'number'}",
        "min_value": f"{label} must be %(limit_value)s or more",
        "max_value": f"{label} must be %(limit_value)s or less",
    }
    kind = forms.IntegerField if whole else forms.FloatField
    return kind(**common, min_value=found.get("minimum"), max_value=found.get("maximum"), widget=widget, error_messages=messages)


def _several(found: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:
    default = common["initial"]
    if "enum" in found.get("items", {}):
        choices = [(str(value), str(value)) for value in found["items"]["enum"]]
        return forms.MultipleChoiceField(**common, choices=choices, widget=forms.CheckboxSelectMultiple)
    shown = {
        **common,
        "initial": ", ".join(map(str, default)) if default else "",
        "help_text": f"{common['help_text']} Separate with commas.".strip(),
    }
    return forms.CharField(**shown, max_length=1000)


def _hint(found: Mapping[str, Any]) -> str:
    """The help of the parameter with its bounds, so that nobody learns them from an error."""
    low, high = found.get("minimum", found.get("exclusiveMinimum")), found.get("maximum", found.get("exclusiveMaximum"))
    bounds = f"From {low:,} to {high:,}." if low is not None and high is not None and abs(high) < 10**15 else ""
    return f"{found.get('description', '')} {bounds}".strip()
