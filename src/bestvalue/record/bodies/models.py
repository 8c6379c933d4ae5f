"""Bodies, people and the places they hold in them. A user is the sign-in of a person."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords

from bestvalue.errors import RuleError
from bestvalue.record.row_versions import Versioned


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are kept in lower case, so that one address is one user."""

    def get_queryset(self) -> models.QuerySet["User"]:
        """Users with the person behind them: every page asks for both."""
        return super().get_queryset().select_related("person")

    def create_user(self, email: str, password: str | None = None) -> "User":
        """Make a user; without a password nobody can sign in until one is set."""
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of this e-mail address, in whatever case it was typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A sign-in. There is no all-powerful user: what a user may see and do follows from the person's memberships."""

    email = models.EmailField("e-mail address", unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()
    _person_with_place: "Person | None"

    def __str__(self) -> str:
        return self.email


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about people."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Everyone, for a user who holds a place today; nobody for others."""
        return self if person_of(user) is not None else self.none()


class Person(Versioned):
    """Someone who acts in the record; may have no sign-in."""

    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    # The places of today, as `person_of` has read them for the request that this row in memory lives for.
    _places: "frozenset[tuple[int, str]]"

    def holds(self, *roles: str, on: date | None = None) -> bool:
        """Whether the person holds one of these roles in any body (today, or on another day)."""
        if on is None and hasattr(self, "_places"):
            return any(role in roles for _, role in self._places)
        return Membership.objects.current(on=on).filter(person=self, role__in=roles).exists()

    def places_today(self) -> frozenset[tuple[int, str]]:
        """The keys of the bodies in which the person holds a place today, each with the role."""
        if hasattr(self, "_places"):
            return self._places
        return frozenset(Membership.objects.current().filter(person=self).values_list("body", "role"))

    def bodies_today(self, *roles: str) -> frozenset[int]:
        """The keys of the bodies in which the person holds a place today, in one of these roles where some are named."""
        return frozenset(body for body, role in self.places_today() if not roles or role in roles)


class BodyKind(models.TextChoices):
    """What kind of body it is."""

    AUTHORITY = "authority", "Authority"
    FORCE = "force", "Force"
    INSPECTORATE = "inspectorate", "Inspectorate"
    BOARD = "board", "Board"
    COMMITTEE = "committee", "Committee"
    PANEL = "panel", "Panel"
    COMMAND = "command", "Command"
    UNIT = "unit", "Unit"
    OTHER = "other", "Other body"


class Body(Versioned):
    """An authority, a force, or a part of one: whoever decides, owns or is inspected."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=50, blank=True)
    kind = models.CharField(max_length=20, choices=BodyKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "bodies"
        constraints = [
            # Two forces may each have a Management Board; one force has one. NULL is never equal to NULL, hence the second.
            models.UniqueConstraint(Lower("name"), "parent", name="body_once_in_parent"),
            models.UniqueConstraint(Lower("name"), condition=models.Q(parent=None), name="body_once_at_top"),
            models.CheckConstraint(condition=models.Q(kind__in=BodyKind.values), name="body_kind_known"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="body_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


WORDS_OF_KINDS = (
    ("inspectorate", BodyKind.INSPECTORATE),
    ("authority", BodyKind.AUTHORITY),
    ("police service", BodyKind.FORCE),
    ("constabulary", BodyKind.FORCE),
    ("committee", BodyKind.COMMITTEE),
    ("board", BodyKind.BOARD),
)
"""What a word in the name says of the kind; the first that is found counts, as in "Inspectorate of Constabulary"."""


def body_named(name: str, *, short_name: str = "") -> Body:
    """The body of this name, or of this short name; recorded now when there is none yet.

    For changes that bring bodies with them and name them in their own entry of the ledger.
    """
    found = Body.objects.filter(models.Q(name__iexact=name) | models.Q(short_name__iexact=name), parent=None).first()
    if found is None:
        kind = next((kind for word, kind in WORDS_OF_KINDS if word in name.casefold()), BodyKind.OTHER)
        found = Body.objects.create(name=name, short_name=short_name, kind=kind)
    return found


class Role(models.TextChoices):
    """What somebody is in a body."""

    PROGRAMME_MANAGER = "programme manager", "Programme manager"
    PROJECT_MANAGER = "project manager", "Project manager"
    BOARD_MEMBER = "board member", "Board member"
    PANEL_MEMBER = "panel member", "Panel member"
    AUTHORITY_MEMBER = "authority member", "Authority member"
    LEAD = "lead", "Lead"
    ANALYST = "analyst", "Analyst"
    FINANCIAL_ADVISER = "financial adviser", "Financial adviser"
    INSPECTOR = "inspector", "Inspector"
    OBSERVER = "observer", "Observer"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about who holds which place."""

    def current(self, *, on: date | None = None) -> Self:
        """Those that run on a day; today when none is given, because access asks every time."""
        day = on or timezone.localdate()
        return self.filter(starts__lte=day).filter(models.Q(ends=None) | models.Q(ends__gte=day))

    def count_by_body(self) -> dict[int, int]:
        """How many there are in each body, by its key; a body without any is left out."""
        return dict(self.order_by().values_list("body").annotate(models.Count("pk")))


class Membership(models.Model):
    """A person's place in a body, with its first and its last day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["body", "role", "person"]
        constraints = [
            models.UniqueConstraint(fields=["person", "body", "role", "starts"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display().lower()}, {self.body}"

    def check_endable(self, *, on: date, today: date) -> None:
        """Refuse an end that is before the start, a second end, or one that would lengthen a term of office.

        Raises:
            RuleError: the message says which.
        """
        if self.ends is not None and self.ends < today:
            raise RuleError(f"The membership ended on {self.ends:%d %B %Y}", where=str(self), next_step="Add a new membership instead.")
        if self.ends is not None and on >= self.ends:
            raise RuleError(
                f"The term ends on {self.ends:%d %B %Y} already", where="on", next_step="Enter an earlier day, or add a new membership."
            )
        if on < self.starts:
            raise RuleError(
                f"The membership cannot end before it starts, on {self.starts:%d %B %Y}", where=str(self), next_step="Enter a later date."
            )


def person_of(user: User | AnonymousUser | Any) -> Person | None:
    """The person behind a user, if the user is active and holds a place in some body today; else None: no place, no access.

    Remembered on the user's row in memory, which lives for one request: a page asks it of every list that it shows. The next
    request reads the row anew, so a place that ends is gone at once.
    """
    if not isinstance(user, User) or not user.is_active:
        return None
    if not hasattr(user, "_person_with_place"):
        person: Person | None = getattr(user, "person", None)
        user._person_with_place = person if person is not None and _read_places(person) else None
    return user._person_with_place


def _read_places(person: Person) -> bool:
    held: frozenset[tuple[int, str]] = frozenset(Membership.objects.current().filter(person=person).values_list("body", "role"))
    person._places = held
    return bool(held)


def keeps_people(person: Person) -> bool:
    """Whether somebody says who is who: a programme or project manager."""
    return person.holds(Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER)


def check_keeps_people(by: Person | None) -> None:
    """Refuse whoever may not say who is who; None is the operator at the command line.

    Raises:
        RuleError: the person is no programme or project manager.
    """
    if by is not None and not keeps_people(by):
        raise RuleError(f"{by} may not record bodies and people", next_step="Ask a programme or project manager.")
