"""Starting the programme of a year."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bestvalue.record.bodies.models import Body, BodyKind
from bestvalue.record.programme import changes
from bestvalue.record.programme.models import check_starts_programmes
from bestvalue.site.forms.programmes import ProgrammeForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form


@require_http_methods(["GET", "POST"])
def programme_add(request: HttpRequest) -> HttpResponse:
    """The programme manager begins the year: which authority, how many reviews; then adds the services that may be reviewed."""
    person = person_behind(request)
    check_starts_programmes(person, title="A programme")
    page = FormPage(heading="Start a programme", button="Start the programme", breadcrumbs=[("Reviews", reverse("reviews"))])

    def save(*, title: str, year: int, authority: Body, reviews_a_year: int) -> tuple[str, str]:
        started = changes.start_programme(title=title, year=year, authority=authority, reviews_a_year=reviews_a_year, by=person)
        return f"{started.title} is started", reverse("programme", args=[started.pk])

    authorities = Body.objects.filter(kind=BodyKind.AUTHORITY)
    form = ProgrammeForm(request.POST or None, authorities=authorities, initial={"year": timezone.localdate().year, "reviews_a_year": 2})
    return answer_form(request, form, page=page, save=save)
