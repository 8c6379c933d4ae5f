"""Forms of the programme: propose a service, score it, weigh the criteria, propose a review of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core import signing

from bestvalue.record.bodies.models import Body, BodyKind
from bestvalue.record.programme.models import Programme
from bestvalue.record.programme.scoring import HIGHEST, LARGEST_WEIGHT, LOWEST, Criterion
from bestvalue.record.reviews.life_cycle import Part
from bestvalue.record.row_versions import EditedMeanwhileError

ROWS = {"rows": 3}


class ServiceForm(forms.Form):
    """Propose a service for review."""

    service = forms.CharField(label="Service", max_length=200, error_messages={"required": "Enter the service"})
    force = forms.ModelChoiceField(
        label="Whose service is it?",
        queryset=Body.objects.none(),
        empty_label="Select a force",
        error_messages={"required": "Select whose service it is"},
    )
    case = forms.CharField(
        label="Why may it need a review?", widget=forms.Textarea(attrs=ROWS), error_messages={"required": "Enter why it may need a review"}
    )

    def __init__(self, *args: Any, forces: Iterable[Body], **options: Any) -> None:
        super().__init__(*args, **options)
        keys = [force.pk for force in forces]
        cast("forms.ModelChoiceField[Body]", self.fields["force"]).queryset = Body.objects.filter(pk__in=keys)


class ScoreForm(forms.Form):
    """Score a service on one criterion."""

    criterion = forms.ChoiceField(
        label="On what?", choices=Criterion.choices, widget=forms.RadioSelect, error_messages={"required": "Select what you score it on"}
    )
    score = forms.TypedChoiceField(
        label="Score",
        help_text=f"{LOWEST} asks least for a review, {HIGHEST} asks most.",
        choices=[(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the score"},
    )
    reason = forms.CharField(
        label="What does the score rest on?",
        widget=forms.Textarea(attrs=ROWS),
        error_messages={"required": "Enter what the score rests on"},
    )

    def clean_criterion(self) -> Criterion:
        """The criterion."""
        return Criterion(self.cleaned_data["criterion"])


class WeightsForm(forms.Form):
    """Say how much each criterion counts. The fields bear the names in the messages of the rules; the weights read go along, signed."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="Why do they count so?", widget=forms.Textarea(attrs=ROWS), error_messages={"required": "Enter why they count so"}
    )

    def __init__(self, data: Any, *, weights: Mapping[Criterion, int]) -> None:
        super().__init__(data, initial={"read": _signed(weights)})
        for criterion in Criterion:
            self.fields[criterion.name.lower()] = forms.IntegerField(
                label=criterion.label,
                help_text=f"0 to {LARGEST_WEIGHT}; 0 leaves it out.",
                initial=weights[criterion],
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
                error_messages={
                    "required": f"Enter the weight of {criterion.value}",
                    "invalid": f"The weight of {criterion.value} must be a whole number",
                },
            )
        self.order_fields([*(criterion.name.lower() for criterion in Criterion), "reason"])

    def clean_read(self) -> dict[Criterion, int] | None:
        """The weights that were read; None where a program did not say."""
        try:
            said = signing.loads(self.cleaned_data["read"]) if self.cleaned_data["read"] else None
        except signing.BadSignature as cause:
            raise forms.ValidationError("Open the page anew: what it carried is not what was sent with it") from cause
        return None if said is None else {Criterion(name): weight for name, weight in said.items()}

    def read_after(self, met: EditedMeanwhileError) -> str:
        """What the form carries once the weights that the other set have been read."""
        return _signed(cast(Programme, met.row).weights)

    def clean(self) -> dict[str, object]:
        """The weights together, and the reason."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        weights = {criterion: cleaned[criterion.name.lower()] for criterion in Criterion}
        return {"weights": weights, "reason": cleaned["reason"], "read": cleaned["read"]}


def _signed(weights: Mapping[Criterion, int]) -> str:
    return signing.dumps({criterion.value: weights[criterion] for criterion in Criterion})


FITTING: Mapping[Part, tuple[BodyKind, ...]] = {
    Part.TEAM: (BodyKind.UNIT, BodyKind.COMMAND),
    Part.PROJECT_BOARD: (BodyKind.BOARD,),
    Part.MANAGEMENT_BOARD: (BodyKind.BOARD,),
    Part.PANEL: (BodyKind.PANEL,),
    Part.COMMITTEE: (BodyKind.COMMITTEE, BodyKind.AUTHORITY),
}
"""The kinds of body that play a part as a rule. Another may: it stands in the list after these."""


def _offered(bodies: Sequence[Body], part: Part) -> list[Any]:
    """The bodies to choose from for a part: those of a fitting kind first, and the others under a heading of their own."""
    kinds = FITTING.get(part, ())
    fits = [(str(body.pk), body.name) for body in bodies if body.kind in kinds]
    others = [(str(body.pk), body.name) for body in bodies if body.kind not in kinds]
    nothing = ("", "Select a body")
    return [nothing, *fits, ("Other bodies", others)] if fits and others else [nothing, *fits, *others]


class ProposeForm(forms.Form):
    """Propose a review of a candidate service."""

    PARTS: Mapping[str, Part] = {part.name.lower(): part for part in Part}

    title = forms.CharField(label="Title of the review", max_length=200, error_messages={"required": "Enter the title"})
    aims = forms.CharField(
        label="What does it set out to achieve?",
        help_text="One aim on each line.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter at least one aim"},
    )

    def __init__(self, *args: Any, bodies: Iterable[Body], **options: Any) -> None:
        super().__init__(*args, **options)
        every = list(bodies)
        for name, part in self.PARTS.items():
            needed = part in (Part.TEAM, Part.COMMITTEE)
            self.fields[name] = forms.ChoiceField(
                label=part.label if needed else f"{part.label} (optional)",
                choices=_offered(every, part),
                required=needed,
                help_text="You must hold a place in it to manage the review." if part == Part.TEAM else "",
                error_messages={"required": f"Select the {part.label.lower()}"},
            )

    def clean(self) -> dict[str, object]:
        """The title, the aims in order, and the body of each part."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        chosen = {part: Body.objects.get(pk=cleaned[name]) for name, part in self.PARTS.items() if cleaned[name]}
        aims = [line.strip() for line in str(cleaned["aims"]).splitlines() if line.strip()]
        return {"title": cleaned["title"], "aims": aims, "bodies": chosen}
