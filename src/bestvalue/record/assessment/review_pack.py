"""A review's pack for its inspectors, gathered from the record: only what whoever takes it may see."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from bestvalue.documents import inspection_pack as content
from bestvalue.documents.numbers import column_words
from bestvalue.record.bodies.models import User
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.record.delivery.slip_series import slips_of
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.engagement import engagement
from bestvalue.record.reviews.models import Aim, Evidence, Finding, FourC, Review
from bestvalue.record.scrutiny.models import Challenge, Option


def pack_content(review: Review, *, user: User, on: date) -> content.PackContent:
    """What the pack says.

    Args:
        review: whose.
        user: who takes it: what is hidden from them is not in it.
        on: the day.
    """
    return content.PackContent(
        review=review.title,
        force=review.force.name,
        authority=review.authority.name,
        on=on,
        marking=review.marking_for(user).value,
        checkpoint=str(ledger.head()),
        synthetic=settings.WORKSPACE.settings.synthetic,
        terms=tuple(_terms(review)),
        aims=tuple(_aim(aim) for aim in review.aims.all() if aim.withdrawn_on is None),
        listings=(
            _matrix(review, user),
            _evidence(review, user),
            _findings(review, user),
            _challenges(review, user),
            _options(review, user),
            _engagement(review, user, on),
            _decisions(review),
            _plan(review, user, on),
            _slippage(review, user, on),
        ),
    )


def _terms(review: Review) -> Iterator[tuple[str, str]]:
    yield "Service", review.service
    for name, text in (("Summary", review.summary), ("Context", review.context), ("Method", review.method)):
        if text.strip():
            yield name, text
    for strand in review.strands.all():
        on = strand.withdrawn_on
        withdrawn = f"Withdrawn on {on.day} {on:%B %Y}: {strand.withdrawn_because}" if on else ""
        yield f"Strand {strand.number}, {strand.name}", withdrawn or strand.question
    for part in review.parts.select_related("body"):
        yield part.get_part_display(), part.body.name


def _aim(aim: Aim) -> str:
    return f"{aim.text} ({aim.as_measured})" if aim.as_measured else f"{aim.text} (no measure)"


def _matrix(review: Review, user: User) -> content.Listing:
    items = list(Evidence.objects.visible_to(user).standing().filter(review=review).prefetch_related("strands"))
    rows = tuple(
        (
            f"{strand.number}. {strand.name}",
            *(str(sum(strand in item.strands.all() and four_c.value in item.four_cs for item in items) or "none") for four_c in FourC),
        )
        for strand in review.strands.all()
        if strand.withdrawn_on is None
    )
    return content.Listing(
        heading="Evidence matrix",
        caption="Pieces of evidence of each strand, by the 4Cs",
        columns=("Strand", *(four_c.label for four_c in FourC)),
        rows=rows,
        none="The review has no strands.",
        counts="strand",
    )


def _evidence(review: Review, user: User) -> content.Listing:
    items = list(Evidence.objects.visible_to(user).standing().filter(review=review))
    days = column_words([item.effective_date for item in items])
    return content.Listing(
        heading="Evidence",
        caption="The register of evidence",
        columns=("Number", "What", "Kind", "Tells of", "Marking"),
        rows=tuple((item.reference, item.title, item.get_kind_display(), day, item.marking) for item, day in zip(items, days, strict=True)),
        none="There is no evidence.",
        counts="item",
    )


def _findings(review: Review, user: User) -> content.Listing:
    items = Finding.objects.visible_to(user).standing().filter(review=review).select_related("strand").prefetch_related("evidence")
    return content.Listing(
        heading="Findings",
        caption="What the review found, and what each finding rests on",
        columns=("Number", "Finding", "Tone", "Rests on"),
        rows=tuple(
            (item.reference, item.text, item.get_tone_display(), ", ".join(each.reference for each in item.evidence.all()))
            for item in items
        ),
        none="There are no findings.",
        counts="finding",
    )


def _challenges(review: Review, user: User) -> content.Listing:
    items = list(Challenge.objects.visible_to(user).filter(review=review).prefetch_related("steps"))
    days = column_words([item.raised_on for item in items])
    return content.Listing(
        heading="Challenge log",
        caption="Who challenged the review, when, and what followed",
        columns=("Number", "Whose", "Day", "Challenge", "What followed"),
        rows=tuple((item.reference, item.challenger, day, item.text, _followed(item)) for item, day in zip(items, days, strict=True)),
        none="Nobody has challenged the review.",
        counts="challenge",
    )


def _followed(challenge: Challenge) -> str:
    steps = [f"{step.get_step_display()}: {step.text}".removesuffix(": ") for step in challenge.steps.all()]
    effects = [f"Effect: {step.get_effect_display()}" for step in challenge.steps.all() if step.effect]
    return ". ".join(part.rstrip(".") for part in (*steps, *effects)) or "Not answered"


def _options(review: Review, user: User) -> content.Listing:
    items = Option.objects.visible_to(user).filter(question__review=review).select_related("question").prefetch_related("decisions__body")
    return content.Listing(
        heading="Options considered",
        caption="Every option, chosen or written off, with its reason",
        columns=("Question", "Option", "Cost", "Effect", "What became of it"),
        rows=tuple((item.question.text, item.text, item.cost, item.effect, _became(item)) for item in items),
        none="No option is recorded.",
        counts="option",
    )


def _became(option: Option) -> str:
    said = [f"{one.get_verdict_display()} by {one.body.name}, {one.on.day} {one.on:%B %Y}: {one.reason}" for one in option.decisions.all()]
    return " ".join(said) or "Open"


def _engagement(review: Review, user: User, on: date) -> content.Listing:
    lines = engagement([review], review.decisions.select_related("body", "review"), user=user, on=on)
    return content.Listing(
        heading="Engagement of the bodies",
        caption="Decisions asked and taken, attendance and challenges, by body",
        columns=(
            *("Body", "Asked", "Taken", "Overdue", "Taken late", "Median days"),
            *("Places filled at decisions", "At other meetings", "Challenges", "No engagement recorded"),
        ),
        rows=tuple(
            (
                line.body,
                str(line.asked),
                str(line.taken),
                str(line.overdue),
                str(line.late),
                "none taken" if line.days is None else f"{line.days:g}",
                f"{line.attended} of {line.places}",
                f"{line.met} of {line.met_places}",
                str(line.challenges),
                "yes" if line.is_silent else "",
            )
            for line in lines
        ),
        none="No decision was put to a body.",
        counts="body",
        counts_many="bodies",
    )


def _decisions(review: Review) -> content.Listing:
    items = list(review.decisions.select_related("body"))
    return content.Listing(
        heading="Decisions",
        caption="What was put to which body, and what it decided",
        columns=("Body", "Gate", "Asked", "Due", "Outcome", "Minute"),
        rows=tuple(
            (
                item.body.name,
                item.get_gate_display(),
                f"{item.asked_on.day} {item.asked_on:%B %Y}",
                f"{item.due.day} {item.due:%B %Y}",
                item.get_outcome_display() if item.outcome else ("lapsed" if item.lapsed_on else "open"),
                item.minute or "none",
            )
            for item in items
        ),
        none="No decision was put to a body.",
        counts="decision",
    )


def _plan(review: Review, user: User, on: date) -> content.Listing:
    rows = Recommendation.objects.visible_to(user).filter(review=review).in_register_order(on=on).prefetch_related("statuses")
    actions: dict[int, list[Action]] = {}
    for action in Action.objects.filter(recommendation__in=[row.pk for row in rows]).select_related("lead").prefetch_related("states"):
        actions.setdefault(action.recommendation_id, []).append(action)
    return content.Listing(
        heading="Improvement plan",
        caption="Every recommendation with its actions",
        columns=("Recommendation", "Asks", "Stands", "Actions"),
        rows=tuple(
            (
                row.number,
                row.text,
                row.status.label,
                "; ".join(f"{each.name}: {each.what} ({each.lead}, {each.state.label.lower()})" for each in actions.get(row.pk, []))
                or "none",
            )
            for row in rows
        ),
        none="The review has no recommendations.",
        counts="recommendation",
    )


def _slippage(review: Review, user: User, on: date) -> content.Listing:
    seen = Recommendation.objects.visible_to(user).filter(review=review)
    found = Action.objects.filter(recommendation__in=seen).select_related("recommendation")
    lines = []
    for action in found.prefetch_related("agreed_dates__body", "forecasts", "recommendation__ownerships"):
        ownership = action.recommendation.ownership
        for slip in slips_of(action, on=on, cycle_days=ownership.cycle_days if ownership else 91):
            beyond = "" if slip.forecast_days is None else f"; the lead expects {slip.forecast_days:+d} days against that"
            days = f"{slip.agreed_days:+d} days ({slip.agreed_cycles:+.1f} cycles){beyond}"
            lines.append(
                (action.reference, f"{slip.on.day} {slip.on:%B %Y}", f"{slip.agreed.day} {slip.agreed:%B %Y}", days, slip.why or "none")
            )
    return content.Listing(
        heading="Slippage",
        caption="Every date that was moved or forecast: days against the original date, and cycles of the owning body",
        columns=("Action", "Set on", "Agreed date then", "Against the original", "Why"),
        rows=tuple(lines),
        none="No date has been moved or forecast.",
        counts="date",
    )
