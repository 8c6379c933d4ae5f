"""Forms of a review: add evidence, draw a finding, publish the report."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from bestvalue.record.reviews.evidence_files import LARGEST_BYTES, STARTS
from bestvalue.record.reviews.models import Evidence, EvidenceKind, FourC, Marking, NeedToKnowGroup, Review, Strand, Tone
from bestvalue.site.forms.dates import DatePartsField
from bestvalue.site.forms.delivery import words_field
from bestvalue.site.forms.markings import group_field, handling_field

DATE_HINT = "For example, 27 3 2026"


class EvidenceForm(forms.Form):
    """What every piece of evidence says of itself."""

    title = forms.CharField(
        label="Title", help_text="As findings and the report will cite it.", max_length=200, error_messages={"required": "Enter the title"}
    )
    four_cs = forms.MultipleChoiceField(
        label="Which of the 4Cs does it serve?",
        choices=FourC.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one of the 4Cs"},
    )
    strands = forms.ModelMultipleChoiceField(
        label="Which strands does it bear on?",
        queryset=Strand.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one strand"},
    )
    effective_date = DatePartsField(
        label="What day does it tell of?", help_text=f"Not the day that it is added. {DATE_HINT}", what="the day that it tells of"
    )
    marking = forms.ChoiceField(
        label="Marking",
        help_text="Nothing above OFFICIAL may be kept here.",
        choices=Marking.choices,
        initial=Marking.OFFICIAL,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the marking"},
    )

    group = group_field()
    handling = handling_field()

    def __init__(self, *args: Any, review: Review, groups: QuerySet[NeedToKnowGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelMultipleChoiceField[Strand]", self.fields["strands"]).queryset = review.strands.standing()
        cast("forms.ModelChoiceField[NeedToKnowGroup]", self.fields["group"]).queryset = groups

    def clean_four_cs(self) -> list[FourC]:
        """The 4Cs."""
        return [FourC(value) for value in self.cleaned_data["four_cs"]]

    def clean_marking(self) -> Marking:
        """The marking."""
        return Marking(self.cleaned_data["marking"])


class ResultEvidenceForm(EvidenceForm):
    """Add the answer of an analysis as evidence."""

    result_digest = forms.ChoiceField(label="Which result?", error_messages={"required": "Select the result"})
    notes = forms.CharField(label="Notes (optional)", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("result_digest", "title", "four_cs", "strands", "effective_date", "notes", "marking", "group", "handling")

    def __init__(
        self, *args: Any, review: Review, groups: QuerySet[NeedToKnowGroup], results: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, review=review, groups=groups, **options)
        cast(forms.ChoiceField, self.fields["result_digest"]).choices = [("", "Select a result"), *results]


class DocumentEvidenceForm(EvidenceForm):
    """Add a document, or the note of an interview or a visit, as evidence."""

    KINDS = [(kind.value, kind.label) for kind in EvidenceKind if kind is not EvidenceKind.RESULT]

    kind = forms.ChoiceField(label="What is it?", choices=KINDS, widget=forms.RadioSelect, error_messages={"required": "Select what it is"})
    file = forms.FileField(
        label="File (optional)",
        help_text=f"{', '.join(ending.removeprefix('.').upper() for ending in STARTS)}; at most {LARGEST_BYTES // 1024**2} MB.",
        required=False,
        error_messages={"empty": "The selected file is empty"},
    )
    notes = forms.CharField(label="What was said or seen, or what the file is", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    field_order = ("kind", "title", "file", "notes", "four_cs", "strands", "effective_date", "marking", "group", "handling")

    def clean_kind(self) -> EvidenceKind:
        """What kind it is."""
        return EvidenceKind(self.cleaned_data["kind"])

    def clean_file(self) -> object:
        """The file, if its ending is one that may come in; what is inside is checked when it is kept."""
        file = self.cleaned_data["file"]
        if file and Path(file.name).suffix.lower() not in STARTS:
            raise forms.ValidationError(f"The selected file must be one of: {', '.join(STARTS)}")
        if file and file.size > LARGEST_BYTES:
            raise forms.ValidationError(f"The selected file must be smaller than {LARGEST_BYTES // 1024**2} MB")
        return file

    def clean(self) -> dict[str, object]:
        """Evidence holds something: a file, or words."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("file") and not str(cleaned.get("notes", "")).strip():
            self.add_error("notes", "Enter what was said or seen, or select a file")
        return cleaned


class FindingForm(forms.Form):
    """Draw a finding from evidence."""

    strand = forms.ModelChoiceField(
        label="Which strand does it answer?",
        queryset=Strand.objects.none(),
        empty_label="Select a strand",
        error_messages={"required": "Select a strand"},
    )
    text = forms.CharField(
        label="What did we learn?",
        help_text="One finding, in a sentence or two, with its numbers.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what we learnt"},
    )
    tone = forms.ChoiceField(
        label="Is it a strength, or something to improve?",
        choices=[(Tone.POSITIVE.value, "A strength"), (Tone.NEGATIVE.value, "Something to improve")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is a strength or something to improve"},
    )
    evidence = forms.ModelMultipleChoiceField(
        label="Which evidence does it rest on?",
        help_text="A finding must cite at least one piece of evidence.",
        queryset=Evidence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one piece of evidence"},
    )

    def __init__(self, *args: Any, strands: QuerySet[Strand], evidence: QuerySet[Evidence], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Strand]", self.fields["strand"]).queryset = strands
        cast("forms.ModelMultipleChoiceField[Evidence]", self.fields["evidence"]).queryset = evidence

    def clean_tone(self) -> Tone:
        """The tone."""
        return Tone(self.cleaned_data["tone"])


class WithdrawForm(forms.Form):
    """Withdraw evidence or a finding, as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = words_field("Why is it withdrawn?", required="Enter why it is withdrawn")


class ProposeForm(forms.Form):
    """Propose to publish the report of a review."""

    FORMATS = (("html", "HTML: to read on the web"), ("pdf", "PDF: to print and to keep"), ("docx", "Word: to work on"))

    formats = forms.MultipleChoiceField(
        label="In which formats?",
        choices=FORMATS,
        initial=[name for name, _ in FORMATS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one format"},
    )
    checked = forms.BooleanField(
        label="I have read the findings and recommendations above, and propose them in my role",
        error_messages={"required": "Confirm that you have read the findings and recommendations"},
    )


class AnswerProposalForm(forms.Form):
    """Answer the proposal of a report: confirm or refuse another's, withdraw one's own."""

    CONFIRM, REFUSE = "confirm", "refuse"

    answer = forms.ChoiceField(
        label="May it be published as it is?", widget=forms.RadioSelect, error_messages={"required": "Select whether it may be published"}
    )
    reason = forms.CharField(
        label="Why not?",
        help_text="Only if it is not published. The reason stays in the record.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, may_confirm: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        answer = cast("forms.ChoiceField", self.fields["answer"])
        if may_confirm:
            answer.choices = [
                (self.CONFIRM, "Yes: I have read the files, and confirm in my role that they are published"),
                (self.REFUSE, "No: refuse it"),
            ]
        else:
            answer.label = "You proposed it. What now?"
            answer.error_messages["required"] = "Select whether you withdraw it"
            answer.choices = [(self.REFUSE, "Withdraw it: nobody is asked to confirm it any more")]
            self.fields["reason"].label = "Why?"

    def clean(self) -> dict[str, object]:
        """Whoever does not publish says why."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == self.REFUSE and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", "Say why it is not published")
        return cleaned
