"""Forms of files that are brought in: which part of the register to take out, a file to bring back, what is chosen of two."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from bestvalue.record.delivery.workbook.bringing_back import MINE, THEIRS

LARGEST_MB = 20


class UploadField(forms.FileField):
    """One file of some kinds, of a size that can be looked at.

    Args:
        kinds: endings of the files that are read.
    """

    def __init__(self, *, kinds: Sequence[str], **options: Any) -> None:
        self.kinds = tuple(kinds)
        messages = {"required": "Select the file", "empty": "The selected file is empty"}
        super().__init__(error_messages=messages, **options)

    def clean(self, data: Any, initial: Any = None) -> "UploadedFile[Any]":
        """The file.

        Raises:
            ValidationError: its ending or its size says that it will not do.
        """
        file: UploadedFile[Any] = super().clean(data, initial)
        if Path(file.name or "").suffix.lower() not in self.kinds:
            raise forms.ValidationError(f"The selected file must be one of {', '.join(self.kinds)}")
        if (file.size or 0) > LARGEST_MB * 1024**2:
            raise forms.ValidationError(f"The selected file must be smaller than {LARGEST_MB} MB")
        return file


class BringBackForm(forms.Form):
    """A workbook that was taken out of the register."""

    file = UploadField(
        label="The workbook",
        help_text=f"As it was taken out here and saved as an Excel workbook (.xlsx), at most {LARGEST_MB} MB.",
        # What a workbook with macros or of an old kind is told, its reader says.
        kinds=(".xlsx", ".xlsm", ".xls", ".xlsb"),
    )


class ConflictsForm(forms.Form):
    """Of everything that somebody else changed too: whose words stay."""

    def __init__(self, data: Mapping[str, Any] | None, *, conflicts: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(data)
        for one in conflicts:
            left, theirs, mine = (_line(one[side]) for side in ("theirs", "before", "after"))
            self.fields[one["name"]] = forms.ChoiceField(
                label=f"{one['about']}: {one['heading'].lower()}",
                help_text=f"When you took it out: {left}",
                choices=[(THEIRS, f"Keep what somebody else wrote: {theirs}"), (MINE, f"Take what the workbook says: {mine}")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose whose words stay for {one['about']}"},
            )

    @property
    def chosen(self) -> Mapping[str, str]:
        """What was chosen of each, by its name."""
        return cast(Mapping[str, str], self.cleaned_data)


def _line(cells: Mapping[str, str]) -> str:
    return "; ".join(text for text in cells.values() if text) or "nothing"
