"""Every address of the site."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path, register_converter

from bestvalue.site.api import api
from bestvalue.site.pages import (
    actions,
    aims,
    analyses,
    board_packs,
    bodies,
    calendar,
    challenges,
    colours,
    cost_options,
    costs,
    data,
    decisions,
    delivery_changes,
    discussion,
    duties,
    edits,
    evidence,
    findings,
    history,
    home,
    ledger,
    library,
    list_files,
    meeting_changes,
    meetings,
    options,
    people,
    plans,
    programme,
    programmes,
    publishing,
    register,
    results,
    reviews,
    site,
    what_if,
    workbooks,
)

handler500 = "bestvalue.site.answers.server_error"


class Digest:
    """A SHA-256 in hexadecimal: nothing else reaches the store of results, whose folders it names."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the store."""
        return value


register_converter(Digest, "digest")


def _api_urls() -> tuple[list[Any], str, str]:
    """The API answers 401 to a program that is not signed in, instead of leading it to a form."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name not in ("openapi-json", "api-root"):
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace


urlpatterns = [
    path("", home.home, name="home"),
    path("duties/", duties.duties, name="duties"),
    path("history/<slug:kind>/<int:pk>/", history.history, name="history"),
    path("discussion/<slug:kind>/<int:pk>/", discussion.discussion, name="discussion"),
    path("discussion/<slug:kind>/<int:pk>/tag/", discussion.tag_set, name="tag_set"),
    path("discussion/<slug:kind>/<int:pk>/tag-off/", discussion.tag_off, name="tag_off"),
    path("tags/", discussion.tags, name="tags"),
    path("tags/<str:word>/", discussion.tag, name="tag"),
    path("programmes/add/", programmes.programme_add, name="programme_add"),
    path("programmes/<int:pk>/", programme.programme, name="programme"),
    path("programmes/<int:pk>/services/add/", programme.programme_service_add, name="programme_service_add"),
    path("programmes/<int:pk>/weights/", programme.programme_weights, name="programme_weights"),
    path("programmes/services/<int:pk>/", programme.programme_service, name="programme_service"),
    path("programmes/services/<int:pk>/score/", programme.programme_service_score, name="programme_service_score"),
    path("programmes/services/<int:pk>/propose/", programme.programme_propose, name="programme_propose"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/aims/", aims.review_aims, name="review_aims"),
    path("reviews/<int:pk>/aims/add/", aims.aim_add, name="review_aim_add"),
    path("aims/<int:pk>/withdraw/", aims.aim_withdraw, name="review_aim_withdraw"),
    path("reviews/<int:pk>/strands/add/", aims.strand_add, name="review_strand_add"),
    path("reviews/<int:pk>/bodies/add/", decisions.review_part_add, name="review_part_add"),
    path("reviews/<int:pk>/decisions/", decisions.review_decisions, name="review_decisions"),
    path("reviews/<int:pk>/decisions/ask/", decisions.review_decision_ask, name="review_decision_ask"),
    path("decisions/<int:pk>/", decisions.review_decision, name="review_decision"),
    path("reviews/<int:pk>/evidence/add/", evidence.evidence_add, name="evidence_add"),
    path("reviews/<int:pk>/evidence/add-document/", evidence.document_add, name="document_add"),
    path("reviews/<int:pk>/findings/add/", findings.finding_add, name="finding_add"),
    path("reviews/<int:pk>/challenges/", challenges.review_challenges, name="review_challenges"),
    path("reviews/<int:pk>/challenges/add/", challenges.challenge_add, name="challenge_add"),
    path("challenges/<int:pk>/", challenges.challenge, name="challenge"),
    path("challenges/<int:pk>/<slug:name>/", challenges.challenge_step, name="challenge_step"),
    path("reviews/<int:pk>/options/", options.review_options, name="review_options"),
    path("reviews/<int:pk>/options/add/", options.scope_question_add, name="scope_question_add"),
    path("options/questions/<int:pk>/add/", options.option_add, name="option_add"),
    path("options/<int:pk>/decide/", options.option_decide, name="option_decide"),
    path("reviews/<int:pk>/publish/", publishing.publish, name="publish"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("change/<slug:name>/<int:pk>/", edits.edit, name="edit"),
    path("published/<int:pk>/", publishing.published, name="published"),
    path("published/files/<int:pk>/", publishing.published_file, name="published_file"),
    path("recommendations/", register.register, name="register"),
    path("lists/<slug:name>.<slug:ending>", list_files.list_file, name="list_file"),
    path("recommendations/colours/", colours.colours, name="register_colours"),
    path("recommendations/<int:pk>/", register.recommendation, name="recommendation"),
    path("recommendations/<int:pk>/<slug:name>/", delivery_changes.recommendation_change, name="recommendation_change"),
    path("actions/<int:pk>/", actions.action, name="action"),
    path("actions/<int:pk>/<slug:name>/", delivery_changes.action_change, name="action_change"),
    path("plans/<int:pk>/<slug:slug>/", plans.plan, name="plan"),
    path("plans/<int:pk>/<slug:slug>/response/", plans.plan_response, name="plan_response"),
    path("boards/<int:pk>/pack/", board_packs.board_pack, name="board_pack"),
    path("responses/files/<int:pk>/", plans.response_file, name="response_file"),
    path("calendar/", calendar.calendar_key, name="calendar_key"),
    path("calendar/<str:key>.ics", calendar.calendar, name="calendar"),
    path("library/", library.library, name="library"),
    path("library/import/", library.report_import, name="report_import"),
    path("library/reports/<slug:slug>/", library.report, name="report"),
    path("library/candidates/<int:pk>/", library.candidate_decide, name="candidate_decide"),
    path("data/", data.data, name="data"),
    path("data/upload/", data.data_upload, name="data_upload"),
    path("data/templates/tables.xlsx", workbooks.data_templates, name="data_templates"),
    path("data/templates/<slug:name>.xlsx", workbooks.data_template, name="data_template"),
    path("data/tables/<slug:name>/", data.data_table, name="data_table"),
    path("analyses/", analyses.analyses, name="analyses"),
    path("analyses/<str:name>/", analyses.analysis_run, name="analysis_run"),
    path("jobs/<int:pk>/", analyses.job, name="job"),
    path("jobs/<int:pk>/progress/", analyses.job_progress, name="job_progress"),
    path("jobs/<int:pk>/cancel/", analyses.job_cancel, name="job_cancel"),
    path("results/<digest:digest>/", results.result, name="result"),
    path("results/<digest:digest>/charts/<slug:name>.svg", results.result_chart, name="result_chart"),
    path("results/<digest:digest>/tables/<slug:name>.csv", results.result_table, name="result_table"),
    path("results/<digest:digest>/what-if/", what_if.what_if, name="what_if"),
    path("results/<digest:digest>/what-if/charts/<slug:name>.svg", what_if.what_if_chart, name="what_if_chart"),
    path("results/<digest:digest>/what-if/tables/<slug:name>.csv", what_if.what_if_table, name="what_if_table"),
    path("results/<digest:digest>/workbook.xlsx", workbooks.result_workbook, name="result_workbook"),
    path("costs/", costs.costs, name="costs"),
    path("costs/options/", cost_options.cost_options, name="cost_options"),
    path("costs/options.csv", cost_options.cost_options_csv, name="cost_options_csv"),
    path("costs/<digest:digest>/", costs.cost_explorer, name="cost_explorer"),
    path("costs/<digest:digest>/parts.csv", costs.cost_explorer_csv, name="cost_explorer_csv"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/add/", bodies.body_add, name="body_add"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("bodies/<int:pk>/members/add/", bodies.body_member_add, name="body_member_add"),
    path("bodies/members/<int:pk>/end/", bodies.body_member_end, name="body_member_end"),
    path("bodies/people/<int:pk>/sign-in/", people.person_sign_in, name="person_sign_in"),
    path("bodies/<int:pk>/meetings/", meetings.body_meetings, name="body_meetings"),
    path("bodies/<int:pk>/meetings/call/", meeting_changes.meeting_call, name="meeting_call"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/<slug:name>/", meeting_changes.meeting_step, name="meeting_step"),
    path("meetings/items/<int:pk>/<slug:name>/", meeting_changes.meeting_item_step, name="meeting_item_step"),
    path("meetings/actions/<int:pk>/", meeting_changes.arising, name="arising"),
    path("meetings/actions/<int:pk>/report/", meeting_changes.arising_report, name="arising_report"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("api/", _api_urls()),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("health/", site.health, name="health"),
    path("account/", site.account, name="account"),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
