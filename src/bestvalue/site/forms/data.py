"""The form that brings a table in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from bestvalue.dataset.tables import TABLES
from bestvalue.site.uploads import ENDINGS, LARGEST_MB


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or more files."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Each file by itself."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files or [None]]


class TableUploadForm(forms.Form):
    """Bring the files of one table."""

    table = forms.ChoiceField(
        label="Which table is it?",
        choices=[("", "Select a table"), *((name, f"{name}: {table.means}") for name, table in TABLES.items())],
        error_messages={"required": "Select which table it is"},
    )
    upload = SeveralFilesField(
        label="Its files",
        help_text=f"CSV, Parquet or Excel, or boundaries as GeoJSON, at most {LARGEST_MB} MB together. "
        "All files of the table: they replace what is there.",
        error_messages={"required": "Select the files of the table", "empty": "The selected file is empty"},
    )

    def clean_upload(self) -> "list[UploadedFile[Any]]":
        """The files, if their endings and their size may come in; what is inside is checked next."""
        files: list[UploadedFile[Any]] = self.cleaned_data["upload"]
        for file in files:
            if not (file.name or "").lower().endswith(ENDINGS):
                raise forms.ValidationError(f"{file.name} must be a CSV, Parquet or Excel file (.xlsx), or boundaries (.geojson)")
        if sum(file.size or 0 for file in files) > LARGEST_MB * 1024**2:
            raise forms.ValidationError(f"The selected files must be smaller than {LARGEST_MB} MB together")
        return files
