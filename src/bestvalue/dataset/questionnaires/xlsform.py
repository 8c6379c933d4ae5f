"""How is an XLSForm read? By pyxform, whose faults are told in our words, with the row."""

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError  # type: ignore[import-untyped]  # it ships no types; nothing leaves this module
from pyxform.xls2xform import convert  # type: ignore[import-untyped]  # likewise

from bestvalue.dataset.questionnaires.form import ONE_LANGUAGE, Choice, Form, Question
from bestvalue.errors import TableError

SECTIONS = ("group", "repeat", "loop")
ROW = re.compile(r"\[row : (\d+)\]\s*")
MOST_BYTES = 20_000_000


def read_form(file: Path) -> Form:
    """Read a form from .xlsx, .xls or .csv.

    Raises:
        TableError: the form is broken; the message is pyxform's, with its row where it gives one.
    """
    found, said = read_definition(file)
    default = str(found.get("default_language", ONE_LANGUAGE))
    questions = tuple(_questions(found.get("children", []), default, lists=found.get("choices", {})))
    languages = tuple(dict.fromkeys(language for question in questions for language in question.words))
    return Form(title=str(found.get("title", file.stem)), languages=languages, questions=questions, warnings=said)


def read_definition(file: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A form as pyxform understands it, before it makes an XForm of it, and what it warns of.

    Raises:
        TableError: the form is broken; the message is pyxform's, with its row where it gives one.
    """
    if not file.is_file() or file.stat().st_size > MOST_BYTES:
        raise TableError("There is no form of a usual size", where=file.name, next_step="Give an XLSForm: .xlsx, .xls or .csv.")
    said: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the workbook reader warns of styles that it leaves out
            read = convert(xlsform=str(file), validate=False, warnings=said)
    except PyXFormError as cause:
        raise _told(cause, file) from cause
    except Exception as cause:
        # pyxform lets the errors of its workbook readers through: of zip, XML and old Excel alike.
        raise TableError(
            f"The form cannot be read: {cause}", where=file.name, next_step="Open it in a spreadsheet and save it as .xlsx."
        ) from cause
    found: dict[str, Any] = read._pyxform
    return found, tuple(map(str, said))


def _told(cause: PyXFormError, file: Path) -> TableError:
    """The fault that pyxform found, with its place: newer ones carry it beside the message, older ones at the head of it."""
    message = str(cause)
    beside: Mapping[str, Any] = getattr(cause, "context", None) or {}
    row = ROW.search(message)
    number = beside.get("row") or (row.group(1) if row else None)
    place = [file.name]
    if number:
        place += [f"sheet {beside.get('sheet') or 'survey'}", f"row {number}"]
    if number and beside.get("column"):
        place.append(f"column {beside['column']}")
    return TableError(
        ROW.sub("", message), where=", ".join(place), next_step="Correct the form; https://xlsform.org describes each column."
    )


def _questions(
    nodes: Sequence[Mapping[str, Any]],
    default: str,
    *,
    lists: Mapping[str, Any],
    section: tuple[str, ...] = (),
    repeats: bool = False,
) -> list[Question]:
    found: list[Question] = []
    for node in nodes:
        kind, name = str(node.get("type", "")), str(node.get("name", ""))
        if kind in SECTIONS:
            if name != "meta":
                inside = node.get("children", [])
                found += _questions(inside, default, lists=lists, section=(*section, name), repeats=repeats or kind == "repeat")
            continue
        bind = node.get("bind") or {}
        listed = node.get("choices") or lists.get(str(node.get("list_name", "")), [])
        found.append(
            Question(
                name=name,
                kind=kind,
                words=_words(node.get("label"), default),
                hint=_words(node.get("hint"), default),
                choices=tuple(Choice(name=str(one.get("name", "")), words=_words(one.get("label"), default)) for one in listed),
                required=str(bind.get("required", "")).lower() in ("yes", "true", "true()"),
                asked_if=str(bind.get("relevant", "")),
                section=section,
                repeats=repeats,
            )
        )
    return found


def _words(label: object, default: str) -> dict[str, str]:
    if isinstance(label, Mapping):
        return {str(language): str(words) for language, words in label.items() if words and words != "-"}
    return {default: str(label)} if label else {}
