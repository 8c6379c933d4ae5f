"""Can a form be asked on the site, and what is asked then? Whatever the site would ask otherwise than the form means is refused."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bestvalue.dataset.questionnaires.asked import LONG_TEXT, AskedForm, Block, Entry, Kind, Option
from bestvalue.dataset.questionnaires.asked_checks import faults_of
from bestvalue.dataset.questionnaires.form import ONE_LANGUAGE
from bestvalue.dataset.questionnaires.places import Places, places_in
from bestvalue.dataset.questionnaires.xlsform import read_definition
from bestvalue.errors import Fault, TableFaults

KINDS: Mapping[str, Kind] = {
    "select one": "choose one",
    "select all that apply": "choose several",
    "text": "text",
    "string": "text",
    "phone number": "text",
    "integer": "whole number",
    "int": "whole number",
    "decimal": "number",
    "range": "number",
    "date": "date",
    "time": "time",
    "note": "note",
    "acknowledge": "acknowledge",
    "trigger": "acknowledge",
    "calculate": "calculation",
}
"""Types of XLSForm that the site asks, and as what."""

OF_THE_DEVICE = (
    "start",
    "end",
    "today",
    "deviceid",
    "device id",
    "subscriberid",
    "subscriber id",
    "simserial",
    "sim id",
    "username",
    "email",
    "phonenumber",
    "audit",
    "start-geopoint",
    "background-audio",
)
"""Types that a device fills in about itself: the site collects nothing of the kind, so they are left out and that is said."""


MADE_BY_PYXFORM = "reserved_name_for_field_list_labels"
"""Rows that pyxform adds to show the headings of a table of questions; here every question shows its own answers."""


def read_asked(file: Path) -> AskedForm:
    """Read a form that is to be asked on the site.

    Raises:
        TableError: the form is broken; the message is pyxform's, with its row where it gives one.
        TableFaults: it uses what the site does not ask; each place is named by sheet, row and column.
    """
    found, _ = read_definition(file)
    reader = _Reader(default=str(found.get("default_language", ONE_LANGUAGE)), lists=found.get("choices", {}), places=places_in(file))
    entries = reader.entries(found.get("children", []))
    form = AskedForm(
        title=str(found.get("title", file.stem)),
        languages=reader.languages(),
        entries=entries,
        notes=tuple(reader.notes),
    )
    faults = [*reader.faults, *faults_of(form, reader.places)]
    if faults:
        raise TableFaults(
            faults, total=len(faults), where=file.name, next_step="Change these places; docs/how-to/ask-the-public.md lists what is asked."
        )
    return form


class _Reader:
    """Walks through the form once and gathers its faults and notes."""

    def __init__(self, *, default: str, lists: Mapping[str, Any], places: Places) -> None:
        self.default, self.lists, self.places = default, lists, places
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.spoken: list[tuple[str, ...]] = []

    def entries(self, nodes: Sequence[Mapping[str, Any]], *, in_repeat: bool = False) -> tuple[Entry | Block, ...]:
        read: list[Entry | Block] = []
        for node in nodes:
            kind, name = str(node.get("type", "")), str(node.get("name", ""))
            if (name == "meta" and kind == "group") or name.startswith(MADE_BY_PYXFORM):
                continue
            if kind in ("group", "repeat"):
                read.append(self._block(node, in_repeat=in_repeat))
            elif kind in OF_THE_DEVICE:
                self.notes.append(f"{name} ({kind}) is left out: the site collects nothing about a device.")
            elif kind == "hidden" or kind in KINDS:
                read.append(self._entry(node, "calculation" if kind == "hidden" else KINDS[kind]))
            else:
                self._refuse(name, "type", f"{name}: the site does not ask for {kind!r}")
        return tuple(read)

    def languages(self) -> tuple[str, ...]:
        """Those of the questions, in the order of the columns; words without one ("Specify other.") add none."""
        found = dict.fromkeys(language for part in self.spoken for language in part)
        return tuple(one for one in found if len(found) == 1 or one != ONE_LANGUAGE) or (self.default,)

    def _refuse(self, name: str, column: str, what: str, next_step: str = "") -> None:
        self.faults.append(self.places.fault(name, column, what, next_step=next_step))

    def _block(self, node: Mapping[str, Any], *, in_repeat: bool) -> Block:
        name, repeats = str(node["name"]), node["type"] == "repeat"
        if repeats and in_repeat:
            self._refuse(name, "type", f"{name} is a repeat inside a repeat", "Ask for it in a repeat of its own.")
        control = node.get("control") or {}
        words = self._words(node.get("label"))
        return Block(
            name=name,
            words=words,
            entries=self.entries(node.get("children", []), in_repeat=in_repeat or repeats),
            relevant=str((node.get("bind") or {}).get("relevant", "")),
            repeats=repeats,
            times=str(control.get("jr:count", "")),
        )

    def _entry(self, node: Mapping[str, Any], kind: Kind) -> Entry:
        name, bind, control = str(node["name"]), node.get("bind") or {}, node.get("control") or {}
        if node.get("media"):
            self.notes.append(f"{name} has pictures or sound, which are left out: its words have to be enough.")
        default = str(node.get("default", ""))
        if any(sign in default for sign in ("${", "(")):
            self._refuse(name, "default", f"{name}: a default that is calculated, {default!r}, is not understood")
        number = {part: self._bound(control.get(word)) for part, word in (("lowest", "start"), ("highest", "end"), ("step", "step"))}
        return Entry(
            name=name,
            kind=_whole_range(kind, number),
            words=self._words(node.get("label")),
            hint=self._words(node.get("hint")),
            options=self._options(node),
            relevant=str(bind.get("relevant", "")),
            constraint=str(bind.get("constraint", "")),
            constraint_message=self._words(bind.get("jr:constraintMsg"), spoken=False),
            required=_required(str(bind.get("required", ""))),
            required_message=self._words(bind.get("jr:requiredMsg"), spoken=False),
            calculation=str(bind.get("calculate", "")),
            choice_filter=str(node.get("choice_filter", "")),
            long=LONG_TEXT in str(control.get("appearance", "")),
            default=default,
            **number,
        )

    def _options(self, node: Mapping[str, Any]) -> tuple[Option, ...]:
        listed = node.get("choices") or self.lists.get(str(node.get("list_name", "")), [])
        if str(node.get("itemset", "")).rpartition(".")[2] in ("csv", "xml", "geojson"):
            self._refuse(str(node["name"]), "type", f"{node['name']}: answers to choose from a file are not read")
        return tuple(
            Option(
                name=str(one["name"]),
                words=self._words(one.get("label")) or {self.default: str(one["name"])},
                columns={str(key): str(value) for key, value in one.items() if key not in ("label", "media") and isinstance(value, str)},
            )
            for one in listed
        )

    def _words(self, label: object, *, spoken: bool = True) -> dict[str, str]:
        if isinstance(label, Mapping):
            words = {str(language): str(text) for language, text in label.items() if text and text != "-"}
        else:
            words = {self.default: str(label)} if label else {}
        if spoken and words:
            # The languages of the form are those of its questions, in the order of the columns; the default comes first.
            self.spoken.append(tuple(sorted(words, key=lambda language: language != self.default)))
        return words

    @staticmethod
    def _bound(value: object) -> float | None:
        try:
            return float(str(value)) if value is not None else None
        except ValueError:
            return None


def _required(said: str) -> str:
    plain = said.strip().lower()
    if plain in ("yes", "true", "true()"):
        return "yes"
    return "" if plain in ("", "no", "false", "false()") else said


def _whole_range(kind: Kind, number: Mapping[str, float | None]) -> Kind:
    """A range in whole steps takes whole numbers."""
    known = [value for value in number.values() if value is not None]
    return "whole number" if kind == "number" and len(known) == 3 and all(value.is_integer() for value in known) else kind
