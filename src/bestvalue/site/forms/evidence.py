"""Forms of what is said about evidence that is there: its grade, and new versions of its file."""

from pathlib import Path

from django import forms

from bestvalue.record.reviews.evidence_files import LARGEST_BYTES, STARTS
from bestvalue.record.reviews.models import Credibility, Reliability
from bestvalue.site.forms.delivery import words_field


class GradeForm(forms.Form):
    """Grade evidence on the house scale."""

    reliability = forms.ChoiceField(
        label="How reliable is the source, whatever it says this time?",
        choices=Reliability.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how reliable the source is"},
    )
    credibility = forms.ChoiceField(
        label="How credible is what it says, whoever says it?",
        choices=Credibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how credible it is"},
    )
    reason = words_field("Why?", required="Enter what the grade rests on", help_text="A sentence that a reader can check.", rows=2)

    def clean_reliability(self) -> Reliability:
        """Of the source."""
        return Reliability(self.cleaned_data["reliability"])

    def clean_credibility(self) -> Credibility:
        """Of what it says."""
        return Credibility(self.cleaned_data["credibility"])


class FileVersionForm(forms.Form):
    """Bring a new version of the file of evidence."""

    file = forms.FileField(
        label="The file",
        help_text=f"{', '.join(ending.removeprefix('.').upper() for ending in STARTS)}; at most {LARGEST_BYTES // 1024**2} MB.",
        error_messages={"required": "Select the file", "empty": "The selected file is empty"},
    )
    note = words_field("What is different from the version before?", required="Enter what is different", rows=2)

    def clean_file(self) -> object:
        """The file, if its ending is one that may come in; what is inside is checked when it is kept."""
        file = self.cleaned_data["file"]
        if Path(file.name).suffix.lower() not in STARTS:
            raise forms.ValidationError(f"The selected file must be one of: {', '.join(STARTS)}")
        return file
