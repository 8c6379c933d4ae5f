"""Forms of scrutiny: raise a challenge and follow it, record a question with its options and what became of them."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from bestvalue.record.bodies.models import Body
from bestvalue.record.reviews.models import Finding, Review, Strand
from bestvalue.record.scrutiny.models import ChallengerKind, Effect, QuestionKind, Step, Verdict
from bestvalue.site.forms.dates import DatePartsField

DATE_HINT = "For example, 27 3 2026"


class ChallengeForm(forms.Form):
    """Put a challenge on record."""

    kind = forms.ChoiceField(
        label="Whose challenge is it?",
        choices=ChallengerKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whose challenge it is"},
    )
    challenger = forms.CharField(
        label="Name of the person or body",
        help_text="As it is to stand in the log. You may put on record what a group said that has no place in the review itself.",
        max_length=200,
        error_messages={"required": "Enter the name of the person or body"},
    )
    text = forms.CharField(
        label="What do they challenge?",
        help_text="Everybody who sees the review reads it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter the challenge"},
    )
    raised_on = DatePartsField(label="On which day did they say it?", help_text=DATE_HINT, what="the day of the challenge")
    strand = forms.ModelChoiceField(
        label="Which strand is it about? (optional)", queryset=Strand.objects.none(), required=False, empty_label="The review as a whole"
    )
    finding = forms.ModelChoiceField(
        label="Which finding is it about? (optional)", queryset=Finding.objects.none(), required=False, empty_label="No one finding"
    )

    def __init__(self, *args: Any, review: Review, findings: QuerySet[Finding], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Strand]", self.fields["strand"]).queryset = review.strands.all()
        cast("forms.ModelChoiceField[Finding]", self.fields["finding"]).queryset = findings.select_related("strand")

    def clean_kind(self) -> ChallengerKind:
        """Whose it is."""
        return ChallengerKind(self.cleaned_data["kind"])


class StepForm(forms.Form):
    """What follows a challenge; each step asks for what it needs and no more."""

    TEXTS = {
        Step.ANSWERED: ("What do you answer?", "Enter the answer"),
        Step.ACCEPTED: ("What do you want to add? (optional)", ""),
        Step.REOPENED: ("Why does the answer not settle it?", "Enter why the answer does not settle it"),
        Step.ESCALATED: ("Why should a board see it?", "Enter why a board should see it"),
    }

    def __init__(self, *args: Any, step: Step, boards: QuerySet[Body], **options: Any) -> None:
        super().__init__(*args, **options)
        label, missing = self.TEXTS[step]
        self.fields["text"] = forms.CharField(
            label=label, widget=forms.Textarea(attrs={"rows": 4}), required=bool(missing), error_messages={"required": missing}
        )
        if step is Step.ANSWERED:
            self.fields["effect"] = forms.ChoiceField(
                label="What did it change in the review?",
                choices=Effect.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Select what it changed in the review"},
            )
        if step is Step.ESCALATED:
            self.fields["escalated_to"] = forms.ModelChoiceField(
                label="Which board?", queryset=boards, empty_label="Select a board", error_messages={"required": "Select a board"}
            )
        self.fields["on"] = DatePartsField(label="On which day?", help_text=DATE_HINT, what="the day")

    def clean_effect(self) -> Effect:
        """The effect on the review."""
        return Effect(self.cleaned_data["effect"])


class QuestionForm(forms.Form):
    """Record a question of scope, or a problem."""

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=QuestionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it is about"},
    )
    text = forms.CharField(
        label="What is the question?",
        help_text="One question that can be settled in more than one way.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter the question"},
    )
    strand = forms.ModelChoiceField(
        label="Which strand is it about? (optional)", queryset=Strand.objects.none(), required=False, empty_label="The review as a whole"
    )

    def __init__(self, *args: Any, review: Review, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Strand]", self.fields["strand"]).queryset = review.strands.all()

    def clean_kind(self) -> QuestionKind:
        """What it is about."""
        return QuestionKind(self.cleaned_data["kind"])


class OptionForm(forms.Form):
    """Record one way to settle a question."""

    text = forms.CharField(
        label="What would be done?", widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "Enter what would be done"}
    )
    cost = forms.CharField(
        label="What would it cost?",
        help_text="In words; “not known” is an answer.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Enter what it would cost"},
    )
    effect = forms.CharField(
        label="What would it change?", widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": "Enter what it would change"}
    )
    is_blue_sky = forms.BooleanField(label="It is “blue sky”: thought beyond today's means, and kept for another day", required=False)


class OptionDecisionForm(forms.Form):
    """Record what became of an option."""

    verdict = forms.ChoiceField(
        label="What became of it?",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what became of it"},
    )
    body = forms.ModelChoiceField(
        label="Which body decided?",
        queryset=Body.objects.none(),
        empty_label="Select a body",
        error_messages={"required": "Select the body that decided"},
    )
    on = DatePartsField(label="On which day?", help_text=DATE_HINT, what="the day of the decision")
    reason = forms.CharField(
        label="Why?",
        help_text="An option that is written off needs its reason as much as the one that is chosen.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why"},
    )

    def __init__(self, *args: Any, bodies: QuerySet[Body], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Body]", self.fields["body"]).queryset = bodies

    def clean_verdict(self) -> Verdict:
        """The verdict."""
        return Verdict(self.cleaned_data["verdict"])
