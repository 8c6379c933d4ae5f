"""The register: every recommendation, whoever made it, with what it rests on and how it stands."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Membership, Person, User, person_of
from bestvalue.record.delivery.kinds import FACTS, Kind
from bestvalue.record.delivery.life_cycle import BY_DECISION, BY_REQUEST, NEEDS_REASON, NEXT, OPEN, UNDER_WAY, Status
from bestvalue.record.delivery.models.costed import NOT_COSTED, Costed, costing_constraints, costs_together
from bestvalue.record.inspections.models import DECIDERS, Candidate, Paragraph, PublishedReport
from bestvalue.record.reviews.models import Finding, Marked, Marking, Review, marking_constraints, readable
from bestvalue.record.row_versions import Versioned


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Questions of the register."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Recommendations of published reports, those entered by hand, and those of the reviews that somebody sees.

        Whoever leads one, or an action of it, sees it whatever their place and its marking; what is sensitive, else only its group.
        The members of a body to which one was offered see it too, unless the body declined: they have to answer for it.
        """
        person = person_of(user)
        if person is None:
            return self.none()
        published = models.Q(published_report__in=PublishedReport.objects.visible_to(user)) | models.Q(source=Source.ENTERED)
        # Two questions, each of which an index answers; as one it would join every owner with every action.
        led = [Recommendation.objects.filter(**{lead: person}).values("pk") for lead in ("ownerships__lead", "actions__lead")]
        leads = models.Q(pk__in=led[0]) | models.Q(pk__in=led[1])
        bodies = Membership.objects.current().filter(person=person).values("body")
        open_offer = models.Q(transfers__answer=None) | models.Q(transfers__answer__accepted=True)
        offered = models.Q(pk__in=Recommendation.objects.filter(open_offer, transfers__to_body__in=bodies).order_by().values("pk"))
        shown = (published | models.Q(review__in=Review.objects.visible_to(user)) | offered) & readable(user)
        return self.filter(shown | leads)

    def public(self, *, on: date) -> Self:
        """What anybody may read on a day: OFFICIAL, resting on nothing sensitive, made by then, and of a report that is published.

        Reports of others are published; of our reviews those are of which a version that quotes nothing sensitive was issued by then.
        """
        issued = Review.objects.filter(versions__marking=Marking.OFFICIAL, versions__at__date__lte=on)
        made = RecommendationStatus.objects.filter(status=Status.MADE, on__lte=on)
        rests_on = models.Q(findings__marking=Marking.SENSITIVE) | models.Q(findings__evidence__marking=Marking.SENSITIVE)
        sensitive = Recommendation.objects.filter(rests_on)
        open_to_all = self.filter(models.Q(review=None) | models.Q(review__in=issued), marking=Marking.OFFICIAL)
        return open_to_all.filter(pk__in=made.values("recommendation")).exclude(pk__in=sensitive.values("pk"))

    def with_status(self, *, on: date | None = None) -> Self:
        """Each with its newest status as `newest_status`, or the newest of a day; those that had none by then are left out."""
        newest = RecommendationStatus.objects.filter(recommendation=models.OuterRef("pk")).order_by("-on", "-id")
        if on is not None:
            newest = newest.filter(on__lte=on)
        annotated = self.annotate(newest_status=models.Subquery(newest.values("status")[:1]))
        return annotated if on is None else annotated.filter(models.Exists(newest))

    def open(self, *, on: date | None = None) -> Self:
        """Those that somebody still has to act on."""
        return self.standing_at(*OPEN, on=on)

    def standing_at(self, *statuses: Status, on: date | None = None) -> Self:
        """Those whose newest status, or the newest of a day, is one of these."""
        return self.with_status(on=on).filter(newest_status__in=statuses)

    def not_ended(self, *, on: date | None = None) -> Self:
        """Those that are neither complete nor closed, refused nor withdrawn."""
        ended = [Status.COMPLETE, Status.CLOSED, Status.WITHDRAWN, Status.NOT_ACCEPTED]
        return self.with_status(on=on).exclude(models.Q(newest_status__in=ended))

    def not_withdrawn(self) -> Self:
        """Those that were not withdrawn, whatever else became of them."""
        return self.with_status().exclude(models.Q(newest_status__in=[Status.WITHDRAWN]))

    def not_costed(self) -> Self:
        """Those of our reviews that have no cost in figures, or no benefit; what others recommend is theirs to cost."""
        return self.filter(NOT_COSTED, review__isnull=False)

    def costs_together(self) -> str:
        """What all of them cost and release together, in words."""
        return costs_together(list(self))

    def with_newest_update(self) -> Self:
        """Each with the day of its newest update as `heard`."""
        return self.annotate(heard=models.Max("updates__on"))

    def statuses_by_key(self, *, on: date) -> dict[int, str]:
        """How each stood on a day, by its key, in the order of the list."""
        columns = ("pk", "newest_status")
        return dict(self.with_status(on=on).values_list(*columns))

    def owners(self, *, on: date) -> "models.QuerySet[Recommendation, tuple[int, int, int | None, int | None, date]]":
        """Of each its key, its issuer's, its owner's and its lead's on a day, and the day that it was made."""
        columns = ("pk", "issuer", "owner_then", "lead_then", "made")
        return self.with_owner(on=on).with_first_day().order_by().values_list(*columns)

    def by_status(self, *, on: date | None = None) -> dict[str, int]:
        """How many there are of each status."""
        counted = self.with_status(on=on).order_by().values_list("newest_status").annotate(models.Count("pk"))  # type: ignore[misc]  # django-stubs does not see an annotation that a method made
        return {str(status): int(count) for status, count in counted}

    def issued_by(self, body: Body) -> Self:
        """Those that one issuer made."""
        return self.filter(issuer=body)

    def of_plan(self, *, issuer: Body, report_slug: str) -> Self:
        """Those of one report or review: what one plan answers."""
        return self.filter(issuer=issuer, report_slug=report_slug)

    def owned_by(self, body: Body, *, on: date) -> Self:
        """Those that a body owns, or owned on a day."""
        return self.with_owner(on=on).filter(owner_then=body)

    def led_by(self, person: Person, *, on: date) -> Self:
        """Those that a person leads, or led on a day."""
        return self.with_owner(on=on).filter(lead_then=person)

    def made_between(self, *, first: date | None, last: date) -> Self:
        """Those that were made from a day on (from ever where none is given) to another day, both included."""
        return self.with_first_day().filter(*([] if first is None else [models.Q(made__gte=first)]), made__lte=last)

    def with_first_day(self) -> Self:
        """Each with the day of its first status as `made`."""
        oldest = RecommendationStatus.objects.filter(recommendation=models.OuterRef("pk")).order_by("on", "id")
        return self.annotate(made=models.Subquery(oldest.values("on")[:1]))

    def with_owner(self, *, on: date) -> Self:
        """Each with the keys of the body that owned it and of the person who led it on a day: `owner_then`, `lead_then`."""
        newest = Ownership.objects.filter(recommendation=models.OuterRef("pk"), on__lte=on).order_by("-on", "-id")
        return self.annotate(owner_then=models.Subquery(newest.values("body")[:1]), lead_then=models.Subquery(newest.values("lead")[:1]))

    def concerning(self, body: Body) -> Self:
        """Those about one body: its reports, or its reviews, or asked of it."""
        about = models.Q(published_report__about=body) | models.Q(review__force=body) | models.Q(review__authority=body)
        return self.filter(about | models.Q(source=Source.ENTERED, addressed_body=body))

    def in_register_order(self, *, on: date | None = None) -> Self:
        """By issuer, report and order of making, with what a row of the register shows."""
        newest = RecommendationStatus.objects.filter(recommendation=models.OuterRef("pk")).order_by("-on", "-id")
        newest = newest if on is None else newest.filter(on__lte=on)
        return (
            self.with_status(on=on)
            .annotate(newest_on=models.Subquery(newest.values("on")[:1]))
            .select_related("issuer", "paragraph", "published_report", "review", "addressed_body")
            .order_by("issuer__name", "report_slug", "order", "id")
        )


class Source(models.TextChoices):
    """Where a recommendation comes from."""

    REPORT = "report", "Recommendation of a published report"
    FINDING = "finding", "Finding of a published report, taken up"
    REVIEW = "review", "Recommendation of our review"
    ENTERED = "entered", "Entered by hand, or from a tracker"


class Recommendation(Costed, Versioned, Marked):
    """What somebody was asked to do. Issuer, report and number together are its key: a number alone means many things."""

    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="recommendations_made")
    report_slug = models.SlugField(max_length=200)
    number = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=Source.choices)
    kind = models.CharField(max_length=30, choices=Kind.choices, default=Kind.RECOMMENDATION)
    # Of the report that one entered by hand comes from; the others have theirs from the report or the review itself.
    report_title = models.CharField(max_length=300, blank=True)
    made_on = models.DateField(null=True)
    text = models.TextField()
    body_text = models.TextField(blank=True)
    list_text = models.TextField(blank=True)
    # What the report prints beside it, each a name and a text: priority, response, who is to act, by when.
    details = models.JSONField(default=list)
    # How the sentence, the box and the list differ, word by word, and which asks for more; as documents.reading found it.
    differences = models.JSONField(default=list)
    addressed_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="recommendations_received")
    published_report = models.ForeignKey(PublishedReport, on_delete=models.PROTECT, null=True, related_name="recommendations")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="recommendations")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, null=True, related_name="recommendation")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="recommendations")
    findings = models.ManyToManyField(Finding, through="RecommendationFinding", related_name="recommendations")

    # What the questions `with_newest_update` and `with_status` add to each row that they find.
    heard: date | None
    newest_status: str
    newest_on: date

    objects = RecommendationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["issuer", "report_slug", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "report_slug", "number"], name="recommendation_key"),
            models.CheckConstraint(condition=~models.Q(text=""), name="recommendation_asks_something"),
            models.CheckConstraint(
                condition=models.Q(source=Source.REPORT, published_report__isnull=False, review=None, candidate=None)
                | models.Q(source=Source.FINDING, published_report__isnull=False, candidate__isnull=False, review=None)
                | models.Q(source=Source.REVIEW, published_report=None, paragraph=None, candidate=None, review__isnull=False)
                | models.Q(source=Source.ENTERED, published_report=None, paragraph=None, candidate=None, review=None)
                & ~models.Q(report_title=""),
                name="recommendation_has_one_source",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="recommendation_kind_known"),
            *costing_constraints("recommendation"),
            *marking_constraints("recommendation"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer}, {self.report_slug}, recommendation {self.number}"

    @property
    def key(self) -> str:
        """Issuer, report and number as one text."""
        return f"{self.issuer} / {self.report_slug} / {self.number}"

    @property
    def status(self) -> Status:
        """How it stands: its newest status."""
        return Status(self.statuses.latest("on", "id").status)

    @property
    def reference(self) -> str:
        """Its name where its text must not stand, as in a mail: "Recommendation 3 of operational-support-2026"."""
        return f"{self.get_kind_display()} {self.number} of {self.report_slug}"

    @property
    def wants_answer(self) -> bool:
        """Whether the comments on its report owe it an answer."""
        return FACTS[Kind(self.kind)].wants_answer

    @property
    def ownership(self) -> "Ownership | None":
        """Who owns it today: the newest entry; None while nobody does."""
        # Of all of them in memory: lists have read them for every row at once.
        return max(self.ownerships.all(), key=lambda row: (row.on, row.pk), default=None)

    @property
    def lead(self) -> Person | None:
        """The one person who leads it today."""
        return self.ownership.lead if self.ownership else None

    def check_under_way(self) -> None:
        """Refuse to plan or report delivery of what nobody has accepted, or what has ended.

        Raises:
            RuleError: the message says how it stands.
        """
        status = self.status
        if status not in UNDER_WAY:
            raise RuleError(
                f"The recommendation stands at “{status.label}”",
                where=self.key,
                next_step="Delivery follows an answer that accepts it."
                if status in (Status.DRAFT, Status.MADE)
                else "Nothing is left to do.",
            )

    def check_status(self, *, to: Status, on: date, note: str, decided: bool = False) -> None:
        """Refuse a status that does not follow, that lacks its reason, or that is dated before the present one.

        Args:
            to: the status.
            on: its day.
            note: its reason.
            decided: it comes from a request or a decision, and is not just entered.

        Raises:
            RuleError: the message says which.
        """
        present = self.statuses.latest("on", "id")
        if to not in NEXT[Status(present.status)]:
            follow = " or ".join(f"“{status.label}”" for status in NEXT[Status(present.status)]) or "nothing"
            raise RuleError(
                f"“{to.label}” does not follow “{present.get_status_display()}”", where=self.key, next_step=f"What follows is {follow}."
            )
        if on < present.on:
            raise RuleError(
                f"The present status dates from {present.on:%d %B %Y}", where=self.key, next_step="Enter that day or a later one."
            )
        if to in (*BY_REQUEST, *BY_DECISION) and not decided:
            raise RuleError(
                f"“{to.label}” is not just entered",
                where=self.key,
                next_step="The lead requests completion with evidence; the owning body decides.",
            )
        if to in NEEDS_REASON and not note.strip():
            raise RuleError(f"“{to.label}” needs a reason", where=self.key, next_step="Say why in a sentence.")


class RecommendationFinding(models.Model):
    """A recommendation of our review rests on this finding."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recommendation", "finding"], name="recommendation_finding_once")]

    def __str__(self) -> str:
        return f"{self.recommendation.key} rests on {self.finding.reference}"


def check_answers(recommendation: Recommendation, *, by: Person) -> None:
    """Refuse whoever may not say how a recommendation stands or plan what is done about it.

    Raises:
        RuleError: for one of our review, the person is not of its team; for another, no manager, lead or board member.
    """
    if recommendation.review is not None:
        recommendation.review.check_editable(by=by)
    elif not by.holds(*DECIDERS):
        raise RuleError(f"{by} may not answer recommendations", where=recommendation.key, next_step="Ask the lead or a project manager.")


class RecommendationStatus(models.Model):
    """How a recommendation stood from a day on. Statuses are added, never changed."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=30, choices=Status.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "id"]
        verbose_name_plural = "recommendation statuses"
        indexes = [models.Index(fields=["recommendation", "-on", "-id"], name="status_newest")]
        constraints = [models.CheckConstraint(condition=models.Q(status__in=Status.values), name="recommendation_status_known")]

    def __str__(self) -> str:
        return f"{self.get_status_display()}, {self.on:%d %B %Y}"


class OwnershipQuerySet(models.QuerySet["Ownership"]):
    """Questions about who owns what."""

    def newest_first(self) -> Self:
        """With the names that pages show."""
        return self.select_related("body", "lead", "sponsor").order_by("-on", "-id")


class Ownership(models.Model):
    """From a day on a body owns a recommendation, one person leads it, and a sponsor stands behind. Entries are added, never changed."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="ownerships")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="owned")
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recommendations_led")
    sponsor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="recommendations_sponsored")
    # How far apart its meetings are: slippage is told in these cycles too.
    cycle_days = models.PositiveSmallIntegerField(default=91)
    on = models.DateField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["recommendation", "-on", "-id"], name="ownership_newest")]
        constraints = [models.CheckConstraint(condition=models.Q(cycle_days__gte=1), name="ownership_body_meets")]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.body}, led by {self.lead}"


def check_speaks_for(body: Body, *, by: Person, about: str, lead: Person | None) -> None:
    """Refuse to take down a decision of a body from anyone who holds no place in it, or from the lead whose work it judges.

    Args:
        body: whose decision it is.
        by: who records it.
        about: what it is about, for the message.
        lead: who leads that; None where nobody does.

    Raises:
        RuleError: the message says which.
    """
    if lead is not None and by == lead:
        raise RuleError("The lead cannot decide about their own work", where=about, next_step=f"Ask another member of {body}.")
    if not Membership.objects.current().filter(person=by, body=body).exists():
        raise RuleError(f"{by} holds no place in {body}", where=about, next_step=f"Ask a member of {body}, which decides about this.")
