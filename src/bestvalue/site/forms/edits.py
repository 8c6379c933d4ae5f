"""Forms that change a record which is there already. Each carries the version that was read.

When somebody else changed the same meanwhile, the form is shown again with a question for each field that both wrote: whose words
stay. What this side wrote stays in the form, where it can still be changed.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet

from bestvalue.record.bodies.models import Body, BodyKind, Person
from bestvalue.record.reviews.models import Evidence, Finding, FourC, Strand, Tone
from bestvalue.record.row_versions import EditedMeanwhileError, Versioned
from bestvalue.site.forms.dates import DatePartsField
from bestvalue.site.forms.delivery import line_field, words_field
from bestvalue.site.forms.recommendations import AskedFields, CostingFields

THEIRS, MINE = "theirs", "mine"
KEPT = "keep_"
"""How the name of the question begins that asks whose words of a field stay."""


def read_field() -> forms.IntegerField:
    """The key of the newest text that whoever writes another has read; 0 where there was none."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


def read_anew(form: forms.Form, met: EditedMeanwhileError) -> forms.Form:
    """The same form with what was typed; sent again, it says that what the other wrote has been read."""
    data = cast(Any, form.data).copy()
    data["read"] = form.read_after(met) if hasattr(form, "read_after") else met.version
    form.data = data
    return form


class EditForm(forms.Form):
    """What a record says, to be changed; the fields bear the names of the record's own."""

    linked: ClassVar[str] = ""
    """The field that names other records, where there is one."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, row: Versioned, among: QuerySet[Any] | None = None) -> None:
        super().__init__(data, initial={"version": row.row_version, **_initial(row, list(self.base_fields))})
        self.among = among
        if among is not None:
            cast("forms.ModelMultipleChoiceField[Any]", self.fields[self.linked]).queryset = among
        for name in list(self.fields):
            if f"{KEPT}{name}" in self.data:
                self._ask_whose(name)
        if "addressed_body" in self.fields:
            cast("forms.ModelChoiceField[Body]", self.fields["addressed_body"]).queryset = Body.objects.order_by("name")

    def mine(self) -> dict[str, Any]:
        """The fields that this side writes: all but those where the words of the other stay."""
        names = [name for name in self.base_fields if name != "version" and self.cleaned_data.get(f"{KEPT}{name}") != THEIRS]
        said = {name: self.cleaned_data[name] for name in names}
        return {name: list(value) if name == self.linked else value for name, value in said.items()}

    def after(self, met: EditedMeanwhileError) -> "EditForm":
        """The same form with what was typed, the newest version, and a question for each field that both wrote."""
        data = cast(Any, self.data).copy()
        data["version"] = met.version
        for difference in met.differences:
            data[f"{KEPT}{difference.field}"] = THEIRS if difference.is_theirs_alone else ""
        form = type(self)(data, row=cast(Versioned, met.row), among=self.among)
        form.is_valid()
        for name in [name for name in form.errors if name.startswith(KEPT)]:
            del form.errors[name]  # asked now for the first time
        return form

    def _ask_whose(self, name: str) -> None:
        label = self.fields[name].label
        self.fields[f"{KEPT}{name}"] = forms.ChoiceField(
            label=f"{label} Whose words stay?",
            choices=[(THEIRS, "Keep what they wrote"), (MINE, "Write what I wrote, as it stands below")],
            widget=forms.RadioSelect,
            error_messages={"required": f"Select whose words stay: {label}"},
        )
        ordered = [one for field in self.base_fields for one in (f"{KEPT}{field}", field)]
        self.order_fields(ordered)


class EditReviewForm(EditForm):
    """What a review says of itself."""

    title = line_field("What is it called?", required="Enter the title")
    service = line_field("Which service is reviewed?", required="Enter the service")
    summary = words_field("Summary (optional)", rows=6)
    context = words_field("Context: the chapter on the background (optional)", rows=6)
    method = words_field("Method: the chapter on how it was done (optional)", rows=6)


class EditStrandForm(EditForm):
    """The words of a strand."""

    name = line_field("What is it called?", required="Enter the name")
    question = words_field("Which question does it ask?", required="Enter the question")


class EditEvidenceForm(EditForm):
    """What evidence says of itself, and which strands it bears on."""

    linked = "strands"

    title = line_field("Title", required="Enter the title")
    notes = words_field("What was said or seen, or what the file is", rows=5)
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
    effective_date = DatePartsField(label="What day does it tell of?", what="the day that it tells of")

    def clean_four_cs(self) -> list[str]:
        """In the order of the 4Cs, as the record keeps them."""
        return [four_c for four_c in FourC.values if four_c in self.cleaned_data["four_cs"]]


class EditFindingForm(EditForm):
    """The words of a finding."""

    text = words_field("What did we learn?", required="Enter what we learnt", rows=4)
    tone = forms.ChoiceField(
        label="Is it a strength, or something to improve?",
        choices=[(Tone.POSITIVE.value, "A strength"), (Tone.NEGATIVE.value, "Something to improve")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is a strength or something to improve"},
    )


class CitationsForm(EditForm):
    """The evidence that a finding rests on."""

    linked = "evidence"

    evidence = forms.ModelMultipleChoiceField(
        label="Which evidence does it rest on?",
        help_text="A finding always rests on at least one piece. What is new is cited in the newest version of its file.",
        queryset=Evidence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one piece of evidence"},
    )


class GroundsForm(EditForm):
    """The findings that a recommendation rests on."""

    linked = "findings"

    findings = forms.ModelMultipleChoiceField(
        label="Which findings does it rest on?",
        queryset=Finding.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one finding"},
    )


class EditRecommendationForm(CostingFields, AskedFields, EditForm):
    """What a recommendation that nobody has answered asks, costs and brings."""


class EditActionForm(EditForm):
    """The words of a row of the plan."""

    what = words_field("What is done?", required="Enter what is done", rows=2)
    why = words_field("Why does that help?", required="Enter why that helps", rows=2)
    how = words_field("How is it done?", required="Enter how it is done", rows=2)
    target = words_field("By what will anyone see that it is done?", required="Enter its target", rows=2)
    measure = line_field("What is measured? (optional)")
    measure_unit = line_field("Unit of the measure (optional)", longest=50)
    baseline = forms.DecimalField(label="Value when the plan was made (optional)", required=False)
    target_value = forms.DecimalField(label="Value when it is done (optional)", required=False)


class EditLeadForm(EditForm):
    """Who leads an action, and when it begins."""

    lead = forms.ModelChoiceField(
        label="Who leads it?",
        queryset=Person.objects.order_by("name"),
        empty_label="Select a person",
        error_messages={"required": "Select who leads it"},
    )
    starts = DatePartsField(label="When does it start? (optional)", what="the start", required=False)


class EditBodyForm(EditForm):
    """The name and kind of a body."""

    name = line_field("Name", required="Enter the name")
    short_name = line_field("Short name (optional)", longest=50)
    kind = forms.ChoiceField(
        label="What kind of body is it?", choices=BodyKind.choices, widget=forms.RadioSelect, error_messages={"required": "Select its kind"}
    )


class EditPersonForm(EditForm):
    """The name and address of a person."""

    name = line_field("Name", required="Enter the name")
    email = forms.EmailField(
        label="E-mail address (optional)", required=False, error_messages={"invalid": "Enter an e-mail address, such as name@example.org"}
    )


class EditCandidateForm(EditForm):
    """The name of a candidate service, and the case for reviewing it."""

    service = line_field("Which service?", required="Enter the service")
    case = words_field("Why may it need a review?", required="Enter the case for a review", rows=4)


def _initial(row: Versioned, names: list[str]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in names if name != "version"}
    return {name: list(value.values_list("pk", flat=True)) if hasattr(value, "values_list") else value for name, value in said.items()}
