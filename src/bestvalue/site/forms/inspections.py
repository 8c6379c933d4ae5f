"""Forms about imported reports."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

REPORT_KINDS = (".txt", ".html", ".htm", ".pdf", ".docx")
REPORT_LARGEST_MB = 50


class ReportImportForm(forms.Form):
    """Import a report that somebody else published."""

    file = forms.FileField(
        label="The report",
        help_text=f"Text, HTML, PDF or Word, at most {REPORT_LARGEST_MB} MB. The record keeps its paragraphs word for word.",
        error_messages={"required": "Select the report", "empty": "The selected file is empty"},
    )
    issuer = forms.CharField(
        label="Who published it (optional)",
        help_text="Only where the report does not say so itself.",
        required=False,
        max_length=200,
    )
    allow_none = forms.BooleanField(label="The report may make no recommendation", required=False)

    def clean_file(self) -> "UploadedFile[Any]":
        """The file, if it is of a kind and size that can be read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in REPORT_KINDS:
            raise forms.ValidationError("The selected file must be a text, HTML, PDF or Word file")
        if (file.size or 0) > REPORT_LARGEST_MB * 1024 * 1024:
            raise forms.ValidationError(f"The selected file must be smaller than {REPORT_LARGEST_MB} MB")
        return file


class CandidateForm(forms.Form):
    """Decide about a finding that asks for something without a recommendation."""

    TAKE_UP, SET_ASIDE = "take up", "set aside"

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[
            (TAKE_UP, "Take it up: it joins the register as a recommendation"),
            (SET_ASIDE, "Set it aside: it stays in the record, and can be taken up later"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you decide"},
    )
    reason = forms.CharField(
        label="Why?",
        help_text="One or two sentences. They are kept with the decision.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why"},
    )
